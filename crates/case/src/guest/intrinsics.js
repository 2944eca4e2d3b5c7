"use strict";
// The built-ins that inspect.js, console.js and calling.js use, taken before a submission can change them. Called once in a
// fresh realm, so it reads and does no more. It returns a function: who needs the built-ins calls that, which makes an
// object of them, with some tools. (To make it costs more than all the reading.)
(() => {
  const { Symbol, Number, RegExp, Set, Uint8Array, Error, TypeError, parseInt, parseFloat } = globalThis;
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { hasOwn, setPrototypeOf } = Object;
  const { isArray } = Array;
  const { parse, stringify } = JSON;
  const { sqrt } = Math;
  const { captureStackTrace } = Error;
  const { toString: errorText } = Error.prototype;
  const { toString: functionText } = Function.prototype;
  const { toString: symbolText, valueOf: symbolValue } = Symbol.prototype;
  const { toFixed, valueOf: numberValue } = Number.prototype;
  const { valueOf: booleanValue } = Boolean.prototype;
  const { valueOf: bigIntValue } = BigInt.prototype;
  const { slice, indexOf, charCodeAt, repeat, valueOf: stringValue } = String.prototype;
  const { exec, toString: regExpText } = RegExp.prototype;
  const { toISOString } = Date.prototype;
  const customInspect = Symbol.for("nodejs.util.inspect.custom");

  const getter = (prototype, key) => getOwnPropertyDescriptor(prototype, key).get;
  const { prototype: map } = Map;
  const { prototype: set } = Set;
  const { prototype: view } = DataView;
  const typedArray = getPrototypeOf(Uint8Array.prototype);
  const { forEach: mapForEach } = map;
  const { forEach: setForEach, add: setAdd, has: setHas } = set;
  const mapSize = getter(map, "size");
  const setSize = getter(set, "size");
  const viewLength = getter(view, "byteLength");
  const viewOffset = getter(view, "byteOffset");
  const viewBuffer = getter(view, "buffer");
  const typedArrayName = getter(typedArray, Symbol.toStringTag);
  const typedArrayLength = getter(typedArray, "length");
  const typedArrayOffset = getter(typedArray, "byteOffset");
  const typedArrayBuffer = getter(typedArray, "buffer");

  const make = () => {
    // An array that no accessor on Array.prototype or Object.prototype reaches.
    function List() {
      this.length = 0;
    }
    List.prototype = {
      __proto__: null,
      push(item) {
        this[this.length++] = item;
        return this;
      },
      indexOf(item) {
        for (let i = 0; i < this.length; i++) if (this[i] === item) return i;
        return -1;
      },
      join(separator) {
        let text = "";
        for (let i = 0; i < this.length; i++) text += i === 0 ? this[i] : separator + this[i];
        return text;
      },
    };
    const cut = (text, from, to) => apply(slice, text, [from, to]);
    const find = (text, part, from = 0) => apply(indexOf, text, [part, from]);
    const has = (text, part) => find(text, part) !== -1;
    const match = (pattern, text) => apply(exec, pattern, [text]);
    const times = (text, count) => apply(repeat, text, [count]);
    const spaces = (count) => times(" ", count);
    const textOf = (value) => (typeof value === "symbol" ? apply(symbolText, value, []) : `${value}`);
    return {
      __proto__: null,
      List, cut, find, has, match, times, spaces, textOf,
      Symbol, Number, RegExp, Set, Uint8Array, Error, TypeError, parseInt, parseFloat, apply, construct, defineProperty,
      getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf, ownKeys, hasOwn, isArray, parse, stringify, sqrt,
      captureStackTrace, errorText, functionText, regExpText, symbolValue, numberValue, booleanValue, bigIntValue, stringValue,
      charCodeAt, toFixed, toISOString, customInspect, mapForEach, mapSize, setForEach, setSize, setAdd, setHas, viewLength,
      viewOffset, viewBuffer, typedArrayName, typedArrayLength, typedArrayOffset, typedArrayBuffer,
    };
  };

  let made;
  return () => (made ??= make());
});
