// node's readline, for an input that is no terminal: a classic script, whose value is a function that makes the module.
((events) => {
  "use strict";
  const EventEmitter = events();
  const LINE_END = /\r\n|\n|\r(?!\n)|\u2028|\u2029/g;

  class Interface extends EventEmitter {
    closed = false;
    #input;
    #output;
    #prompt;
    #rest = "";
    #asked;

    constructor(input, output) {
      super();
      const options = typeof input?.on === "function" ? { input, output } : input;
      if (typeof options?.input?.on !== "function") throw new TypeError("readline reads a stream: process.stdin");
      this.#input = options.input;
      this.#output = options.output;
      this.#prompt = options.prompt ?? "> ";
      this.#input.on("data", (chunk) => this.#take(`${chunk}`));
      this.#input.on("end", () => {
        const rest = this.#rest;
        this.#rest = "";
        if (rest !== "") this.emit("line", rest); // no answer to a question, as in node
        this.close();
      });
    }

    // All lines of a piece, also those after one that closes this: so does node.
    #take(chunk) {
      const text = this.#rest + chunk;
      let from = 0;
      for (const { index, 0: end } of text.matchAll(LINE_END)) {
        this.#line(text.slice(from, index));
        from = index + end.length;
      }
      this.#rest = text.slice(from);
    }

    #line(text) {
      const asked = this.#asked;
      this.#asked = undefined;
      if (asked) asked(text);
      else this.emit("line", text);
    }

    setPrompt(prompt) {
      this.#prompt = prompt;
    }

    getPrompt() {
      return this.#prompt;
    }

    prompt() {
      this.#output?.write(this.#prompt);
    }

    question(query, options, done = options) {
      if (this.closed) throw Object.assign(new Error("readline was closed"), { code: "ERR_USE_AFTER_CLOSE" });
      this.#output?.write(query);
      this.#asked = done;
    }

    write() {}

    pause() {
      this.#input.pause();
      this.emit("pause");
      return this;
    }

    resume() {
      this.#input.resume();
      this.emit("resume");
      return this;
    }

    close() {
      if (this.closed) return;
      this.closed = true;
      this.#input.pause();
      this.emit("close");
    }

    [Symbol.asyncIterator]() {
      const lines = [];
      let first = 0;
      let waiting;
      const next = () => {
        if (first < lines.length) return { value: lines[first++], done: false };
        return this.closed ? { value: undefined, done: true } : undefined;
      };
      const wake = () => {
        const answer = waiting && next();
        if (!answer) return;
        waiting(answer);
        waiting = undefined;
      };
      this.on("line", (line) => {
        lines.push(line);
        wake();
      });
      this.on("close", wake);
      return {
        next: () => {
          const answer = next();
          return answer ? Promise.resolve(answer) : new Promise((done) => (waiting = done));
        },
        return: () => {
          this.close();
          return Promise.resolve({ value: undefined, done: true });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    }
  }

  class PromisingInterface extends Interface {
    question(query) {
      return new Promise((done) => super.question(query, done));
    }
  }
  Interface.prototype.question[Symbol.for("nodejs.util.promisify.custom")] = function (query) {
    return new Promise((done) => this.question(query, done));
  };

  return {
    Interface,
    createInterface: (input, output) => new Interface(input, output),
    promises: { Interface: PromisingInterface, createInterface: (input, output) => new PromisingInterface(input, output) },
  };
})
