//! All cases of a program in one realm, in which none can leave anything for a later one: see guest/frozen.js.

use deem_case::{Entry, Outcome, Rules, Value};
use deno_core::v8;

use crate::Error;
use crate::bound::Bound;
use crate::calling::{Adapter, Callee};
use crate::error::ErrorKind;
use crate::globals::{Origin, RealmTemplate, SharedGlobals};
use crate::realm::{self, Given, MainSlots, Stop};

/// The realm that the cases of one program have one after the other, by the same rules.
pub(crate) struct FrozenRealm {
    standing: Option<Standing>,
    rules: (u64, bool, bool),
}

struct Standing {
    context: v8::Global<v8::Context>,
    globals: SharedGlobals,
    /// The program as a function, where it is a script; a module is evaluated anew.
    maker: Option<v8::Global<v8::Function>>,
    leave: v8::Global<v8::Function>,
    /// How many enumerable properties the global object has.
    enumerable: u32,
    /// Whether the global object gets properties from deem for each case.
    has_adapter: bool,
}

impl FrozenRealm {
    /// Makes it. None of the program's code runs. Takes about as long as three fresh realms.
    pub(crate) fn new(
        isolate: &mut v8::Isolate,
        template: &RealmTemplate,
        slots: Option<MainSlots>,
        bound: &Bound,
        rules: &Rules,
    ) -> Result<FrozenRealm, Error> {
        let standing = match bound.entry() {
            // Their programs are run for each case, and may declare what stays for good.
            Entry::Completion | Entry::Program => None,
            Entry::Function(_) | Entry::Class(_) | Entry::Export(_) => {
                Standing::new(isolate, template, slots, bound, rules)?
            }
        };
        Ok(FrozenRealm { standing, rules: what_a_realm_has(rules) })
    }

    /// Whether it is what cases of these rules have.
    pub(crate) fn is_for(&self, rules: &Rules) -> bool {
        self.rules == what_a_realm_has(rules)
    }
}

fn what_a_realm_has(rules: &Rules) -> (u64, bool, bool) {
    (rules.seed, rules.eval, rules.webassembly)
}

/// Runs one case in the realm of its program; in a fresh one, if its program needs that. Afterwards `frozen` is `None` if it is not
/// certain that the next case could not tell it from a fresh one.
///
/// # Errors
/// As [`realm::in_fresh_realm`].
pub(crate) fn in_frozen_realm(
    isolate: &mut v8::Isolate,
    template: &RealmTemplate,
    slots: Option<MainSlots>,
    frozen: &mut Option<FrozenRealm>,
    given: Given<'_>,
) -> Result<Outcome, Error> {
    let Some(standing) = frozen.as_ref().and_then(|frozen| frozen.standing.as_ref()) else {
        return realm::in_fresh_realm(isolate, template, slots, given);
    };
    v8::scope!(let scope, isolate);
    let context = v8::Local::new(scope, &standing.context);
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let answer = standing.answer(scope, given);
    let outcome = realm::conclude(scope, answer);
    let has_ended_well = matches!(outcome, Ok(Outcome::Returned(_) | Outcome::Threw(_)));
    if !has_ended_well || !standing.leave(scope) {
        *frozen = None;
    }
    outcome
}

impl Standing {
    /// `None` if the program is no function's body.
    fn new(
        isolate: &mut v8::Isolate,
        template: &RealmTemplate,
        slots: Option<MainSlots>,
        bound: &Bound,
        rules: &Rules,
    ) -> Result<Option<Standing>, Error> {
        v8::scope!(let scope, isolate);
        let context = realm::new_context(scope, template, Origin::Frozen, slots)?;
        let scope = &mut v8::ContextScope::new(scope, context);
        v8::tc_scope!(let scope, scope);
        let failed = |what: &str| Error::new(ErrorKind::V8, format!("the frozen realm: {what}"));
        let globals = template.install(scope, Origin::Frozen, rules).ok_or_else(|| failed("no globals"))?;
        let maker = bound.maker(scope);
        if maker.is_none() && !bound.is_module() {
            return Ok(None);
        }
        let program = maker.map_or_else(|| v8::undefined(scope).into(), Into::into);
        let Some(leave) = globals.finish(scope, program) else {
            let message = scope.message().map(|message| message.get(scope).to_rust_string_lossy(scope));
            return Err(failed(&message.unwrap_or_default()));
        };
        Ok(Some(Standing {
            context: v8::Global::new(scope, context),
            globals: globals.share(scope)?,
            maker: maker.map(|maker| v8::Global::new(scope, maker)),
            leave: v8::Global::new(scope, leave),
            enumerable: enumerable(scope).ok_or_else(|| failed("no names"))?,
            has_adapter: !bound.is_called_plainly() || bound.is_module(),
        }))
    }

    fn answer<'s>(&self, scope: &mut v8::PinScope<'s, '_>, given: Given<'_>) -> Result<Value, Stop<'s>> {
        let globals = self.globals.local(scope);
        let adapter = Adapter::before(scope, &globals, given.bound)?;
        let function = match &self.maker {
            Some(maker) => {
                let this = scope.get_current_context().global(scope).into();
                let made = v8::Local::new(scope, maker).call(scope, this, &[]).ok_or(Stop::Threw)?;
                // An array's literal: no code of the case has seen it, but for what the array holds.
                let made = made.cast::<v8::Array>();
                let element = |index| made.get_index(scope, index).ok_or(Stop::Threw);
                let entry = given.bound.made(element(0)?)?;
                if let Some(adapter) = &adapter {
                    let nodes = [element(1)?, element(2)?];
                    adapter.use_nodes(scope, nodes)?;
                }
                entry
            }
            None => realm::exported(scope, &globals, given.bound)?,
        };
        let callee = Callee::new(scope, &globals, given.bound, function, adapter)?;
        realm::call(scope, &globals, &callee, given)
    }

    /// Puts back what the case has changed, and says whether the realm is then as it was. No code of the case runs.
    fn leave(&self, scope: &mut v8::PinScope<'_, '_>) -> bool {
        let is_thorough = self.has_adapter || enumerable(scope) != Some(self.enumerable);
        let undefined = v8::undefined(scope).into();
        let is_thorough = v8::Boolean::new(scope, is_thorough).into();
        let is_as_it_was = v8::Local::new(scope, &self.leave).call(scope, undefined, &[is_thorough]);
        is_as_it_was.is_some_and(|is_as_it_was| is_as_it_was.is_true())
    }
}

/// How many enumerable properties of its own the global object has, symbols and indices included.
fn enumerable(scope: &mut v8::PinScope<'_, '_>) -> Option<u32> {
    let global = scope.get_current_context().global(scope);
    let which = v8::GetPropertyNamesArgs {
        mode: v8::KeyCollectionMode::OwnOnly,
        property_filter: v8::PropertyFilter::ONLY_ENUMERABLE,
        index_filter: v8::IndexFilter::IncludeIndices,
        key_conversion: v8::KeyConversionMode::KeepNumbers,
    };
    Some(global.get_own_property_names(scope, which)?.length())
}
