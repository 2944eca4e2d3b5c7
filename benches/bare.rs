//! A function in V8 with nothing of deem around it.

use deem_core::Limits;
use deno_core::v8;

/// A function in a context that is kept, in an isolate of its own.
pub struct Bare {
    // Before the isolate: V8 wants its handles back while that lives.
    context: v8::Global<v8::Context>,
    function: v8::Global<v8::Function>,
    isolate: v8::OwnedIsolate,
}

impl Bare {
    /// The function that the program defines under this name. Needs a started V8.
    pub fn new(program: &str, name: &str) -> Bare {
        let params = v8::CreateParams::default().heap_limits(0, Limits::default().heap.0);
        let mut isolate = v8::Isolate::new(params);
        let (context, function) = {
            v8::scope!(let scope, &mut isolate);
            let context = v8::Context::new(scope, v8::ContextOptions::default());
            let scope = &mut v8::ContextScope::new(scope, context);
            let source = v8::String::new(scope, &format!("{program}; {name}")).expect("the source is short");
            let script = v8::Script::compile(scope, source, None).expect("the source compiles");
            let function = script.run(scope).expect("the script runs");
            let function: v8::Local<v8::Function> = function.try_cast().expect("a function");
            (v8::Global::new(scope, context), v8::Global::new(scope, function))
        };
        Bare { context, function, isolate }
    }

    /// Calls it with an array of the integers from 1 on, which is made for the call, and reads the number that it returns.
    pub fn call<const N: usize>(&mut self) -> f64 {
        v8::scope!(let scope, &mut self.isolate);
        let context = v8::Local::new(scope, &self.context);
        let scope = &mut v8::ContextScope::new(scope, context);
        let numbers: [v8::Local<v8::Value>; N] =
            std::array::from_fn(|index| v8::Integer::new(scope, index as i32 + 1).into());
        let numbers = v8::Array::new_with_elements(scope, &numbers).into();
        let function = v8::Local::new(scope, &self.function);
        let undefined = v8::undefined(scope).into();
        let answer = function.call(scope, undefined, &[numbers]).expect("it returns");
        answer.number_value(scope).expect("a number")
    }

    /// The isolate, for what is measured besides calls.
    pub fn isolate(&mut self) -> &mut v8::Isolate {
        &mut self.isolate
    }
}
