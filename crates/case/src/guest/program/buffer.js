// As much of node's Buffer as reading a text takes: a classic script, whose value is a function (host) that makes the class.
((host) => {
  "use strict";
  const kindOf = (encoding = "utf8") => {
    const name = `${encoding}`.toLowerCase();
    if (name === "utf8" || name === "utf-8") return "utf8";
    if (name === "latin1" || name === "binary" || name === "ascii") return "latin1";
    if (name === "hex") return "hex";
    throw new TypeError(`Unknown encoding: ${encoding}: a program's Buffer has utf8, latin1, ascii and hex`);
  };
  const hex = (byte) => (byte < 16 ? "0" : "") + byte.toString(16);

  class Buffer extends Uint8Array {
    static from(value, encoding, length) {
      if (value instanceof ArrayBuffer) return new Buffer(value, encoding, length);
      if (typeof value !== "string") return super.from(value);
      const kind = kindOf(encoding);
      if (kind === "hex") return super.from(value.match(/[0-9a-f]{2}/gi) ?? [], (pair) => parseInt(pair, 16));
      if (kind === "latin1") return super.from(value, (unit) => unit.charCodeAt(0));
      const bytes = new Buffer(host(3, value));
      host(7, value, bytes);
      return bytes;
    }

    static alloc(length, fill = 0, encoding) {
      const made = new Buffer(length);
      const pattern = typeof fill === "string" ? Buffer.from(fill, encoding) : [fill];
      if (pattern.length > 0) for (let i = 0; i < length; i++) made[i] = pattern[i % pattern.length];
      return made;
    }

    static allocUnsafe(length) {
      return new Buffer(length);
    }

    static concat(list, length = list.reduce((sum, { length }) => sum + length, 0)) {
      const made = new Buffer(length);
      let at = 0;
      for (const each of list) {
        made.set(each.subarray(0, length - at), at);
        at += Math.min(each.length, length - at);
      }
      return made;
    }

    static byteLength(value, encoding) {
      return typeof value === "string" ? Buffer.from(value, encoding).length : value.byteLength;
    }

    static isBuffer(value) {
      return value instanceof Buffer;
    }

    toString(encoding, start = 0, end = this.length) {
      const kind = kindOf(encoding);
      const bytes = this.subarray(start, end);
      if (kind === "utf8") return host(5, "utf-8", bytes, false, true, false, 0);
      let text = "";
      const mask = `${encoding}`.toLowerCase() === "ascii" ? 0x7f : 0xff;
      for (let i = 0; i < bytes.length; i++) text += kind === "hex" ? hex(bytes[i]) : String.fromCharCode(bytes[i] & mask);
      return text;
    }

    toJSON() {
      return { type: "Buffer", data: Array.from(this) };
    }

    slice(start, end) {
      return this.subarray(start, end);
    }

    equals(other) {
      return this.length === other.length && this.every((byte, index) => byte === other[index]);
    }

    [Symbol.for("nodejs.util.inspect.custom")]() {
      const shown = Array.from(this.subarray(0, 50), hex).join(" ");
      const more = this.length - 50;
      return `<Buffer ${shown}${more > 0 ? ` ... ${more} more byte${more > 1 ? "s" : ""}` : ""}>`;
    }
  }
  return Buffer;
})
