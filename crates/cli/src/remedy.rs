//! What to do about a solution that does not compile because it was taken for something else.

use deem_core::{Entry, Exception};

use crate::args::Ending;
use crate::submission::Written;

/// What to do, if it is plain: to say that the solution is TypeScript, or an ES module; or, of a program, to be none.
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

const AWAIT: &str = "await is only valid in async functions";

/// Whether V8 has found what only modules have.
fn is_of_module(error: &Exception) -> bool {
    let told = ["import statement outside a module", "'import.meta' outside a module", "token 'export'"];
    told.iter().any(|what| error.message.contains(what))
}
