//! Text that wants to be more than text, in every field that a submission or a suite can choose.

use std::collections::BTreeSet;
use std::time::Duration;

use deem_case::{Bytes, Exception, Expected, InternalError, JsString, MAX_DEPTH, Outcome, Usage, Value};
use deem_report::{github, html, junit};
use roxmltree::Document;
use scraper::{Html, Selector};

use crate::made::Made;

pub const HOSTILE: [&str; 10] = [
    "</script><img src=x onerror=\"document.title='owned'\">",
    "</style><script>document.title='owned'</script>",
    "]]><testcase name='forged'/><![CDATA[",
    "--><!DOCTYPE html><svg onload=alert(1)>",
    "\" onmouseover=\"alert(1)\" '",
    "{{ 7 * 7 }}{% raw %}&lt;&amp;",
    "</title></textarea></code></pre><base href=//elsewhere>",
    "\0\x01\x08\x0b\x1b[31m\x7f\u{85}\u{202e}\u{2066}\u{fffe}\u{ffff}",
    "first\r\n::error file=x::forged\n##[error]forged\n::stop-commands::x",
    "javascript:alert(1)//\u{2028}\u{10ffff}",
];

/// A submission of which every text is this one.
pub fn made_of(text: &str) -> Made {
    let mut made = Made::new(text, text);
    made.source = format!("{text}\n{text}");
    made.engine = text.to_owned();
    made.warnings = vec![text.to_owned()];
    let thrown = || Exception {
        name: text.to_owned(),
        message: text.to_owned(),
        line: Some(1),
        column: Some(3),
        stack: vec![text.to_owned(); 3],
    };
    let value = || {
        let mut units: Vec<u16> = text.encode_utf16().collect();
        units.push(0xd800);
        let lone: JsString = JsString::from_utf16(units);
        Value::array([Value::from(text), Value::String(lone.clone()), Value::Object(vec![(lone, Value::Null)])])
    };
    let throws = Expected::Throws { name: Some(text.to_owned()), message: Some(text.to_owned()) };
    made.case(text, vec![value()], value(), Ok(Outcome::Returned(Value::from(text))), text);
    made.case(text, vec![value()], Value::Null, Ok(Outcome::Threw(thrown())), text);
    made.case(text, vec![value()], throws, Ok(Outcome::Returned(value())), text);
    made.case(text, vec![value()], Expected::AnyOf(vec![value()]), Ok(Outcome::UnhandledRejection(thrown())), text);
    made.case(text, vec![], Value::Null, Ok(Outcome::Unrepresentable(text.to_owned())), text);
    made.case(text, vec![], Value::Null, Ok(Outcome::NoEntry(text.to_owned())), text);
    made.case(text, vec![], Value::Null, Ok(Outcome::Crashed(text.to_owned())), text);
    made.case(text, vec![], Value::Null, Err(InternalError(text.to_owned())), text);
    made.skipped(text);
    made.accepted(text);
    made.report.compile_error = Some(thrown());
    made
}

fn elements(page: &Html) -> BTreeSet<(String, String)> {
    let everything = Selector::parse("*").expect("a selector");
    let names = page.select(&everything).flat_map(|element| {
        let name = element.value().name().to_owned();
        let attributes: Vec<_> = element.value().attrs().map(|(attribute, _)| attribute.to_owned()).collect();
        attributes.into_iter().chain([String::new()]).map(move |attribute| (name.clone(), attribute))
    });
    names.collect()
}

#[test]
fn no_text_adds_an_element_or_an_attribute_to_the_page() {
    let harmless = elements(&Html::parse_document(&html(&[made_of("xxxx").judged()]).unwrap()));
    assert!(harmless.contains(&("pre".into(), String::new())), "{harmless:?}");
    for text in HOSTILE {
        let page = Html::parse_document(&html(&[made_of(text).judged()]).unwrap());
        let added: Vec<_> = elements(&page).difference(&harmless).cloned().collect();
        assert_eq!(added, [], "{text:?}");
        // Only what a browser itself would put right is an error of the page.
        assert_eq!(page.errors, Vec::<std::borrow::Cow<str>>::new(), "{text:?}");
    }
}

#[test]
fn a_page_shows_hostile_text_as_it_is() {
    for text in HOSTILE.iter().filter(|text| !text.contains(char::is_control)) {
        let page = Html::parse_document(&html(&[made_of(text).judged()]).unwrap());
        let console = Selector::parse(".values pre code").expect("a selector");
        assert!(page.select(&console).any(|code| code.text().collect::<String>() == *text), "{text:?}");
    }
}

#[test]
fn no_text_adds_an_element_to_the_xml() {
    for text in HOSTILE {
        let xml = junit(&[made_of(text).judged()]).unwrap();
        let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let count = |tag| document.descendants().filter(|node| node.has_tag_name(tag)).count();
        // Ten cases, and one for what does not compile.
        assert_eq!(
            [count("testsuite"), count("testcase"), count("failure"), count("error")],
            [1, 11, 2, 7],
            "{text:?}"
        );
    }
}

#[test]
fn no_text_adds_a_command_to_the_annotations() {
    for text in HOSTILE {
        let annotations = github(&[made_of(text).judged()]);
        let commands: Vec<&str> =
            annotations.split('\n').map(|line| line.split([' ', ':']).nth(2).unwrap_or("")).collect();
        let mut expected = vec!["warning"];
        expected.extend(["error"; 9]);
        expected.extend(["notice", ""]);
        assert_eq!(commands, expected, "{annotations}");
        assert!(!annotations.contains('\r'));
    }
}

#[test]
fn the_deepest_values_and_the_largest_quantities_are_written_out() {
    let mut made = Made::new("deep", "deep.js");
    let nested = |core: i32| (1..MAX_DEPTH).fold(Value::array([core]), |value, _| Value::array([value]));
    made.case("deep", vec![nested(1)], nested(2), Ok(Outcome::Returned(nested(3))), "");
    made.accepted("quick");
    let most = Bytes(usize::MAX);
    let usage = Usage {
        wall: Duration::MAX,
        cpu: Some(Duration::MAX),
        gc: Some(Duration::MAX),
        heap: Some(most),
        external: Some(most),
        output: most,
    };
    for report in &mut made.report.cases {
        report.execution.as_mut().expect("both were run").usage = usage;
    }
    let page = Html::parse_document(&html(&[made.judged(), made.judged()]).unwrap());
    let marks = Selector::parse("#s2-d1 ins, #s2-d1 del").expect("a selector");
    assert_eq!(page.select(&marks).map(|mark| mark.text().collect::<String>()).collect::<Vec<_>>(), ["2", "3"]);
    assert!(Document::parse(&junit(&[made.judged(), made.judged()]).unwrap()).is_ok());
    assert!(github(&[made.judged()]).contains("expected 2, got 3"));
}

#[test]
fn ten_megabytes_in_every_field_make_a_report_that_can_be_opened() {
    let made = made_of(&"<\u{e9}\0>".repeat(2 << 20));
    let page = html(&[made.judged()]).unwrap();
    assert!(page.len() < 1 << 20, "{}", page.len());
    assert!(page.contains("bytes more"));
    let xml = junit(&[made.judged()]).unwrap();
    assert!(xml.len() < 4 << 20, "{}", xml.len());
    Document::parse(&xml).unwrap();
    assert!(github(&[made.judged()]).len() < 256 << 10);
}
