enum Leap { Yes, No }
