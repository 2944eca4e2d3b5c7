//! A program as one isolate has it.

use deem_case::{Entry, Outcome};
use deno_core::v8;
use deno_core::v8::script_compiler::{CompileOptions, NoCacheReason, Source, compile_unbound_script};

use crate::Error;
use crate::error::ErrorKind;
use crate::program::Program;
use crate::realm::Stop;
use crate::script::Kind;

pub(crate) struct Bound {
    program: Program,
    code: Code,
}

enum Code {
    Script {
        script: v8::Global<v8::UnboundScript>,
        /// The entry's name as a script: how a `const` or a `class` is reached, which are not properties of the global. None for a
        /// reserved word, which nothing can be bound to.
        entry: Option<v8::Global<v8::UnboundScript>>,
    },
    /// V8 binds a module, and a function, to one context: it is compiled, from the code cache, in each.
    Module,
    Function,
}

impl Bound {
    pub(crate) fn new(isolate: &mut v8::Isolate, program: &Program) -> Result<Bound, Error> {
        match program.script().kind {
            Kind::Module => return Ok(Bound { program: program.clone(), code: Code::Module }),
            Kind::Function => return Ok(Bound { program: program.clone(), code: Code::Function }),
            Kind::Script => {}
        }
        v8::scope!(let scope, isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let (script, _) = program.script().load(scope)?;
        let entry = match program.entry() {
            Entry::Function(name) | Entry::Class(name) => name_script(scope, name.as_str()),
            Entry::Completion | Entry::Program | Entry::Export(_) => None,
        };
        let code = Code::Script { script: v8::Global::new(scope, script), entry };
        Ok(Bound { program: program.clone(), code })
    }

    pub(crate) fn is_of(&self, program: &Program) -> bool {
        self.program.id() == program.id()
    }

    pub(crate) fn entry(&self) -> &Entry {
        self.program.entry()
    }

    pub(crate) fn is_module(&self) -> bool {
        matches!(self.code, Code::Module)
    }

    pub(crate) fn is_called_plainly(&self) -> bool {
        self.program.is_called_plainly()
    }

    pub(crate) fn convention(&self) -> &str {
        self.program.convention()
    }

    /// The script in the current realm; `None` if the program is something else.
    pub(crate) fn script<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Script>> {
        match &self.code {
            Code::Script { script, .. } => Some(v8::Local::new(scope, script).bind_to_current_context(scope)),
            Code::Module | Code::Function => None,
        }
    }

    /// The module in the current realm, linked.
    pub(crate) fn module<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Result<v8::Local<'s, v8::Module>, Stop<'s>> {
        let module = self.program.script().load_module(scope).map_err(Stop::Failed)?;
        module.instantiate_module(scope, import_nothing).ok_or(Stop::Threw)?;
        Ok(module)
    }

    /// The program as a function, in the current realm.
    pub(crate) fn main<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Result<v8::Local<'s, v8::Function>, Stop<'s>> {
        self.program.script().load_function(scope).map_err(Stop::Failed)
    }

    /// The program as a function that returns, in an array, what the entry's name is bound to, and the names of the classes for
    /// nodes; in the current realm. `None` if it is no script, and if it can be nothing else.
    pub(crate) fn maker<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Function>> {
        let (Entry::Function(name) | Entry::Class(name)) = self.entry() else { return None };
        let bound = |name: &str| format!("typeof {name} === \"undefined\" ? undefined : {name}");
        let names = [name.as_str(), "ListNode", "TreeNode"];
        let names = if self.is_called_plainly() { &names[..1] } else { &names };
        let end = format!("\n;return [{}];", names.iter().map(|name| bound(name)).collect::<Vec<_>>().join(", "));
        v8::tc_scope!(let scope, scope);
        self.program.script().load_body(scope, &end)
    }

    /// The entry, where a maker has returned this in its array.
    pub(crate) fn made<'s>(&self, value: v8::Local<'s, v8::Value>) -> Result<v8::Local<'s, v8::Function>, Stop<'s>> {
        if value.is_undefined() { Err(self.no_entry("has no function")) } else { self.function(value) }
    }

    /// What the entry's name is bound to in the current realm, where the script has run.
    pub(crate) fn named<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Result<v8::Local<'s, v8::Function>, Stop<'s>> {
        let Code::Script { entry, .. } = &self.code else {
            return Err(Stop::Failed(Error::new(ErrorKind::V8, "only a script has a named function")));
        };
        let Some(entry) = entry else { return Err(self.no_entry("has no function")) };
        let entry = v8::Local::new(scope, entry).bind_to_current_context(scope);
        v8::tc_scope!(let scope, scope);
        match entry.run(scope) {
            Some(value) => self.function(value),
            None if scope.has_terminated() => Err(Stop::Threw),
            None => Err(self.no_entry("has no function")),
        }
    }

    /// The export of the entry's name, or the default export.
    pub(crate) fn exported<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        module: v8::Local<'s, v8::Module>,
    ) -> Result<v8::Local<'s, v8::Function>, Stop<'s>> {
        let Entry::Export(name) = self.entry() else {
            return Err(Stop::Failed(Error::new(ErrorKind::V8, "only a module has exports")));
        };
        let exports = module.get_module_namespace().cast::<v8::Object>();
        for name in [name.as_str(), "default"] {
            let key = v8::String::new(scope, name).ok_or(Stop::Threw)?;
            let export = exports.get(scope, key.into()).ok_or(Stop::Threw)?;
            if !export.is_undefined() {
                return self.function(export);
            }
        }
        Err(self.no_entry("exports no function"))
    }

    fn function<'s>(&self, value: v8::Local<'s, v8::Value>) -> Result<v8::Local<'s, v8::Function>, Stop<'s>> {
        value.try_cast().map_err(|_| match self.entry() {
            Entry::Function(name) | Entry::Export(name) | Entry::Class(name) => {
                Stop::Other(Outcome::NoEntry(format!("the program's {name} is not a function")))
            }
            Entry::Completion | Entry::Program => self.no_entry("has no"),
        })
    }

    fn no_entry<'s>(&self, has_no: &str) -> Stop<'s> {
        let name = match self.entry() {
            Entry::Function(name) | Entry::Export(name) | Entry::Class(name) => name.as_str(),
            Entry::Completion | Entry::Program => "entry",
        };
        Stop::Other(Outcome::NoEntry(format!("the program {has_no} {name}")))
    }
}

// Imports are refused when a submission is compiled: V8 has nothing to ask for.
fn import_nothing<'s>(
    _: v8::Local<'s, v8::Context>,
    _: v8::Local<'s, v8::String>,
    _: v8::Local<'s, v8::FixedArray>,
    _: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Module>> {
    None
}

fn name_script(scope: &mut v8::PinScope<'_, '_>, name: &str) -> Option<v8::Global<v8::UnboundScript>> {
    v8::tc_scope!(let scope, scope);
    let text = v8::String::new(scope, name)?;
    let origin = v8::ScriptOrigin::new(scope, text.into(), 0, 0, false, -1, None, false, false, false, None);
    let mut source = Source::new(text, Some(&origin));
    let script = compile_unbound_script(scope, &mut source, CompileOptions::NoCompileOptions, NoCacheReason::NoReason)?;
    Some(v8::Global::new(scope, script))
}
