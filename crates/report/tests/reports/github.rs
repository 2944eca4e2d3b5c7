//! The annotations, read as GitHub's runner reads them.

use deem_case::{Outcome, Value};
use deem_report::github;

use crate::made::{Made, compile_error, every_verdict};

#[test]
fn failures_are_errors_and_warnings_are_warnings() {
    insta::assert_snapshot!(github(&[compile_error().judged(), every_verdict().judged()]));
}

#[test]
fn what_would_end_a_message_or_a_property_is_escaped() {
    let mut made = Made::new("a:b,c%", "so,me:where\n.js");
    made.case("x", vec![], Value::from(1), Ok(Outcome::Crashed("50%\r\n::warning::more".into())), "");
    let annotations = github(&[made.judged()]);
    let mut lines = annotations.lines();
    let error = "::error file=so%2Cme%3Awhere%0A.js,title=a%3Ab%2Cc%25%3A RE in case x::\
                 crashed: 50%25\u{240d}%0A::warning::more";
    assert_eq!(lines.next(), Some(error));
    assert_eq!(lines.next(), Some("::notice title=deem::0 of 1 submission and 0 of 1 case accepted"));
    assert_eq!(lines.next(), None);
}

#[test]
fn there_are_no_more_than_github_shows_and_the_rest_is_counted() {
    let mut made = Made::new("sum", "sum.js");
    for number in 0..1_000 {
        made.case(&number.to_string(), vec![], Value::from(1), Ok(Outcome::Returned(Value::from(2))), "");
    }
    made.warnings = vec!["careful".into(); 12];
    let annotations = github(&[made.judged()]);
    assert_eq!(annotations.matches("::error ").count(), 10);
    assert_eq!(annotations.matches("::warning ").count(), 10);
    let last = annotations.lines().last().unwrap();
    assert_eq!(
        last,
        "::notice title=deem::0 of 1 submission and 0 of 1,000 cases accepted; \
         990 errors not shown here; 2 warnings not shown here"
    );
}

#[test]
fn an_exception_that_was_expected_is_no_error() {
    let mut made = Made::new("sum", "sum.js");
    let expected = deem_case::Expected::Throws { name: Some("TypeError".into()), message: None };
    made.case("throws", vec![], expected, Ok(Outcome::Threw(crate::made::type_error())), "");
    assert_eq!(github(&[made.judged()]), "::notice title=deem::1 of 1 submission and 1 of 1 case accepted\n");
}
