//! How the entry of a program is called: plainly, or by the guest's calling.js.

use deem_case::Outcome;
use deno_core::v8;

use crate::bound::Bound;
use crate::globals::Globals;
use crate::realm::Stop;

/// The entry of a program, in the realm where the program has run.
pub(crate) struct Callee<'s> {
    function: v8::Local<'s, v8::Function>,
    adapter: Option<Adapter<'s>>,
}

/// A [`Callee`] of a realm that outlives a case.
pub(crate) struct SharedCallee {
    function: v8::Global<v8::Function>,
    adapter: Option<v8::Global<v8::Array>>,
}

/// What the function of calling.js has returned: `[call, leave, use]`.
pub(crate) struct Adapter<'s>(v8::Local<'s, v8::Array>);

/// A call that has been made: what it returned, and what it may have changed.
pub(crate) struct Called<'s> {
    pub(crate) value: v8::Local<'s, v8::Value>,
    args: Option<v8::Local<'s, v8::Array>>,
}

impl<'s> Adapter<'s> {
    /// The adapter of a program, if it needs one, in a realm where the program has not run yet.
    pub(crate) fn before(
        scope: &mut v8::PinScope<'s, '_>,
        globals: &Globals<'s>,
        bound: &Bound,
    ) -> Result<Option<Adapter<'s>>, Stop<'s>> {
        if bound.is_called_plainly() {
            return Ok(None);
        }
        Adapter::new(scope, globals, bound).map(Some)
    }

    fn new(scope: &mut v8::PinScope<'s, '_>, globals: &Globals<'s>, bound: &Bound) -> Result<Adapter<'s>, Stop<'s>> {
        globals.adapt(scope, bound.convention()).map(Adapter).ok_or(Stop::Threw)
    }

    /// Tells it of a program's own classes for nodes: `[list, tree]`.
    pub(crate) fn use_nodes(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        nodes: [v8::Local<'s, v8::Value>; 2],
    ) -> Result<(), Stop<'s>> {
        self.apply(scope, 2, &nodes).map(|_| ()).ok_or(Stop::Threw)
    }

    // The arrays of calling.js are its own: no code of a case has seen them.
    fn apply(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        index: u32,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Option<v8::Local<'s, v8::Value>> {
        let function = self.0.get_index(scope, index)?.try_cast::<v8::Function>().ok()?;
        let undefined = v8::undefined(scope).into();
        function.call(scope, undefined, args)
    }
}

impl<'s> Callee<'s> {
    pub(crate) fn new(
        scope: &mut v8::PinScope<'s, '_>,
        globals: &Globals<'s>,
        bound: &Bound,
        function: v8::Local<'s, v8::Function>,
        adapter: Option<Adapter<'s>>,
    ) -> Result<Callee<'s>, Stop<'s>> {
        let adapter = match adapter {
            None if bound.is_module() && is_class(scope, function) => Some(Adapter::new(scope, globals, bound)?),
            adapter => adapter,
        };
        Ok(Callee { function, adapter })
    }

    pub(crate) fn call(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Result<Called<'s>, Stop<'s>> {
        let Some(adapter) = &self.adapter else {
            let this = v8::undefined(scope).into();
            let value = self.function.call(scope, this, args).ok_or(Stop::Threw)?;
            return Ok(Called { value, args: None });
        };
        let args = v8::Array::new_with_elements(scope, args);
        let value = adapter.apply(scope, 0, &[self.function.into(), args.into()]).ok_or(Stop::Threw)?;
        Ok(Called { value, args: Some(args) })
    }

    /// The answer, where a call came to this value.
    pub(crate) fn answer(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        called: Called<'s>,
    ) -> Result<v8::Local<'s, v8::Value>, Stop<'s>> {
        let (Some(adapter), Some(args)) = (&self.adapter, called.args) else { return Ok(called.value) };
        let left = adapter.apply(scope, 1, &[called.value, args.into()]).ok_or(Stop::Threw)?;
        match v8::Local::<v8::Array>::try_from(left) {
            Ok(answer) => answer.get_index(scope, 0).ok_or(Stop::Threw),
            Err(_) => Err(Stop::Other(Outcome::Unrepresentable(left.to_rust_string_lossy(scope)))),
        }
    }

    pub(crate) fn share(&self, scope: &mut v8::PinScope<'s, '_>) -> SharedCallee {
        SharedCallee {
            function: v8::Global::new(scope, self.function),
            adapter: self.adapter.as_ref().map(|adapter| v8::Global::new(scope, adapter.0)),
        }
    }
}

impl SharedCallee {
    pub(crate) fn local<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Callee<'s> {
        Callee {
            function: v8::Local::new(scope, &self.function),
            adapter: self.adapter.as_ref().map(|adapter| Adapter(v8::Local::new(scope, adapter))),
        }
    }
}

/// Whether a function is a class: of all functions these alone have a prototype that cannot be set.
fn is_class<'s>(scope: &mut v8::PinScope<'s, '_>, function: v8::Local<'s, v8::Function>) -> bool {
    let Some(name) = v8::String::new(scope, "prototype") else { return false };
    let attributes = function.get_property_attributes(scope, name.into());
    attributes.is_some_and(|attributes| attributes.is_read_only())
}
