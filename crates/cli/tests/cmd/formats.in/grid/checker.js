// Any so many different numbers will do.
function check({ args, actual, expected }) {
  if (!Array.isArray(actual)) return { ok: false, message: "not an array" };
  if (new Set(actual).size !== actual.length) return { ok: false, message: `${actual.length} numbers, and not all differ` };
  return actual.length === expected;
}
