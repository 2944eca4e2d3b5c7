var reverseList = function (head) {
  let reversed = null;
  while (head !== null) [head.next, reversed, head] = [reversed, head, head.next];
  return reversed;
};
