// Does what it is told to objects that the walker has met. A mutation is six numbers: what is done, to which object, at which key,
// with which value, by which attributes, and with which second object.
function mutate(mutations) {
  const { objects } = walk();
  const { apply, construct, defineProperty, deleteProperty, ownKeys, preventExtensions, set, setPrototypeOf } = Reflect;
  const { assign, defineProperties, freeze, seal } = Object;
  const { captureStackTrace } = Error;
  const { __defineGetter__, __defineSetter__ } = Object.prototype;
  const { push } = Array.prototype;
  const { then } = Promise.prototype;
  const functions = objects.filter((object) => typeof object === "function");
  const fresh = ["mark", Symbol.for("mark"), "0", "__proto__", "then", "toJSON", "length", "name"];
  class Base {
    constructor(object) {
      return object;
    }
  }

  const operations = [
    (o, key, value) => set(o, key, value),
    (o, key, value, attributes, other) => set(o, key, value, other),
    (o, key, value, attributes) => defineProperty(o, key, { value, ...attributes }),
    (o, key, value, { enumerable, configurable }) => defineProperty(o, key, { get: () => value, set() {}, enumerable, configurable }),
    (o, key) => deleteProperty(o, key),
    (o, key, value) => setPrototypeOf(o, typeof value === "object" || typeof value === "function" ? value : null),
    (o) => preventExtensions(o),
    (o) => freeze(o),
    (o) => seal(o),
    (o, key, value) => push.call(o, value),
    (o, key, value) => assign(o, { [key]: value }),
    (o, key, value) => __defineGetter__.call(o, key, () => value),
    (o, key, value) => __defineSetter__.call(o, key, () => value),
    (o) => captureStackTrace(o),
    (o, key, value) => new (class extends Base { [key] = value; #kept = value; })(o),
    (o, key, value) => { o.__proto__ = value },
    (o, key, value, attributes) => defineProperties(o, { [key]: { value, ...attributes } }),
    (o, key, value, attributes) => Object.defineProperty(new Proxy(o, {}), key, { value, ...attributes }),
    (o, key, value, attributes, other, f) => apply(f, o, [other, key, value]),
    (o, key, value, attributes, other, f) => apply(f, o, [value, other]),
    (o, key, value, attributes, other, f) => apply(f, undefined, [o, key, attributes]),
    (o, key, value, attributes, other, f) => apply(f, undefined, [o, value]),
    (o, key, value, attributes, other, f) => construct(f, [value, other], typeof o === "function" ? o : f),
  ];
  const pick = (list, n) => list[n % list.length];
  for (const [operation, at, keyAt, valueAt, bits, otherAt] of mutations) {
    try {
      // Of the objects every other time the global one, for that is what stays open.
      const object = at % 2 === 0 ? globalThis : pick(objects, at >> 1);
      const other = otherAt % 4 === 0 ? globalThis : pick(objects, otherAt >> 2);
      const values = ["mark", 1, 0, undefined, null, { mark: 1 }, function mark() { return globalThis }, globalThis, object, other];
      const attributes = { writable: !!(bits & 1), enumerable: !!(bits & 2), configurable: !!(bits & 4) };
      const key = keyAt % 2 === 0 ? pick(fresh, keyAt >> 1) : pick(ownKeys(object), keyAt >> 1);
      const result = pick(operations, operation)(object, key, pick(values, valueAt), attributes, other, pick(functions, otherAt));
      then.call(result, () => {}, () => {}); // so that no rejection ends the case, and the realm with it
    } catch {}
  }
  return null;
}
