let sum = 0;

function add(numbers) {
  for (const number of numbers) sum += number;
  return sum;
}
