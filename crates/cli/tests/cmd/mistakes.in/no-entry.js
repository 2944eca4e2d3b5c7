const total = 0;
