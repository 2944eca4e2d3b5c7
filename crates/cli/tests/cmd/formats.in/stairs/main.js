const height = Number(require("fs").readFileSync(0, "utf8"));
for (let step = 1; step <= height; step++) console.log("#".repeat(step % 8));
