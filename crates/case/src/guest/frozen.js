// Makes the realm that it is called in one that serves all cases of a submission: what a case could change, and a later one see, is
// frozen, or is put back after each case. A classic script, whose value is a function.
//
// It is called where nothing of a submission has run, with what the prelude keeps of a case:
//   makeConsole()  makes a console
//   reset()        makes clock, timers and Math.random as at the start of a case
//   used           whether a case has used any of these, in its first byte
// It returns finish(program), which is called once before the first case, with the submission as a function, if it is one: it does
// the same to what has come to the realm since. (In an isolate the rest of this has run before V8's snapshot was taken.) That
// returns what is called after each case:
//   leave(isThorough)  puts back what can be put back, and says whether the realm is then as it was
// The caller has counted the global object's enumerable properties: where there are not as many as there were, or it made others
// itself, it asks to be thorough.
((makeConsole, reset, used) => {
  "use strict";
  const {
    defineProperties, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, isFrozen,
    preventExtensions, seal, setPrototypeOf,
  } = Object;
  const {
    apply, defineProperty: tryToDefine, deleteProperty, ownKeys, preventExtensions: tryToPreventExtensions,
    setPrototypeOf: tryToSetPrototype,
  } = Reflect;
  const { captureStackTrace } = Error;
  const { get: protoOf, set: setProto } = getOwnPropertyDescriptor(Object.prototype, "__proto__");

  // ---- the console is made when it is first asked for, in each case anew, which may put another one in its place

  let console, hasConsole = false;
  defineProperty(globalThis, "console", {
    get() {
      if (!hasConsole) {
        console = makeConsole();
        hasConsole = true;
      }
      return console;
    },
    set(value) {
      console = value;
      hasConsole = true;
    },
    enumerable: false,
    configurable: false,
  });
  // These V8 adds to a context after the snapshot, and they are not for every case.
  delete globalThis.SharedArrayBuffer;
  delete globalThis.WebAssembly;
  // What else is made when it is asked for is made now.
  for (const key of ownKeys(globalThis)) if (key !== "console") globalThis[key];

  // ---- what can change a property without that it shows in its value, or among the enumerable ones, is noticed

  let isTouched = false;
  const replace = (object, methods) => {
    for (const key of ownKeys(methods)) {
      defineProperty(object, key, { ...getOwnPropertyDescriptor(object, key), value: methods[key] });
    }
  };
  replace(Object, {
    defineProperty(object, key, descriptor) {
      isTouched = true;
      return defineProperty(object, key, descriptor);
    },
    defineProperties(object, descriptors) {
      isTouched = true;
      return defineProperties(object, descriptors);
    },
    freeze(object) {
      isTouched = true;
      return freeze(object);
    },
    seal(object) {
      isTouched = true;
      return seal(object);
    },
    preventExtensions(object) {
      isTouched = true;
      return preventExtensions(object);
    },
    setPrototypeOf(object, prototype) {
      isTouched = true;
      return setPrototypeOf(object, prototype);
    },
  });
  replace(Reflect, {
    defineProperty(object, key, descriptor) {
      isTouched = true;
      return tryToDefine(object, key, descriptor);
    },
    preventExtensions(object) {
      isTouched = true;
      return tryToPreventExtensions(object);
    },
    setPrototypeOf(object, prototype) {
      isTouched = true;
      return tryToSetPrototype(object, prototype);
    },
  });
  const tracing = {
    captureStackTrace(object, above) {
      isTouched = true;
      return captureStackTrace(object, above === undefined ? tracing : above);
    },
  }.captureStackTrace;
  replace(Error, { captureStackTrace: tracing });
  const proto = {
    set __proto__(prototype) {
      isTouched = true;
      apply(setProto, this, [prototype]);
    },
  };
  defineProperty(Object.prototype, "__proto__", {
    get: protoOf,
    set: getOwnPropertyDescriptor(proto, "__proto__").set,
    enumerable: false,
    configurable: false,
  });

  // ---- what stays writable, for programs assign it on objects that inherit it, which no frozen property allows

  const { prototype: object } = Object;
  const {
    constructor, hasOwnProperty, isPrototypeOf, propertyIsEnumerable, toLocaleString, toString, valueOf,
  } = object;
  const { prototype: functions } = Function;
  const { constructor: functionConstructor, toString: functionText } = functions;
  const { prototype: error } = Error;
  const { toString: errorText } = error;
  const errors = setPrototypeOf([], null);
  let stackTraceLimit;
  const writable = new Map([
    [object, [
      "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
    ]],
    [functions, ["constructor", "toString"]],
    [Error, ["stackTraceLimit"]],
  ]);
  const noteErrors = () => {
    for (const key of ownKeys(globalThis)) {
      const constructor = key === "console" ? undefined : globalThis[key];
      if (constructor !== Error && (typeof constructor !== "function" || getPrototypeOf(constructor) !== Error)) continue;
      const { prototype } = constructor;
      if (writable.has(prototype)) continue;
      const { name, message } = prototype;
      errors[errors.length] = { __proto__: null, prototype, constructor, name, message };
      writable.set(prototype, ["constructor", "name", "message", ...(constructor === Error ? ["toString"] : [])]);
    }
  };
  noteErrors();

  const putBack = () => {
    if (object.constructor !== constructor) object.constructor = constructor;
    if (object.hasOwnProperty !== hasOwnProperty) object.hasOwnProperty = hasOwnProperty;
    if (object.isPrototypeOf !== isPrototypeOf) object.isPrototypeOf = isPrototypeOf;
    if (object.propertyIsEnumerable !== propertyIsEnumerable) object.propertyIsEnumerable = propertyIsEnumerable;
    if (object.toLocaleString !== toLocaleString) object.toLocaleString = toLocaleString;
    if (object.toString !== toString) object.toString = toString;
    if (object.valueOf !== valueOf) object.valueOf = valueOf;
    if (functions.constructor !== functionConstructor) functions.constructor = functionConstructor;
    if (functions.toString !== functionText) functions.toString = functionText;
    if (error.toString !== errorText) error.toString = errorText;
    if (Error.stackTraceLimit !== stackTraceLimit) Error.stackTraceLimit = stackTraceLimit;
    for (let i = 0; i < errors.length; i++) {
      const was = errors[i];
      const { prototype } = was;
      if (prototype.constructor !== was.constructor) prototype.constructor = was.constructor;
      if (prototype.name !== was.name) prototype.name = was.name;
      if (prototype.message !== was.message) prototype.message = was.message;
    }
  };

  // ---- all else that can be reached, from the global object and by syntax, is frozen

  const seen = new Set();
  const reach = (value) => {
    if ((typeof value === "object" && value !== null) || typeof value === "function") seen.add(value);
  };
  const reachDescriptor = ({ value, get, set }) => {
    reach(value);
    reach(get);
    reach(set);
  };
  const visit = (object) => {
    reach(getPrototypeOf(object));
    for (const key of ownKeys(object)) reachDescriptor(getOwnPropertyDescriptor(object, key));
  };
  const fix = (object, isWritable) => {
    for (const key of ownKeys(object)) {
      const descriptor = getOwnPropertyDescriptor(object, key);
      const fixed = { __proto__: null, configurable: false };
      if ("value" in descriptor && !isWritable(key)) fixed.writable = false;
      defineProperty(object, key, fixed);
    }
  };
  const freezeAll = (later) => {
    visit(globalThis);
    for (const object of seen) if (object !== globalThis && !isFrozen(object)) visit(object); // which adds to them
    for (const object of seen) {
      if (object === globalThis || later.has(object)) continue;
      const keys = writable.get(object);
      if (keys === undefined) {
        freeze(object);
      } else {
        seal(object);
        fix(object, (key) => keys.includes(key));
      }
    }
    seen.clear();
  };

  const asyncGenerator = getPrototypeOf(async function* () {});
  const iterator = [].values();
  const segments = new Intl.Segmenter().segment("");
  const traced = {};
  captureStackTrace(traced);
  for (const value of [
    function* () {}, async () => {}, iterator, iterator.map((value) => value), Iterator.from({ next() {} }), new Map().values(),
    new Set().values(), ""[Symbol.iterator](), "".matchAll(/(?:)/g), segments, segments[Symbol.iterator](),
  ]) {
    reach(getPrototypeOf(value));
  }
  reach(asyncGenerator);
  // V8's accessors of an error's stack are the same of all errors.
  for (const object of [traced, new Error()]) reachDescriptor(getOwnPropertyDescriptor(object, "stack"));
  reachDescriptor(getOwnPropertyDescriptor((function () { return arguments; })(), "callee"));
  // To these V8 adds what is newest in the language, when it makes a context from a snapshot.
  const unfinished = [
    Atomics, DataView.prototype, Intl.Locale.prototype, Iterator, Iterator.prototype, Map.prototype, Math, Promise, RegExp, Uint8Array,
    Uint8Array.prototype, WeakMap.prototype, getPrototypeOf(asyncGenerator.prototype),
  ];
  freezeAll(new Set([...unfinished, ...writable.keys()]));

  // ---- after each case

  const globals = { __proto__: null };
  let count, globalPrototype, holders;

  const removeAdditions = () => {
    const keys = ownKeys(globalThis);
    // None of those that were there can be gone.
    if (keys.length === count) return true;
    for (let i = 0; i < keys.length; i++) {
      if (!(keys[i] in globals) && !deleteProperty(globalThis, keys[i])) return false;
    }
    return true;
  };
  const canPutBack = () => {
    for (let i = 0; i < holders.length; i++) {
      const object = holders[i][0];
      const keys = holders[i][1];
      for (let j = 0; j < keys.length; j++) if (!getOwnPropertyDescriptor(object, keys[j]).writable) return false;
    }
    return isExtensible(globalThis) && getPrototypeOf(globalThis) === globalPrototype;
  };
  const matched = /(?:)/;
  const leave = (isThorough) => {
    if (used[0] !== 0) reset();
    console = undefined;
    hasConsole = false;
    matched.exec(""); // RegExp.$1 and its like tell of the last match
    if (isThorough || isTouched) {
      isTouched = false;
      if (!removeAdditions() || !canPutBack()) return false;
    }
    putBack();
    return true;
  };
  return (program) => {
    noteErrors();
    holders = [...writable];
    ({ stackTraceLimit } = Error);
    for (const object of [...unfinished, ...writable.keys(), program]) reach(object);
    freezeAll(new Set());
    // The global object cannot be frozen: a program may assign what it has not declared.
    fix(globalThis, () => false);
    const keys = ownKeys(globalThis);
    for (const key of keys) globals[key] = true;
    count = keys.length;
    globalPrototype = getPrototypeOf(globalThis);
    return leave;
  };
})
