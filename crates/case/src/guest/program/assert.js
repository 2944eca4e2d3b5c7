// node's assert, with shorter messages: a classic script, whose value is a function that makes it, and isDeepStrictEqual.
(() => {
  "use strict";
  class AssertionError extends Error {
    code = "ERR_ASSERTION";
    constructor({ message, actual, expected, operator }) {
      super(message);
      Object.assign(this, { generatedMessage: false, actual, expected, operator });
    }
    get name() {
      return "AssertionError";
    }
  }

  const isObject = (value) => typeof value === "object" && value !== null;
  const tagOf = (value) => Object.prototype.toString.call(value);
  const keysOf = (value) => [
    ...Object.keys(value),
    ...Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)),
  ];

  const deep = (strict) => {
    const same = strict ? Object.is : (a, b) => a == b || (a !== a && b !== b);
    const paired = (entries, others, equal) => {
      const left = [...others];
      return entries.every((entry) => {
        const at = left.findIndex((other) => equal(entry, other));
        if (at !== -1) left.splice(at, 1);
        return at !== -1;
      });
    };
    const compare = (a, b, pairs) => {
      if (Object.is(a, b)) return true;
      if (!isObject(a) || !isObject(b)) return !isObject(a) && !isObject(b) && same(a, b);
      if (tagOf(a) !== tagOf(b) || Array.isArray(a) !== Array.isArray(b)) return false;
      if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
      // Two that are being compared already are equal if nothing else differs.
      if (pairs.some((pair) => pair[0] === a && pair[1] === b)) return true;
      const within = [...pairs, [a, b]];
      const equal = (one, other) => compare(one, other, within);
      if (a instanceof Date && !Object.is(a.getTime(), b.getTime())) return false;
      if (a instanceof RegExp && `${a}` !== `${b}`) return false;
      if (a instanceof Error && (a.name !== b.name || a.message !== b.message)) return false;
      if (a instanceof Number || a instanceof String || a instanceof Boolean) {
        if (!Object.is(a.valueOf(), b.valueOf())) return false;
      }
      if (a instanceof Set && !(a.size === b.size && paired([...a], b, equal))) return false;
      if (a instanceof Map) {
        const both = (one, other) => equal(one[0], other[0]) && equal(one[1], other[1]);
        if (!(a.size === b.size && paired([...a], b, both))) return false;
      }
      if (Array.isArray(a) && a.length !== b.length) return false;
      const keys = keysOf(a);
      return keys.length === keysOf(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
    };
    return (a, b) => compare(a, b, []);
  };
  const isDeepEqual = deep(false);
  const isDeepStrictEqual = deep(true);

  const text = (value) => {
    try {
      return typeof value === "string" || isObject(value) ? (JSON.stringify(value) ?? String(value)) : String(value);
    } catch {
      return tagOf(value);
    }
  };
  const fail = (message, more) => {
    if (message instanceof Error) throw message;
    throw new AssertionError({ message: message ?? "Failed", ...more });
  };
  const comparison = (operator, holds, words) => (actual, expected, message) => {
    if (holds(actual, expected)) return;
    fail(message ?? `${words}: ${text(actual)} and ${text(expected)}`, { actual, expected, operator });
  };
  const ok = (value, message) => {
    if (!value) fail(message ?? `The expression evaluated to a falsy value: ${text(value)}`, { actual: value, operator: "==" });
  };

  // Whether what was thrown is what was expected; anything else is thrown on.
  const check = (thrown, expected, message) => {
    if (expected === undefined || typeof expected === "string") return;
    let fits;
    if (expected instanceof RegExp) fits = expected.test(String(thrown));
    else if (typeof expected !== "function") {
      fits = Object.keys(expected).every((key) => {
        const want = expected[key];
        const is = thrown?.[key];
        return want instanceof RegExp && typeof is === "string" ? want.test(is) : isDeepStrictEqual(is, want);
      });
    } else if (expected.prototype !== undefined && thrown instanceof expected) fits = true;
    else if (Error.isPrototypeOf(expected) || expected === Error) throw thrown;
    else fits = Reflect.apply(expected, {}, [thrown]) === true;
    if (!fits) fail(message ?? `What was thrown is not what was expected: ${text(String(thrown))}`, { actual: thrown, expected });
  };
  const missing = (expected, message, what) => {
    fail((typeof expected === "string" ? expected : message) ?? `Missing expected ${what}.`, { operator: "throws" });
  };

  const notEqual = (equal) => (a, b) => !equal(a, b);
  const loose = (a, b) => a == b || (a !== a && b !== b);
  const assert = (value, message) => ok(value, message);
  Object.assign(assert, {
    AssertionError,
    ok,
    fail,
    equal: comparison("==", loose, "Expected values to be loosely equal"),
    notEqual: comparison("!=", notEqual(loose), "Expected values not to be loosely equal"),
    strictEqual: comparison("strictEqual", Object.is, "Expected values to be strictly equal"),
    notStrictEqual: comparison("notStrictEqual", notEqual(Object.is), "Expected values not to be strictly equal"),
    deepEqual: comparison("deepEqual", isDeepEqual, "Expected values to be loosely deep-equal"),
    notDeepEqual: comparison("notDeepEqual", notEqual(isDeepEqual), "Expected values not to be loosely deep-equal"),
    deepStrictEqual: comparison("deepStrictEqual", isDeepStrictEqual, "Expected values to be strictly deep-equal"),
    notDeepStrictEqual: comparison("notDeepStrictEqual", notEqual(isDeepStrictEqual), "Expected values not to be strictly deep-equal"),
    throws(call, expected, message) {
      let thrown;
      try {
        call();
      } catch (error) {
        thrown = [error];
      }
      if (thrown) check(thrown[0], expected, message);
      else missing(expected, message, "exception");
    },
    doesNotThrow: (call) => void call(),
    async rejects(promise, expected, message) {
      let thrown;
      try {
        await (typeof promise === "function" ? promise() : promise);
      } catch (error) {
        thrown = [error];
      }
      if (thrown) check(thrown[0], expected, message);
      else missing(expected, message, "rejection");
    },
    match: (value, pattern, message) => {
      if (!pattern.test(value)) fail(message ?? `The input did not match ${pattern}: ${text(value)}`);
    },
  });
  const strict = (value, message) => ok(value, message);
  Object.assign(strict, assert, {
    equal: assert.strictEqual,
    notEqual: assert.notStrictEqual,
    deepEqual: assert.deepStrictEqual,
    notDeepEqual: assert.notDeepStrictEqual,
  });
  strict.strict = assert.strict = strict;
  return { assert, isDeepStrictEqual };
})
