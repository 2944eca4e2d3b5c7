use std::path::Path;

use anstyle::Style;
use deem_core::{Case, CaseReport, Checker, Entry, Exception, Expected, InternalError, Outcome, Value};
use deem_report::quantity::count;
use unicode_width::UnicodeWidthStr as _;

use super::answers::answers;
use super::frame::frame;
use super::palette::{ACTUAL, DIM, EXPECTED, look, paint};
use super::text::{bounded, in_line, plain};
use super::totals::named;
use crate::output::{Ending, Run};
use crate::remedy;

/// The most characters of a value that are shown.
pub(super) const MOST_OF_A_VALUE: usize = 400;

/// The most characters of an id that are shown.
pub(super) const MOST_OF_AN_ID: usize = 80;

/// The most lines of a console that are shown.
const MOST_LINES: usize = 20;

/// The most right answers that are shown, where there are several.
const MOST_ANSWERS: usize = 10;

/// The most calls of a stack that are shown.
const MOST_CALLS: usize = 8;

/// What came of one case that failed: what it was given, what was wrong, what it wrote, and how to run it again.
pub(super) fn failure(run: &Run<'_>, number: usize, case: &Case, report: &CaseReport, width: usize) -> String {
    let look = look(report.verdict);
    let head = format!("── {} on case {} ", look.words, named(number, &report.id));
    let rule = "─".repeat(width.saturating_sub(head.width()));
    let mut text = format!("{}{}\n", paint(look.style, &head), paint(DIM, &rule));

    text += &field("input", &input(run, &case.args, width.saturating_sub(INDENT)));
    let result = report.execution.as_ref().map(|execution| &execution.result);
    let wanted = || field("expected", &paint(EXPECTED, &expected(&case.expected)));
    match result {
        None => text += &wanted(),
        Some(Ok(Outcome::Returned(value))) => match (&case.expected, run.checker) {
            // What a program accepts is its own affair.
            (Expected::Value(expected), Checker::Values(_) | Checker::Text(_)) => {
                text += &answers(run.checker, expected, value, report.difference.as_ref(), width);
            }
            _ => text += &(wanted() + &field("actual", &paint(ACTUAL, &bounded(value, MOST_OF_A_VALUE)))),
        },
        Some(Ok(Outcome::Threw(thrown))) => {
            text += &(wanted() + &error(run, &thrown.headline(), thrown));
            text += &help(remedy::of_thrown(run.entry, run.engine.isolation == "node", thrown));
        }
        Some(Ok(Outcome::UnhandledRejection(thrown))) => {
            let headline = format!("a rejected promise is left unhandled: {}", thrown.headline());
            text += &(wanted() + &error(run, &headline, thrown));
        }
        Some(Ok(outcome)) => {
            text += &(wanted() + &field("actual", &paint(ACTUAL, &bounded(outcome, MOST_OF_A_VALUE))));
        }
        Some(Err(InternalError(why))) => text += &field("not judged", &paint(ACTUAL, &in_line(why))),
    }
    if let Some(difference) = &report.difference {
        let (wanted, found) = (in_line(&difference.expected), in_line(&difference.actual));
        // Of a number it would only repeat what is above.
        let is_told = wanted == expected(&case.expected) && report.execution.as_ref().is_some_and(|execution| {
            matches!(&execution.result, Ok(Outcome::Returned(value)) if found == bounded(value, MOST_OF_A_VALUE))
        });
        if !is_told {
            let path = bounded(&difference.path, MOST_OF_A_VALUE);
            let (wanted, found) = (paint(EXPECTED, &wanted), paint(ACTUAL, &found));
            text += &field("differs", &format!("{path}: expected {wanted}, got {found}"));
        }
    }
    if let Some(execution) = &report.execution
        && execution.console.written() > 0
    {
        text += &field("console", &some_lines(execution.console.text(), execution.console.omitted()));
    }
    if let Some(again) = run.again {
        let command = format!("{again} --case {}", quoted(&if_plain(&report.id, number)));
        text += &field("run again", &paint(DIM, &command));
    }
    text + "\n"
}

/// Why the program does not compile.
pub(super) fn compile_error(run: &Run<'_>, exception: &Exception, remedy: Option<&str>) -> String {
    let text = error(run, &exception.headline(), exception);
    text + &help(remedy) + "\n"
}

fn help(what: Option<&str>) -> String {
    what.map_or_else(String::new, |what| format!("  = help: {what}\n"))
}

/// Why no case was run, in a line; nothing, where some were.
pub(super) fn before_the_first_case(run: &Run<'_>, ending: &Ending<'_>) -> Option<String> {
    let compiling = ending.compile_error.map(|error| in_line(&at_home(&bounded(error, 200), run.solution)));
    compiling.or_else(|| ending.failure.map(|why| format!("deem failed: {}", bounded(&why, 200))))
}

/// That the program lacks the function that is called: the same for every case.
pub(super) fn no_entry(run: &Run<'_>, what: &str) -> String {
    let text = frame(run, what, &Exception::default());
    text + &help(Some("define it, or say with --entry which function to call")) + "\n"
}

/// A failure in one line.
pub(crate) fn line(case: &Case, report: &CaseReport) -> String {
    let CaseReport { id: _, verdict, execution, difference } = report;
    let what = match (difference, execution.as_ref().map(|execution| &execution.result)) {
        (Some(difference), _) => bounded(difference, 200),
        (None, None | Some(Ok(Outcome::Returned(_)))) => String::new(),
        (None, Some(Ok(outcome))) => bounded(outcome, 200),
        (None, Some(Err(error))) => bounded(error, 200),
    };
    format!("case {}: {verdict}: {what}", bounded(&case.id, MOST_OF_AN_ID)).trim_end_matches(": ").to_owned()
}

/// The command line that has `word` as one word.
pub(crate) fn quoted(word: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_./,:@%+=".contains(c);
    if !word.is_empty() && word.chars().all(is_safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The id, or the number where the id is long or nothing to type, or would be taken for an option.
fn if_plain(id: &str, number: usize) -> String {
    let is_plain = id.len() <= 40
        && !id.is_empty()
        && !id.starts_with('-')
        && id.chars().all(|c| !c.is_control() && !"*?[]{}\\!".contains(c));
    if is_plain { id.to_owned() } else { number.to_string() }
}

/// What the case was given, each argument by its name, if it has one. What a program reads is shown as it is.
fn input(run: &Run<'_>, args: &[Value], room: usize) -> String {
    if let ([Value::String(read)], Entry::Program) = (args, run.entry) {
        let read = read.to_text();
        if read.trim_end().contains('\n') {
            return some_lines(&read, 0);
        }
    }
    let each = (MOST_OF_A_VALUE / args.len().max(1)).max(40);
    let named = args.iter().enumerate().map(|(index, value)| match run.param_names.get(index) {
        Some(name) => format!("{} = {}", bounded(&name, 40), bounded(value, each)),
        None => bounded(value, each),
    });
    let shown: Vec<String> = named.collect();
    if shown.is_empty() {
        return "no arguments".to_owned();
    }
    let line = shown.join(", ");
    // With names, each has a line of its own where they do not fit into one.
    if run.param_names.is_empty() || line.width() <= room { line } else { shown.join("\n") }
}

fn expected(expected: &Expected) -> String {
    match expected {
        Expected::Value(value) => bounded(value, MOST_OF_A_VALUE),
        Expected::AnyOf(all) => {
            let each = (MOST_OF_A_VALUE / all.len().max(1)).max(40);
            let shown: Vec<String> = all.iter().take(MOST_ANSWERS).map(|value| bounded(value, each)).collect();
            let rest = if all.len() > MOST_ANSWERS { " | .." } else { "" };
            format!("one of {}{rest}", shown.join(" | "))
        }
        Expected::Throws { name, message } => {
            let name = in_line(name.as_deref().unwrap_or("an error"));
            match message {
                Some(message) => format!("throws {name} whose message has {:?}", in_line(message)),
                None => format!("throws {name}"),
            }
        }
    }
}

fn error(run: &Run<'_>, headline: &str, exception: &Exception) -> String {
    let mut text = frame(run, headline, exception);
    let calls = exception.stack.iter().skip(1);
    for call in calls.clone().take(MOST_CALLS) {
        text += &paint(DIM, &format!("    called by {}\n", in_line(&at_home(call, run.solution))));
    }
    if calls.len() > MOST_CALLS {
        text += &paint(DIM, &format!("    .. {} more\n", count(calls.len() - MOST_CALLS, "call")));
    }
    text
}

/// A call as the stack has it, but in the file that was read.
fn at_home(call: &str, solution: &str) -> String {
    match call.rsplit_once(deem_core::SOURCE_NAME) {
        Some((before, after)) if after.starts_with(':') => format!("{before}{solution}{after}"),
        _ => call.to_owned(),
    }
}

/// The first lines of a text, after which so many bytes are not there.
fn some_lines(text: &str, omitted: usize) -> String {
    const WIDTH: usize = 200;
    let lines = text.lines();
    let mut shown: Vec<String> = lines.clone().take(MOST_LINES).map(|line| bounded(&plain(line), WIDTH)).collect();
    let more = lines.count().saturating_sub(MOST_LINES);
    match (more, omitted) {
        (0, 0) => {}
        (0, bytes) => shown.push(format!(".. {} more", count(bytes, "byte"))),
        (lines, 0) => shown.push(format!(".. {} more", count(lines, "line"))),
        (lines, bytes) => shown.push(format!(".. {} and {} more", count(lines, "line"), count(bytes, "byte"))),
    }
    shown.join("\n")
}

/// In which column what belongs to a name begins, from 0.
pub(super) const INDENT: usize = 15;

/// A name and what belongs to it, its further lines below the first.
pub(super) fn field(name: &str, what: &str) -> String {
    let what = what.replace('\n', &format!("\n{}", " ".repeat(INDENT)));
    format!("  {name:<11}  {what}").trim_end().to_owned() + "\n"
}

/// The same, with a sign before it, as lines have it in which texts differ.
pub(super) fn signed(sign: char, style: Style, name: &str, what: &str) -> String {
    format!("{} {name:<11}  {what}", paint(style, &sign.to_string())).trim_end().to_owned() + "\n"
}

/// The name of a file in a frame: the solution's own.
pub(super) fn file_name(solution: &str) -> String {
    in_line(&Path::new(solution).display().to_string())
}
