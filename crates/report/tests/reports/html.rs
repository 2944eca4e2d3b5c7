//! The HTML report, parsed as a browser parses it.

use std::collections::HashSet;
use std::time::Duration;

use deem_case::{Outcome, Value};
use deem_report::{html, junit};
use scraper::{Html, Selector};

use crate::made::{Made, compile_error, every_verdict};

fn all(page: &Html, selector: &str) -> Vec<String> {
    page.select(&Selector::parse(selector).expect("a selector")).map(|element| element.text().collect()).collect()
}

fn attributes(page: &Html, name: &str) -> Vec<String> {
    let holders = Selector::parse(&format!("[{name}]")).expect("a selector");
    page.select(&holders).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
}

fn parsed(made: &[&Made]) -> Html {
    let judged: Vec<_> = made.iter().map(|made| made.judged()).collect();
    let page = Html::parse_document(&html(&judged).unwrap());
    assert_eq!(page.errors, Vec::<std::borrow::Cow<str>>::new());
    page
}

/// Many cases of which every tenth throws.
fn many(cases: usize) -> Made {
    let mut made = Made::new("many", "many.js");
    for number in 0..cases {
        match number % 10 {
            9 => made.case("bad", vec![], Value::Null, Ok(Outcome::Threw(crate::made::type_error())), "la\n"),
            _ => made.accepted("good"),
        };
    }
    made
}

#[test]
fn the_grid_has_every_case_with_its_verdict_in_letters() {
    let page = parsed(&[&every_verdict()]);
    let cells = ["✓", "WA", "RE", "TLE", "MLE", "OLE", "RE", "CE", "IE", "WA", "WA", "SK"];
    assert_eq!(all(&page, ".grid a"), cells);
    let labels = attributes(&page, "aria-label");
    let names: Vec<&String> = labels.iter().filter(|label| label.starts_with("case ")).take(2).collect();
    assert_eq!(names, ["case 1 pair: Accepted", "case 2 duplicates: Wrong answer"]);
}

#[test]
fn processor_time_is_told_where_it_is_known_and_else_wall_time() {
    let mut made = Made::new("sum", "sum.js");
    made.accepted("quick");
    made.accepted("slow");
    for (report, milliseconds) in made.report.cases.iter_mut().zip([1, 3]) {
        let usage = &mut report.execution.as_mut().unwrap().usage;
        (usage.wall, usage.cpu) = (Duration::from_secs(9), Some(Duration::from_millis(milliseconds)));
    }
    let page = parsed(&[&made]);
    let facts =
        |page: &Html| all(page, ".facts dd").contains(&"p50 1 ms · p95 3 ms · max 3 ms (case 2 slow)".to_owned());
    assert!(facts(&page) && all(&page, ".facts dt").contains(&"processor time".to_owned()));
    assert_eq!(all(&page, "td.right:nth-child(4)"), ["1 ms", "3 ms"]);
    assert_eq!(
        [&all(&page, "th")[3], &all(&page, "figcaption")[0]],
        ["Processor time", "Processor time, case by case"]
    );
    let labels = attributes(&page, "aria-label");
    assert!(labels.contains(&"Processor time, case by case: max 3 ms in case 2 slow".to_owned()), "{labels:?}");

    for report in &mut made.report.cases {
        report.execution.as_mut().unwrap().usage.cpu = None;
    }
    let page = parsed(&[&made]);
    assert_eq!(all(&page, "td.right:nth-child(4)"), ["9,000 ms", "9,000 ms"]);
    assert_eq!([&all(&page, "th")[3], &all(&page, "figcaption")[0]], ["Wall time", "Wall time, case by case"]);
}

#[test]
fn a_failure_tells_the_first_difference_the_values_and_the_console() {
    let page = parsed(&[&every_verdict()]);
    assert_eq!(all(&page, "#s1-d2 .reason"), ["result[1]: expected 1, got 0"]);
    assert_eq!(all(&page, "#s1-d2 pre"), ["[3,3], 6", "[0,1]", "[0,0]", "scan 0 3\nscan 1 3\n"]);
    assert_eq!([all(&page, "#s1-d2 ins"), all(&page, "#s1-d2 del")], [["1"], ["0"]]);
}

#[test]
fn arguments_that_have_names_are_told_by_them() {
    let mut made = every_verdict();
    made.param_names = vec!["<numbers>".to_owned()];
    assert_eq!(all(&parsed(&[&made]), "#s1-d2 pre")[0], "<numbers> = [3,3], 6");
    assert!(junit(&[made.judged()]).unwrap().contains("input: &lt;numbers&gt; = [3,3], 6"));
}

#[test]
fn an_error_is_shown_at_its_place_in_the_failure_and_in_the_source() {
    let page = parsed(&[&every_verdict()]);
    assert_eq!(all(&page, "#s1-d3 .error a"), ["solutions/pairs.js:7:21"]);
    assert_eq!(all(&page, "#s1-d3 mark"), ["none"]);
    assert_eq!(all(&page, "#s1-d3 .stack li"), ["pairs (solution.js:7:21)"]);
    assert_eq!(all(&page, ".line.marked code"), ["  return numbers[0].none.length;"]);
    let page = parsed(&[&compile_error()]);
    assert_eq!(all(&page, ".headline"), ["SyntaxError: Unexpected token ')'"]);
    assert_eq!(all(&page, ".line.marked mark"), [")"]);
}

#[test]
fn headings_leave_no_level_out() {
    for made in [&[&every_verdict()][..], &[&compile_error()], &[&every_verdict(), &compile_error()]] {
        let page = parsed(made);
        let headings = Selector::parse("h1, h2, h3, h4, h5, h6").expect("a selector");
        let levels: Vec<u8> =
            page.select(&headings).map(|heading| heading.value().name().as_bytes()[1] - b'0').collect();
        assert_eq!(levels[0], 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    }
}

#[test]
fn every_link_leads_to_a_place_on_the_page() {
    let many = many(6_000);
    for made in [&[&every_verdict(), &compile_error(), &many][..], &[&many], &[]] {
        let page = parsed(made);
        let ids = attributes(&page, "id");
        let places: HashSet<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(places.len(), ids.len(), "each id is there once");
        for href in attributes(&page, "href")
            .iter()
            .chain(&attributes(&page, "aria-labelledby").iter().map(|id| format!("#{id}")).collect::<Vec<_>>())
        {
            assert!(href.strip_prefix('#').is_some_and(|id| places.contains(id)), "{href}");
        }
    }
}

#[test]
fn nothing_is_asked_of_anybody_and_no_style_but_its_own_is_applied() {
    let text = html(&[every_verdict().judged()]).unwrap();
    for outside in ["src=", "url(", "@import", "http:", "https:", "<script", "<link", " style="] {
        assert!(!text.contains(outside), "{outside}");
    }
    let page = Html::parse_document(&text);
    let policy = &attributes(&page, "content")[0];
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn of_very_many_cases_the_failures_come_first_and_the_rest_is_counted() {
    let page = parsed(&[&many(6_000)]);
    let cells = all(&page, ".grid a");
    assert_eq!(cells.len(), 5_000);
    assert_eq!(cells.iter().filter(|cell| *cell == "RE").count(), 600);
    assert_eq!(all(&page, "article.failure").len(), 50);
    let omissions = all(&page, ".omission").join("\n");
    assert!(omissions.contains("1,000 cases more not shown"), "{omissions}");
    assert!(omissions.contains("550 failures more not told in detail"), "{omissions}");
}

#[test]
fn of_very_many_warnings_some_are_shown_and_the_rest_is_counted() {
    let mut made = every_verdict();
    made.warnings = (1..=1_020).map(|number| format!("warning {number}")).collect();
    let warnings = all(&parsed(&[&made]), ".warnings li");
    assert_eq!(warnings.len(), 21);
    assert_eq!([warnings[0].as_str(), &warnings[20]], ["! warning 1", "! 1,000 warnings more not shown."]);
}

#[test]
fn very_many_submissions_make_a_page_that_can_be_opened() {
    let (one, error) = (many(30), compile_error());
    let judged: Vec<_> = (0..1_500).map(|number| if number % 2 == 0 { one.judged() } else { error.judged() }).collect();
    let text = html(&judged).unwrap();
    assert!(text.len() < 16 << 20, "{}", text.len());
    assert!(text.contains("1,000 submissions more not shown."));
}

#[test]
fn a_report_whose_cases_are_not_at_hand_is_shown_without_inputs() {
    let made = every_verdict();
    let judged = deem_report::Judged { cases: &[], ..made.judged() };
    let page = Html::parse_document(&html(&[judged]).unwrap());
    assert_eq!(all(&page, "#s1-d2 pre"), ["[0,0]", "scan 0 3\nscan 1 3\n"]);
}
