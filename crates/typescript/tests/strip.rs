//! Sources in a process of their own, as whoever uses the crate has them stripped.

use std::time::{Duration, Instant};

use deem_typescript::{serve_if_stripping, strip};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    serve_if_stripping();
    let test = |name: &str, run: fn()| {
        Trial::test(name, move || {
            run();
            Ok::<(), Failed>(())
        })
    };
    let trials = vec![
        test("types_become_spaces", types_become_spaces),
        test("what_cannot_be_stripped_says_why", what_cannot_be_stripped_says_why),
        test("a_source_that_is_all_nesting_is_an_error_in_time", a_source_that_is_all_nesting),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn types_become_spaces() {
    let source = "export const f = (a: number, b?: Map<string, number>): number => a! + (b as any);\n".repeat(5_000);
    let stripped = strip(&source).unwrap();
    assert_eq!(stripped.len(), source.len());
    assert!(!stripped.contains("number"));
}

fn what_cannot_be_stripped_says_why() {
    let error = strip("let a = 1;\nenum Colour { Red }").unwrap_err();
    assert_eq!(error.to_string(), "SyntaxError: TypeScript enum is not supported in strip-only mode (solution.js:2:1)");
    assert!(strip(&" ".repeat(2 << 20)).unwrap_err().message.contains("longer than 1 MiB"));
}

/// Some of them take the parser for ever, others take it deeper than there is stack.
fn a_source_that_is_all_nesting() {
    for deep in ["(", "[", "{a:", "f(", "!", "<T>", "a?b:", "`${", "() => {", "if (a) ", "class A { m() { "] {
        let started = Instant::now();
        assert!(strip(&deep.repeat((1 << 20) / deep.len())).is_err(), "{deep}");
        assert!(started.elapsed() < Duration::from_secs(30), "{deep}: {:?}", started.elapsed());
    }
}
