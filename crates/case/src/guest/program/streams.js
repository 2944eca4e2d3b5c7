// Standard input and output, and what node's fs does with them: a classic script, whose value is a function that makes both.
//
// What is written goes to write(isError)(text). All of the input comes at once, where node makes pieces of 64 KiB.
((tools) => {
  "use strict";
  const { args, write, nextTick, events, buffer } = tools;
  const EventEmitter = events();

  // ---- what is left of the input: as a text, or, once bytes were asked for, as bytes

  let text = args[0];
  let bytes;
  const isOver = () => (bytes === undefined ? text === "" : bytes.length === 0);
  const asBytes = () => {
    bytes ??= buffer().from(text);
    return bytes;
  };
  const encodingOf = (options) => (typeof options === "string" ? options : options?.encoding);
  const isUtf8 = (encoding) => /^utf-?8$/i.test(encoding);
  const takeAll = (encoding) => {
    let all;
    if (bytes === undefined && encoding && isUtf8(encoding)) all = text;
    else all = encoding ? asBytes().toString(encoding) : asBytes();
    text = "";
    bytes = undefined;
    return all;
  };
  const takeInto = (target, offset, length) => {
    const taken = asBytes().subarray(0, length);
    target.set(taken, offset);
    bytes = bytes.subarray(taken.length);
    return taken.length;
  };

  class Stdin extends EventEmitter {
    fd = 0;
    readable = true;
    #encoding;
    #flows = false;
    #announced = false;

    setEncoding(encoding) {
      this.#encoding = encoding ?? "utf8";
      return this;
    }

    on(event, listener) {
      super.on(event, listener);
      if (event === "data") this.resume();
      return this;
    }

    resume() {
      this.#flows = true;
      return this;
    }

    pause() {
      this.#flows = false;
      return this;
    }

    isPaused() {
      return !this.#flows;
    }

    ref() {
      return this;
    }

    unref() {
      return this;
    }

    destroy() {
      this.readable = false;
      return this;
    }

    read() {
      return isOver() ? null : takeAll(this.#encoding);
    }

    pipe(target) {
      this.on("data", (chunk) => target.write(chunk));
      this.on("end", () => target.end?.());
      return target;
    }

    async *[Symbol.asyncIterator]() {
      const chunk = this.read();
      this.readable = false;
      if (chunk !== null) yield chunk;
    }

    // The next event, if anybody waits for one: says whether there was.
    proceed() {
      const isRead = this.listenerCount("readable") > 0;
      if (!this.readable || !(this.#flows || isRead)) return false;
      if (!isOver()) {
        if (this.#flows && !isRead) return this.emit("data", this.read()) || true;
        if (this.#announced) return false; // who was told has not read it
        this.#announced = true;
        return this.emit("readable");
      }
      this.readable = false;
      if (isRead) this.emit("readable");
      this.emit("end");
      this.emit("close");
      return true;
    }
  }

  const textOf = (chunk, encoding) => {
    if (typeof chunk === "string") return chunk;
    if (chunk instanceof Uint8Array) return buffer().prototype.toString.call(chunk, encoding);
    throw new TypeError('The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView.');
  };

  class Output extends EventEmitter {
    writable = true;
    #write;

    constructor(fd) {
      super();
      this.fd = fd;
      this.#write = write(fd === 2);
    }

    write(chunk, encoding, done = encoding) {
      this.#write(textOf(chunk));
      if (typeof done === "function") nextTick(done);
      return true;
    }

    end(chunk, encoding, done) {
      if (chunk !== undefined && typeof chunk !== "function") this.write(chunk, encoding, done);
      return this;
    }

    cork() {}

    uncork() {}
  }

  const stdin = new Stdin();
  const [stdout, stderr] = [new Output(1), new Output(2)];

  // ---- fs

  const FILES = { __proto__: null, "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 };
  const failure = (code, what, call) => Object.assign(new Error(`${code}: ${what}, ${call}`), { code, syscall: call.split(" ")[0] });
  const open = (file) => {
    const fd = typeof file === "number" ? file : FILES[file];
    if (fd === undefined) throw failure("ENOENT", "no such file or directory", `open '${file}'`);
    return fd;
  };
  const opened = (file, isRead) => {
    const fd = open(file);
    if (isRead ? fd !== 0 : fd !== 1 && fd !== 2) throw failure("EBADF", "bad file descriptor", isRead ? "read" : "write");
    return fd;
  };
  const put = (file, chunk) => (opened(file, false) === 1 ? stdout : stderr).write(typeof chunk === "number" ? `${chunk}` : chunk);
  const readFileSync = (file, options) => {
    opened(file, true);
    return takeAll(encodingOf(options));
  };
  const fs = {
    readFileSync,
    readSync(fd, target, offset, length) {
      opened(fd, true);
      if (typeof offset === "object" && offset !== null) ({ offset, length } = offset);
      return takeInto(target, offset ?? 0, length ?? target.length - (offset ?? 0));
    },
    readFile(file, options, done = options) {
      let answer;
      try {
        answer = [null, readFileSync(file, typeof options === "function" ? undefined : options)];
      } catch (error) {
        answer = [error];
      }
      nextTick(done, ...answer);
    },
    writeSync(fd, chunk) {
      put(fd, chunk);
      return buffer().byteLength(chunk);
    },
    writeFileSync: (file, chunk) => void put(file, chunk),
    appendFileSync: (file, chunk) => void put(file, chunk),
    existsSync: (file) => FILES[file] !== undefined,
    openSync: open,
    closeSync() {},
    createReadStream(file, options) {
      opened(file, true);
      const encoding = encodingOf(options);
      return encoding ? stdin.setEncoding(encoding) : stdin;
    },
    promises: {
      readFile: async (file, options) => readFileSync(file, options),
      writeFile: async (file, chunk) => void put(file, chunk),
    },
  };
  return { stdin, stdout, stderr, fs, proceed: () => stdin.proceed() };
})
