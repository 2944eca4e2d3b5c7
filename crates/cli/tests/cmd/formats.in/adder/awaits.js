const read = async () => require("fs").readFileSync(0, "utf8");
const lines = await read();
