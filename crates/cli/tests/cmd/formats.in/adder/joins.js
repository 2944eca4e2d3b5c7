const { join } = require("path");
const [, line] = require("fs").readFileSync(0, "utf8").split("\n");
console.log(join(".", `${line.split(" ").reduce((sum, n) => sum + Number(n), 0)}`));
