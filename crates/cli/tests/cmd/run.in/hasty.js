const total = (numbers) => {
  if (numbers[0] < 0) throw new RangeError("I cannot go below zero");
  return numbers[0] + (numbers[1] ?? 0);
};

function sum(numbers) {
  console.log("adding", numbers);
  return total(numbers);
}
