import { readFileSync } from "node:fs";
const lines = readFileSync(0, "utf8").split("\n");
console.log(lines[1].split(" ").map(Number).reduce((a, b) => a + b, 0));
