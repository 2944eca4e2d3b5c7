//! The JUnit report, read as a CI server reads it.

use std::io::Cursor;

use deem_report::{Junit, junit};
use roxmltree::{Document, Node};

use crate::made::{Made, compile_error, every_verdict};

fn named<'a, 'i>(document: &'a Document<'i>, tag: &str) -> Vec<Node<'a, 'i>> {
    document.descendants().filter(|node| node.has_tag_name(tag)).collect()
}

#[test]
fn every_verdict_has_its_form() {
    insta::assert_snapshot!(junit(&[every_verdict().judged()]).unwrap());
}

#[test]
fn a_program_that_does_not_compile_is_one_test_case_that_says_so() {
    insta::assert_snapshot!(junit(&[compile_error().judged()]).unwrap());
}

#[test]
fn the_counts_are_those_of_the_verdicts() {
    let xml = junit(&[every_verdict().judged(), compile_error().judged()]).unwrap();
    let document = Document::parse(&xml).unwrap();
    let root = document.root_element();
    let counts = ["tests", "failures", "errors"].map(|name| root.attribute(name).unwrap());
    assert_eq!(counts, ["13", "3", "8"]);
    let suites = named(&document, "testsuite");
    assert_eq!(suites[0].attribute("skipped"), Some("1"));
    let cases = |suite: &Node| suite.children().filter(|child| child.has_tag_name("testcase")).count();
    assert_eq!(suites.iter().map(cases).collect::<Vec<_>>(), [12, 1], "each has its own");
    assert_eq!(named(&document, "failure").len(), 3);
    assert_eq!(named(&document, "error").len(), 8);
}

#[test]
fn submissions_to_the_same_suite_are_told_apart() {
    let (one, other) = (Made::new("sum", "a.js"), Made::new("sum", "b.js"));
    let xml = junit(&[one.judged(), other.judged()]).unwrap();
    let document = Document::parse(&xml).unwrap();
    let names: Vec<_> = named(&document, "testsuite").iter().filter_map(|suite| suite.attribute("name")).collect();
    assert_eq!(names, ["sum (a.js)", "sum (b.js)"]);
}

#[test]
fn a_submission_that_has_not_ended_is_no_report() {
    let mut report = Junit::new(Cursor::new(Vec::new()));
    let made = every_verdict();
    report.begin(&made.judged());
    report.case(&made.judged(), None, &made.report.cases[0]).unwrap();
    let mut text = Vec::new();
    assert_eq!(report.finish(&mut text).unwrap_err().to_string(), "a submission has not ended");
}

#[test]
fn no_submission_is_an_empty_report() {
    assert!(Document::parse(&junit(&[]).unwrap()).is_ok());
}
