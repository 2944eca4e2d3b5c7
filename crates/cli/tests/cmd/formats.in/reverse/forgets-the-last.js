function reverseList(head) {
  let done = null;
  while (head?.next) [head.next, done, head] = [done, head, head.next];
  return done;
}
