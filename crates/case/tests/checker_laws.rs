//! What holds for every value: whatever equals itself does so in any order, and no comparison panics.

use deem_case::{BufferKind, Checker, Equality, JsString, Order, TextChecker, Tolerance, Value};
use proptest::collection::vec;
use proptest::prelude::*;

fn value() -> impl Strategy<Value = Value> {
    let text = || "[a-c]{0,2}".prop_map(JsString::from);
    let number =
        prop_oneof![(-3..4).prop_map(f64::from), any::<f64>(), Just(f64::NAN), Just(-0.0), Just(f64::INFINITY)];
    let leaf = prop_oneof![
        Just(Value::Undefined),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.clone().prop_map(Value::Number),
        any::<i64>().prop_map(|n| Value::BigInt(n.into())),
        text().prop_map(Value::String),
        number.prop_map(Value::Date),
        text().prop_map(|message| Value::Error { name: "TypeError".into(), message }),
        vec(any::<u8>(), 0..3).prop_map(|bytes| Value::Bytes(BufferKind::Uint8Array, bytes)),
        // Often of an object that there is, sometimes of one that there is not.
        (0_u32..6).prop_map(Value::Reference),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let named = (text(), inner.clone());
        prop_oneof![
            vec(prop::option::weighted(0.9, inner.clone()), 0..5).prop_map(Value::Array),
            vec(named, 0..4).prop_map(|properties| {
                let mut names = std::collections::HashSet::new();
                Value::Object(properties.into_iter().filter(|(name, _)| names.insert(name.clone())).collect())
            }),
            vec(inner.clone(), 0..4).prop_map(Value::Set),
            vec((inner.clone(), inner), 0..4).prop_map(Value::Map),
        ]
    })
}

/// A value without references, and so one whose parts may be moved about.
fn tree() -> impl Strategy<Value = Value> {
    value().prop_map(|value| {
        fn plain(value: Value) -> Value {
            match value {
                Value::Reference(number) => Value::Number(number.into()),
                Value::Array(elements) => Value::Array(elements.into_iter().map(|each| each.map(plain)).collect()),
                Value::Object(all) => Value::Object(all.into_iter().map(|(name, each)| (name, plain(each))).collect()),
                Value::Set(members) => Value::Set(members.into_iter().map(plain).collect()),
                Value::Map(all) => Value::Map(all.into_iter().map(|(key, each)| (plain(key), plain(each))).collect()),
                other => other,
            }
        }
        plain(value)
    })
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![
        Just(Order::Given),
        (0_usize..4).prop_map(|depth| Order::Any { depth }),
        (0_usize..4).prop_map(|depth| Order::Set { depth }),
    ]
}

fn tolerance() -> impl Strategy<Value = Tolerance> {
    let error = || prop_oneof![Just(0.0), Just(1e-9), Just(1.0), Just(2.0)];
    (error(), error()).prop_map(|(absolute, relative)| Tolerance { absolute, relative })
}

fn checker() -> impl Strategy<Value = Checker> {
    let paths =
        prop_oneof![Just(vec![]), Just(vec!["result[*]"]), Just(vec!["result[0].a", "result.*", "result.get(*)"])];
    let equality = (any::<bool>(), tolerance(), paths, order()).prop_map(|(signed_zero, tolerance, paths, order)| {
        let tolerant_at = paths.iter().map(|path| path.parse().unwrap()).collect();
        Checker::Values(Equality { signed_zero, unequal_nan: false, tolerance, tolerant_at, order })
    });
    let tokens = (tolerance(), any::<bool>())
        .prop_map(|(tolerance, ignore_case)| TextChecker::Tokens { tolerance, ignore_case });
    let text = prop_oneof![tokens, Just(TextChecker::Lines), Just(TextChecker::Identical)];
    prop_oneof![3 => equality, 1 => text.prop_map(Checker::Text)]
}

proptest! {
    #[test]
    fn a_tree_equals_itself(value in tree(), order in order(), tolerance in tolerance()) {
        let checker = Checker::Values(Equality { order, tolerance, ..Equality::default() });
        prop_assert_eq!(checker.difference(&value, &value), None);
    }

    #[test]
    fn no_two_values_make_a_comparison_panic(checker in checker(), one in value(), other in value()) {
        if let Some(difference) = checker.difference(&one, &other) {
            prop_assert!(!difference.path.is_empty());
        }
        let _ = checker.difference(&one, &one); // a reference to what there is not equals nothing
    }

    #[test]
    fn without_a_tolerance_equality_is_symmetric(one in tree(), other in tree(), order in order()) {
        let checker = Checker::Values(Equality { order, ..Equality::default() });
        prop_assert_eq!(
            checker.difference(&one, &other).is_none(),
            checker.difference(&other, &one).is_none()
        );
    }

    #[test]
    fn a_shuffled_array_is_the_same_multiset(
        (elements, shuffled) in vec(tree(), 0..8).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        tolerance in tolerance(),
    ) {
        let checker = Checker::Values(Equality { order: Order::Any { depth: 1 }, tolerance, ..Equality::default() });
        prop_assert_eq!(checker.difference(&elements.clone().into(), &shuffled.into()), None);
        let more: Value = elements.iter().cloned().chain([Value::from("one more")]).collect::<Vec<_>>().into();
        prop_assert!(checker.difference(&elements.into(), &more).is_some());
    }

    #[test]
    fn an_answer_within_the_tolerance_is_right_in_any_order(
        (numbers, shuffled) in vec((-9_i32..9, -1.0..1.0), 0..9)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        in_arrays in any::<bool>(),
    ) {
        let tolerance = Tolerance { absolute: 1.0, relative: 0.0 };
        let checker = Checker::Values(Equality { order: Order::Any { depth: 1 }, tolerance, ..Equality::default() });
        let element = |number: f64| if in_arrays { Value::array([number]) } else { number.into() };
        let expected = Value::array(numbers.iter().map(|(number, _)| element((*number).into())));
        let actual = Value::array(shuffled.iter().map(|(number, error)| element(f64::from(*number) + error)));
        prop_assert_eq!(checker.difference(&expected, &actual), None);
    }

    #[test]
    fn duplicates_do_not_change_a_set(elements in vec(tree(), 0..6), twice in vec(any::<prop::sample::Index>(), 0..4)) {
        let checker = Checker::Values(Equality { order: Order::Set { depth: 1 }, ..Equality::default() });
        let more = twice.iter().filter(|_| !elements.is_empty()).map(|index| index.get(&elements).clone());
        let actual: Value = more.chain(elements.iter().cloned()).collect::<Vec<_>>().into();
        prop_assert_eq!(checker.difference(&elements.into(), &actual), None);
    }

    #[test]
    fn texts_equal_themselves_whatever_is_in_them(text in any::<String>(), other in any::<String>(), tolerance in tolerance()) {
        let tokens = TextChecker::Tokens { tolerance, ignore_case: false };
        for checker in [tokens, TextChecker::Lines, TextChecker::Identical].map(Checker::Text) {
            prop_assert_eq!(checker.difference(&text.as_str().into(), &text.as_str().into()), None);
            let _ = checker.difference(&text.as_str().into(), &other.as_str().into());
        }
    }
}
