(() => {
  const object = target();
  const { getOwnPropertyDescriptor, ownKeys } = Reflect;
  const keys = ownKeys(object);
  const seen = [keys.length, object.inherited === "mark"];
  for (let i = 0; i < keys.length; i++) {
    const { value, get } = getOwnPropertyDescriptor(object, keys[i]);
    seen[seen.length] = `${String(keys[i])} ${value === "mark"} ${typeof get}`;
  }
  return seen;
})()
