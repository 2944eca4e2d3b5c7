//! What to do about a solution that fails because it was taken for something else.

use deem_core::{Entry, Exception};

use crate::args::Ending;
use crate::submission::Written;

/// What to do about one that does not compile, if it is plain: to say that the solution is TypeScript, or an ES module; or, of a program, to be none.
pub(crate) fn of(written: &Written, error: &Exception) -> Option<String> {
    let taken = written.ending.filter(|_| error.name == "SyntaxError")?;
    let is_program = written.submission.entry == Entry::Program;
    if is_program && (is_of_module(error) || error.message.contains(AWAIT)) {
        return Some(
            "a program is a CommonJS module: it has `const fs = require(\"fs\")` in place of `import`, and `await` only in \
             async functions"
                .to_owned(),
        );
    }
    let is_typescript = !taken.is_typescript()
        && deem_typescript::strip(&written.source).is_ok_and(|stripped| stripped != written.source);
    let is_module = !taken.is_module() && is_of_module(error);
    let (what, ending) = match (is_typescript, is_module) {
        (false, false) => return None,
        (true, false) if taken.is_module() => ("TypeScript", Ending::Mts),
        (true, false) => ("TypeScript", Ending::Ts),
        (false, true) if taken.is_typescript() => ("an ES module", Ending::Mts),
        (false, true) => ("an ES module", Ending::Mjs),
        (true, true) => ("an ES module in TypeScript", Ending::Mts),
    };
    let ending = ending.name();
    Some(format!("this is {what}: say so with --ext {ending}, or with a name that ends in .{ending}"))
}

/// What to do about what a case threw, if it is plain: a function is in no CommonJS module, as it is on node; and a program has few
/// of node's modules, but on node.
pub(crate) fn of_thrown(entry: &Entry, is_on_node: bool, thrown: &Exception) -> Option<&'static str> {
    if *entry == Entry::Program {
        let is_missing = !is_on_node && thrown.name == "Error" && thrown.message.starts_with("Cannot find module ");
        return is_missing
            .then_some("with --isolation node a program has all modules of node's own, as far as they answer at once");
    }
    let is_missing = |name: &&str| thrown.message == format!("{name} is not defined");
    let is_commonjs = thrown.name == "ReferenceError" && ["module", "exports", "require"].iter().any(is_missing);
    is_commonjs.then_some(
        "a function is found by its name, and is in no CommonJS module: leave module, exports and require out",
    )
}

const AWAIT: &str = "await is only valid in async functions";

/// Whether V8 has found what only modules have.
fn is_of_module(error: &Exception) -> bool {
    let told = ["import statement outside a module", "'import.meta' outside a module", "token 'export'"];
    told.iter().any(|what| error.message.contains(what))
}
