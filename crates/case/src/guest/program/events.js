// node's events: a classic script, whose value is a function that makes the module.
(() => {
  "use strict";
  class EventEmitter {
    #listeners = { __proto__: null };

    #add(event, listener, isFirst) {
      if (typeof listener !== "function") throw new TypeError('The "listener" argument must be of type function.');
      const before = this.#listeners[event] ?? [];
      this.#listeners[event] = isFirst ? [listener, ...before] : [...before, listener];
      return this;
    }

    #once(event, listener) {
      const wrapped = (...args) => {
        this.off(event, wrapped);
        return Reflect.apply(listener, this, args);
      };
      wrapped.listener = listener;
      return wrapped;
    }

    on(event, listener) {
      return this.#add(event, listener, false);
    }

    addListener(event, listener) {
      return this.on(event, listener);
    }

    prependListener(event, listener) {
      return this.#add(event, listener, true);
    }

    once(event, listener) {
      return this.on(event, this.#once(event, listener));
    }

    prependOnceListener(event, listener) {
      return this.prependListener(event, this.#once(event, listener));
    }

    off(event, listener) {
      const before = this.#listeners[event] ?? [];
      const at = before.findLastIndex((each) => each === listener || each.listener === listener);
      if (at !== -1) this.#listeners[event] = before.filter((_, index) => index !== at);
      return this;
    }

    removeListener(event, listener) {
      return this.off(event, listener);
    }

    removeAllListeners(event) {
      if (event === undefined) this.#listeners = { __proto__: null };
      else delete this.#listeners[event];
      return this;
    }

    emit(event, ...args) {
      const listeners = this.#listeners[event] ?? [];
      if (event === "error" && listeners.length === 0) {
        throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${args[0]})`);
      }
      for (let i = 0; i < listeners.length; i++) Reflect.apply(listeners[i], this, args);
      return listeners.length > 0;
    }

    listeners(event) {
      return (this.#listeners[event] ?? []).map((each) => each.listener ?? each);
    }

    listenerCount(event) {
      return (this.#listeners[event] ?? []).length;
    }

    eventNames() {
      return Reflect.ownKeys(this.#listeners).filter((event) => this.#listeners[event].length > 0);
    }

    setMaxListeners() {
      return this;
    }

    static EventEmitter = EventEmitter;

    static once(emitter, event) {
      return new Promise((done, fail) => {
        const failed = (error) => {
          emitter.off(event, settled);
          fail(error);
        };
        const settled = (...args) => {
          emitter.off("error", failed);
          done(args);
        };
        emitter.once(event, settled);
        if (event !== "error") emitter.once("error", failed);
      });
    }
  }
  return EventEmitter;
})
