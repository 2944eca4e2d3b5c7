const object = target();
const { defineProperty, deleteProperty, getPrototypeOf, ownKeys, set, setPrototypeOf } = Reflect;
const steps = [
  () => { object.mark = "mark" },
  () => { object[Symbol.for("mark")] = "mark" },
  () => { object[0] = "mark" },
  () => defineProperty(object, "hidden", { value: "mark" }),
  () => defineProperty(object, "accessor", { get: () => "mark", set() {} }),
  () => Object.assign(object, { mark: "mark" }),
  () => setPrototypeOf(object, { __proto__: getPrototypeOf(object), inherited: "mark" }),
];
for (const step of steps) try { step() } catch {}
for (const key of ownKeys(object)) {
  set(object, key, "mark");
  defineProperty(object, key, { value: "mark" });
  defineProperty(object, key, { get: () => "mark", set() {} });
}
for (const key of ownKeys(object)) if (typeof key === "symbol") deleteProperty(object, key);
