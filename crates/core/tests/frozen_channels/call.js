// Calls one of the functions that the walker has met, on the global object and with it, so that what can reach that object without
// deem's noticing shows: one function for each case, for most others would have it look closely.
function call(at) {
  const { objects } = walk();
  const { apply, construct } = Reflect;
  const { then } = Promise.prototype;
  const functions = objects.filter((object) => typeof object === "function");
  if (at >= functions.length) return null;
  const called = functions[at];
  const attempt = (run) => {
    try {
      then.call(run(), () => {}, () => {}); // so that no rejection ends the case, and the realm with it
    } catch {}
  };
  const descriptor = { value: 1, writable: false, enumerable: false, configurable: false };
  const heir = function () {};
  heir.prototype = globalThis;
  const giver = function () { return globalThis };
  giver[Symbol.species] = giver;
  for (const args of [
    [], [globalThis], [globalThis, "mark"], [globalThis, "mark", descriptor], [globalThis, { mark: descriptor }], [globalThis, "mark", 1],
    [globalThis, null], [globalThis, { mark: 1 }], [{}, "mark", 1, globalThis], ["mark"], ["mark", globalThis], ["mark", () => 1],
    ["mark", descriptor], [{ mark: 1 }], [() => globalThis], [[1, 2], () => globalThis], [1, 2], [giver], [giver, [globalThis]],
    [giver, globalThis, ["a"]], ["en", { numberingSystem: "latn" }], [null],
  ]) {
    attempt(() => apply(called, globalThis, args));
    attempt(() => apply(called, undefined, args));
    attempt(() => apply(called, giver, args));
    attempt(() => construct(called, args, heir));
    attempt(() => construct(called, args, giver));
    attempt(() => construct(called, args));
  }
  return functions.length;
}

// What is quickly told of what stays open.
function outline() {
  const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const natives = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError, SuppressedError];
  const open = [globalThis, Object.prototype, Function.prototype, Error, ...natives.map((constructor) => constructor.prototype)];
  return open.map((object) => {
    const attributes = ownKeys(object).map((key) => {
      const { value, writable, enumerable, configurable } = getOwnPropertyDescriptor(object, key);
      return [String(key), typeof value === "string" ? value : typeof value, writable, enumerable, configurable].join(" ");
    });
    return [isExtensible(object), ownKeys(getPrototypeOf(object) ?? {}).map(String).join(" "), ...attributes].join("\n");
  }).join("\n");
}
