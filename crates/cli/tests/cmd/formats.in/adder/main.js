const lines = require("fs").readFileSync(0, "utf8").split("\n");
const sum = lines[1].split(" ").map(Number).reduce((a, b) => a + b, 0);
console.log(sum);
