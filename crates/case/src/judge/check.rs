use crate::checker::short;
use crate::{Case, Checker, Difference, Exception, Execution, Expected, Outcome};

/// Whether what happened is what was expected, and where it is not.
pub(super) fn check(expected: &Expected, execution: &Execution, checker: &Checker) -> (bool, Option<Difference>) {
    let difference = match (expected, &execution.result) {
        (Expected::Value(expected), Ok(Outcome::Returned(value))) => checker.difference(expected, value),
        (Expected::AnyOf(all), Ok(Outcome::Returned(value))) => {
            let mut nearest: Option<(usize, Difference)> = None;
            for expected in all {
                match checker.distance(expected, value) {
                    None => return (true, None),
                    Some(found) if nearest.as_ref().is_none_or(|(most, _)| found.0 > *most) => nearest = Some(found),
                    Some(_) => {}
                }
            }
            return (false, nearest.map(|(_, difference)| among(all.len(), difference)));
        }
        (Expected::Throws { name, message }, Ok(Outcome::Returned(value))) => {
            Some(thrown(name, message, format!("the answer {}", short(value))))
        }
        (Expected::Throws { name, message }, Ok(Outcome::Threw(exception))) => {
            let is_named = name.as_ref().is_none_or(|name| *name == exception.name);
            let says = message.as_ref().is_none_or(|message| exception.message.contains(message.as_str()));
            (!is_named || !says).then(|| thrown(name, message, describe(exception)))
        }
        _ => return (false, None),
    };
    (difference.is_none(), difference)
}

/// Whether it is for the checker to say if the answer is right.
pub(super) fn is_checked(case: &Case, execution: &Execution) -> bool {
    matches!(execution.result, Ok(Outcome::Returned(_))) && !matches!(case.expected, Expected::Throws { .. })
}

fn among(answers: usize, difference: Difference) -> Difference {
    if answers < 2 {
        return difference;
    }
    let expected = format!("{} in the nearest of {answers} right answers", difference.expected);
    Difference { expected, ..difference }
}

/// The difference between an error that was to be thrown and what was there instead.
fn thrown(name: &Option<String>, message: &Option<String>, actual: String) -> Difference {
    let error = name.as_ref().map_or("an error".to_owned(), |name| format!("a thrown {name}"));
    let expected = match message {
        Some(message) => format!("{error} with {message:?} in its message"),
        None if name.is_none() => "an error to be thrown".to_owned(),
        None => error,
    };
    Difference { path: "result".to_owned(), expected, actual }
}

fn describe(exception: &Exception) -> String {
    format!("a thrown {}", exception.headline())
}
