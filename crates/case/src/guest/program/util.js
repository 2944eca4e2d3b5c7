// Of node's util what programs use: a classic script, whose value is a function that makes the module. What it writes of values is
// what a console writes.
((tools) => {
  "use strict";
  const { makeConsole, isDeepStrictEqual } = tools;
  const { TextEncoder, TextDecoder } = globalThis;
  const custom = Symbol.for("nodejs.util.promisify.custom");
  const written = (say) => {
    let text = "";
    say(makeConsole((part) => (text += part)));
    return text.slice(0, -1);
  };
  const inspect = (value, options, depth) => {
    const given = typeof options === "boolean" ? { showHidden: options, ...(depth === undefined ? {} : { depth }) } : options;
    return written((console) => console.dir(value, { customInspect: true, ...given }));
  };
  inspect.custom = Symbol.for("nodejs.util.inspect.custom");
  const promisify = (original) => {
    if (typeof original !== "function") throw new TypeError('The "original" argument must be of type function.');
    if (original[custom]) return original[custom];
    return function (...args) {
      return new Promise((done, fail) => {
        Reflect.apply(original, this, [...args, (error, value) => (error ? fail(error) : done(value))]);
      });
    };
  };
  promisify.custom = custom;
  return {
    inspect,
    format: (...values) => written((console) => console.log(...values)),
    promisify,
    inherits: (constructor, parent) => {
      constructor.super_ = parent;
      Object.setPrototypeOf(constructor.prototype, parent.prototype);
    },
    isDeepStrictEqual,
    TextEncoder,
    TextDecoder,
  };
})
