function sum(numbers) {
  return numbers.reduce((a, b) => b, 0);
}
