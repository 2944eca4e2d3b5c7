//! How an entry is called by a convention: what the corpus cannot say of it.

mod common;

use common::{plain, returned, run, threw};
use deem_core::{Answer, Calling, Engine, Entry, Form, Isolation, Outcome, Program, Rules, Submission, Value};

fn compile(entry: Entry, params: &[Form], answer: Answer, source: &str) -> Program {
    let calling = Calling { params: params.to_vec(), answer };
    Engine::new().unwrap().compile(&Submission { source: source.to_owned(), entry, calling }).unwrap()
}

fn outcomes(program: &Program, args: &str, isolation: Isolation) -> Vec<Outcome> {
    let Value::Array(args) = Value::from_json(args).unwrap() else { panic!("arguments are an array") };
    let args: Vec<Value> = args.into_iter().flatten().collect();
    let executions = run(program, &args, 2, isolation, &Rules::default());
    executions.into_iter().map(|execution| execution.result.unwrap()).collect()
}

const ALL: [Isolation; 3] = [Isolation::Realm, Isolation::Isolate, Isolation::Shared];

#[test]
fn an_exception_has_the_place_and_the_stack_that_it_has_in_a_plain_call() {
    let list = "function f(head) {\n  return [1].map(() => head.missing.val);\n}";
    let class = "class f {\n  go() {\n    return [1].map(() => this.missing.val);\n  }\n}";
    let entry = |name| Entry::function(name).unwrap();
    for isolation in ALL {
        for (program, args, stack) in [
            (
                compile(entry("f"), &[Form::LinkedList], Answer::Returned(Form::LinkedList), list),
                "[[1]]",
                ["solution.js:2:37", "f (solution.js:2:14)"],
            ),
            (
                compile(Entry::class("f").unwrap(), &[], Answer::default(), class),
                r#"[["f","go"],[[],[]]]"#,
                ["solution.js:3:39", "go (solution.js:3:16)"],
            ),
        ] {
            for outcome in outcomes(&program, args, isolation) {
                let Outcome::Threw(exception) = outcome else { panic!("{outcome}") };
                assert_eq!(exception.headline(), "TypeError: Cannot read properties of undefined (reading 'val')");
                assert_eq!(exception.stack, stack, "{isolation:?}");
                assert!(exception.line.is_some_and(|line| stack[0].starts_with(&format!("solution.js:{line}:"))));
            }
        }
    }
}

#[test]
fn what_is_thrown_that_is_no_error_has_its_place_too() {
    let source = "class f {\n  list() { return [1] }\n  go() {\n    throw 'text';\n  }\n}";
    let program = compile(Entry::class("f").unwrap(), &[], Answer::default(), source);
    for outcome in outcomes(&program, r#"[["f","list","go"],[[],[],[]]]"#, Isolation::Realm) {
        assert_eq!(outcome.to_string(), "threw text (solution.js:4:5)");
    }
}

#[test]
fn an_object_of_a_class_serves_one_case() {
    let source = "class f { n = 0; next() { return ++this.n } }";
    let program = compile(Entry::class("f").unwrap(), &[], Answer::default(), source);
    for isolation in ALL {
        let once = returned("[null,1,2]");
        assert_eq!(
            outcomes(&program, r#"[["f","next","next"],[[],[],[]]]"#, isolation),
            [once.clone(), once],
            "{isolation:?}"
        );
    }
}

#[test]
fn lists_and_trees_may_be_as_long_and_as_deep_as_their_arrays() {
    let numbers = || Value::array(0..100_000);
    let source = "const f = (list, tree) => { list.next.next = null; return tree }";
    let (forms, answer) = ([Form::LinkedList, Form::BinaryTree], Answer::Returned(Form::BinaryTree));
    let program = compile(Entry::function("f").unwrap(), &forms, answer, source);
    let executions = run(&program, &[numbers(), numbers()], 1, Isolation::Realm, &Rules::default());
    assert_eq!(executions[0].result, Ok(Outcome::Returned(numbers())));

    // Each has one child, to the right.
    let steps = (1..100_000).flat_map(|n| [None, Some(Value::from(n))].map(|value| value.unwrap_or(Value::Null)));
    let deep = Value::array(std::iter::once(Value::from(0)).chain(steps));
    let program = compile(
        Entry::function("f").unwrap(),
        &[Form::BinaryTree],
        Answer::Argument(0),
        "const f = ({ right }) => { right.val = -1 }",
    );
    let executions = run(&program, std::slice::from_ref(&deep), 1, Isolation::Realm, &Rules::default());
    let (Ok(Outcome::Returned(Value::Array(answer))), Value::Array(deep)) = (&executions[0].result, deep) else {
        panic!("no tree")
    };
    assert_eq!((answer.len(), &answer[2]), (deep.len(), &Some(Value::from(-1))));
    assert_eq!(answer[3..], deep[3..]);
}

#[test]
fn a_node_class_is_there_where_a_convention_needs_it_and_nowhere_else() {
    let source = "const seen = [typeof ListNode, typeof TreeNode]; function f() { return seen }";
    for (params, seen) in [
        (&[][..], r#"["undefined","undefined"]"#),
        (&[Form::LinkedList], r#"["function","undefined"]"#),
        (&[Form::Plain, Form::BinaryTree], r#"["undefined","function"]"#),
    ] {
        let program = compile(Entry::function("f").unwrap(), params, Answer::default(), source);
        assert_eq!(outcomes(&program, "[]", Isolation::Realm)[0], returned(seen));
    }
}

#[test]
fn a_node_class_of_the_submissions_own_that_throws_is_its_own_fault() {
    let source = "class ListNode { constructor() { throw new Error('mine') } } function f() {}";
    let program = compile(Entry::function("f").unwrap(), &[Form::LinkedList], Answer::default(), source);
    assert_eq!(plain(outcomes(&program, "[[1]]", Isolation::Realm).remove(0)), threw("Error", "mine"));
    let source = "delete globalThis.ListNode; function f() {}";
    let program = compile(Entry::function("f").unwrap(), &[Form::LinkedList], Answer::default(), source);
    let gone = threw("ReferenceError", "ListNode is not defined");
    assert_eq!(plain(outcomes(&program, "[[1]]", Isolation::Realm).remove(0)), gone);
}
