//! What only the engine knows of an object, for the console: its kind, and what a proxy, a promise or an iterator holds.

use deno_core::v8;

/// What kind of object this is, and what it holds, as the head of the guest's console.js has it; `None` for what is nothing
/// special. Runs no code of the case.
pub(crate) fn details<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
) -> Option<v8::Local<'s, v8::Value>> {
    let mut held = Vec::new();
    if let Ok(proxy) = v8::Local::<v8::Proxy>::try_from(value) {
        held = vec![proxy.get_target(scope), proxy.get_handler(scope)];
    } else if let Ok(promise) = v8::Local::<v8::Promise>::try_from(value) {
        let (state, result) = match promise.state() {
            v8::PromiseState::Pending => (0, v8::undefined(scope).into()),
            v8::PromiseState::Fulfilled => (1, promise.result(scope)),
            v8::PromiseState::Rejected => (2, promise.result(scope)),
        };
        held = vec![v8::Integer::new(scope, state).into(), result];
    } else if value.is_map_iterator() || value.is_set_iterator() {
        let (entries, is_key_value) = value.cast::<v8::Object>().preview_entries(scope);
        held = vec![entries?.into(), v8::Boolean::new(scope, is_key_value).into()];
    }
    let kind = v8::String::new(scope, kind(value)?)?;
    held.insert(0, kind.into());
    Some(v8::Array::new_with_elements(scope, &held).into())
}

/// The own keys of an object that are no indices, symbols included: all of them, or the enumerable ones. Of a long array that is
/// much less than all its keys. Runs no code of the case, but for a proxy's.
pub(crate) fn keys<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
    all: v8::Local<'s, v8::Value>,
) -> Option<v8::Local<'s, v8::Value>> {
    let object = v8::Local::<v8::Object>::try_from(value).ok()?;
    let filter = if all.is_true() { v8::PropertyFilter::ALL_PROPERTIES } else { v8::PropertyFilter::ONLY_ENUMERABLE };
    let which = v8::GetPropertyNamesArgsBuilder::new()
        .mode(v8::KeyCollectionMode::OwnOnly)
        .property_filter(filter)
        .index_filter(v8::IndexFilter::SkipIndices)
        .build();
    object.get_property_names(scope, which).map(Into::into)
}

fn kind(value: v8::Local<'_, v8::Value>) -> Option<&'static str> {
    type Is = fn(&v8::Value) -> bool;
    const KINDS: [(Is, &str); 25] = [
        (v8::Value::is_proxy, "proxy"),
        (v8::Value::is_promise, "promise"),
        (v8::Value::is_map_iterator, "mapIterator"),
        (v8::Value::is_set_iterator, "setIterator"),
        (v8::Value::is_map, "map"),
        (v8::Value::is_set, "set"),
        (v8::Value::is_weak_map, "weakMap"),
        (v8::Value::is_weak_set, "weakSet"),
        (v8::Value::is_date, "date"),
        (v8::Value::is_reg_exp, "regexp"),
        (v8::Value::is_native_error, "error"),
        (v8::Value::is_array_buffer, "arrayBuffer"),
        (v8::Value::is_shared_array_buffer, "sharedArrayBuffer"),
        (v8::Value::is_data_view, "dataView"),
        (v8::Value::is_typed_array, "typedArray"),
        (v8::Value::is_arguments_object, "arguments"),
        (v8::Value::is_generator_object, "generator"),
        (v8::Value::is_number_object, "boxed"),
        (v8::Value::is_string_object, "boxed"),
        (v8::Value::is_boolean_object, "boxed"),
        (v8::Value::is_big_int_object, "boxed"),
        (v8::Value::is_symbol_object, "boxed"),
        (is_async_generator_function, "asyncGeneratorFunction"),
        (v8::Value::is_async_function, "asyncFunction"),
        (v8::Value::is_generator_function, "generatorFunction"),
    ];
    if value.is_module_namespace_object() {
        return Some("module");
    }
    KINDS.iter().find(|(is, _)| is(&value)).map(|(_, kind)| *kind)
}

fn is_async_generator_function(value: &v8::Value) -> bool {
    value.is_async_function() && value.is_generator_function()
}
