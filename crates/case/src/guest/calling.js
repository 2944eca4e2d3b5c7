// How a function is called where that is more than to pass it a case's arguments and to take what it returns: lists and
// trees, answers that are in an argument, classes. A classic script, whose value is a function.
//
// It is called in a case's realm, before the submission runs there unless that is a module; with `intrinsics`, which is what the
// function of intrinsics.js, clone(value), which answers as the host's structured clone does, and the convention as JSON:
// what the entry is, the forms of the parameters, and where the answer is. It returns an array:
//   call(entry, args)   calls the entry; what it returns is awaited like what a function returns
//   leave(value, args)  the answer, in an array, when `value` is what came of that; or a text that says why there is none
//   use(list, tree)     tells which classes a submission has for nodes, if that does not run where its names are global
// What the submission throws passes through both. Nothing here recurses: a list may have as many nodes as there is memory.
((intrinsics, clone, convention) => {
  "use strict";
  const captured = intrinsics();
  const { apply, construct, isArray, TypeError, Set } = captured;
  const list = () => captured.setPrototypeOf([], null); // whatever becomes of Array.prototype
  // No destructuring of arrays, here and below: a module may have changed how they are iterated.
  const told = captured.parse(convention);
  const kind = told[0];
  const params = told[1];
  const answer = told[2];

  // ---- nodes, as the field has them. The submission may define its own, and then its own are used.

  const classes = {
    __proto__: null,
    ListNode: class ListNode {
      val;
      next;
      constructor(val = 0, next = null) {
        this.val = val;
        this.next = next;
      }
    },
    TreeNode: class TreeNode {
      val;
      left;
      right;
      constructor(val = 0, left = null, right = null) {
        this.val = val;
        this.left = left;
        this.right = right;
      }
    },
  };
  // The form of each element, where the form is an array's of them.
  const formOfEach = { __proto__: null, LinkedLists: "LinkedList", BinaryTrees: "BinaryTree" };
  const provide = (name, form) => {
    const isOf = (other) => other === form || formOfEach[other] === form;
    let used = isOf(answer.Returned);
    for (let i = 0; i < params.length; i++) used ||= isOf(params[i]);
    const property = { __proto__: null, value: classes[name], writable: true, configurable: true };
    if (used) captured.defineProperty(globalThis, name, property);
  };
  provide("ListNode", "LinkedList");
  provide("TreeNode", "BinaryTree");

  let ownListNode, ownTreeNode;
  const use = (list, tree) => {
    ownListNode = list;
    ownTreeNode = tree;
  };

  // ---- in: what is no array is itself

  const listOf = (values) => {
    const Node = ownListNode ?? ListNode;
    let head = null;
    for (let i = values.length - 1; i >= 0; i--) {
      const node = new Node(values[i]);
      node.next = head;
      head = node;
    }
    return head;
  };

  const treeOf = (values) => {
    const Node = ownTreeNode ?? TreeNode;
    const nodes = list(); // in the order of their levels: two values after the first are each one's children
    for (let i = 0; i < values.length; i++) {
      const parent = nodes[(i - 1) >> 1];
      if (i > 0 && parent === undefined) throw new TypeError(`a tree has no place for its value ${i}: its parent is null`);
      if (values[i] === null) continue;
      const node = new Node(values[i]);
      node.left = node.right = null;
      nodes[nodes.length] = node;
      if (i > 0) parent[i % 2 === 1 ? "left" : "right"] = node;
    }
    return nodes.length > 0 ? nodes[0] : null;
  };

  const enterAs = (form, value) => {
    if (form === "Plain" || !isArray(value)) return value;
    return form === "LinkedList" ? listOf(value) : treeOf(value);
  };

  const enter = (args) => {
    for (let i = 0; i < args.length && i < params.length; i++) {
      const each = formOfEach[params[i]];
      if (each === undefined) {
        args[i] = enterAs(params[i], args[i]);
      } else if (isArray(args[i])) {
        const all = args[i];
        for (let k = 0; k < all.length; k++) {
          if (captured.hasOwn(all, k)) all[k] = enterAs(each, all[k]);
        }
      }
    }
    return args;
  };

  // ---- out: what is no object is itself, and so is a wrong answer

  const isMissing = (node) => node === null || node === undefined;
  const refusal = (node, name) => {
    if (typeof node === "object" && !isArray(node)) return undefined;
    return `${isArray(node) ? "an array" : `a ${typeof node}`} in place of a ${name}`;
  };

  const valuesOfList = (head) => {
    const values = list();
    let seen;
    let next = 1;
    for (let node = head; !isMissing(node); node = node.next) {
      const refused = refusal(node, "ListNode");
      if (refused !== undefined) return refused;
      // Compared with one node of those before, ever further on, for a cycle needs no more to be found.
      if (node === seen) return "a linked list with a cycle";
      if (values.length === next) {
        seen = node;
        next *= 2;
      }
      values[values.length] = node.val;
    }
    return [values];
  };

  const valuesOfTree = (root) => {
    const values = list();
    const nodes = list();
    const seen = new Set();
    let length = 0; // without the nulls at the end
    nodes[0] = root;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      values[i] = null;
      if (isMissing(node)) continue;
      const refused = refusal(node, "TreeNode");
      if (refused !== undefined) return refused;
      if (apply(captured.setHas, seen, [node])) return "a tree in which a node occurs twice";
      apply(captured.setAdd, seen, [node]);
      values[i] = node.val;
      length = i + 1;
      nodes[nodes.length] = node.left;
      nodes[nodes.length] = node.right;
    }
    values.length = length;
    return [values];
  };

  const isObject = (value) => typeof value === "object" || typeof value === "function";

  const leaveOne = (form, value) => {
    if (form === "Plain" || !isObject(value)) return [value];
    return form === "LinkedList" ? valuesOfList(value) : valuesOfTree(value);
  };

  const leaveAs = (form, value) => {
    const each = formOfEach[form];
    if (each === undefined) return leaveOne(form, value);
    if (!isObject(value) || value === null) return [value];
    if (!isArray(value)) return `${typeof value === "object" ? "an object" : "a function"} in place of an array`;
    const all = list();
    for (let i = 0; i < value.length; i++) {
      const left = leaveOne(each, value[i]);
      if (typeof left === "string") return left;
      all[i] = left[0];
    }
    return [all];
  };

  // ---- classes

  const isThenable = (value) =>
    (typeof value === "function" || (typeof value === "object" && value !== null)) && typeof value.then === "function";

  // A result as it is now: the object may well change what it has returned.
  const kept = (value) => {
    if (value === undefined) return null;
    if (value === null || typeof value !== "object") return value;
    try {
      const copy = clone(value);
      return typeof copy === "string" ? value : copy[0];
    } catch {
      return value; // to read it throws again, and then what that throws is the outcome
    }
  };

  const checkCalls = (args) => {
    const areLists = args.length === 2 && isArray(args[0]) && isArray(args[1]);
    let fits = areLists && args[0].length > 0 && args[0].length === args[1].length;
    for (let i = 0; fits && i < args[0].length; i++) fits = typeof args[0][i] === "string" && isArray(args[1][i]);
    if (!fits) {
      throw new TypeError("a class is called with two arguments: names, the class's first, and for each an array of arguments");
    }
  };

  const drive = (entry, args) => {
    checkCalls(args);
    const names = args[0];
    const lists = args[1];
    const results = list();
    const object = construct(entry, enter(lists[0]));
    results[0] = null;
    // Calls one method after the other, until one returns a promise, which is `promised` then.
    let promised;
    const proceed = () => {
      while (results.length < names.length) {
        const at = results.length;
        const method = object[names[at]];
        if (typeof method !== "function") throw new TypeError(`${names[0]} has no method ${names[at]}`);
        const value = apply(method, object, lists[at]);
        if (isThenable(value)) {
          promised = value;
          return true;
        }
        results[at] = kept(value);
      }
      return false;
    };
    const resume = async () => {
      do {
        const value = await promised;
        results[results.length] = kept(value);
      } while (proceed());
      return results;
    };
    return proceed() ? resume() : results;
  };

  // Of all functions classes alone have a prototype that cannot be set.
  const isClass = (entry) => {
    if (kind !== "export") return kind === "class";
    return captured.getOwnPropertyDescriptor(entry, "prototype")?.writable === false;
  };

  let driven = false;
  const call = (entry, args) => {
    driven = isClass(entry);
    return driven ? drive(entry, args) : apply(entry, undefined, enter(args));
  };
  const leave = (value, args) => {
    if (driven) return [value];
    if (!captured.hasOwn(answer, "Argument")) return leaveAs(answer.Returned, value);
    const at = answer.Argument;
    if (at >= args.length) throw new TypeError(`the answer is argument ${at}, and there are ${args.length} arguments`);
    return leaveAs(at < params.length ? params[at] : "Plain", args[at]);
  };
  return [call, leave, use];
})
