//! Tables for people: on a terminal, and in the README.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::record::{BlockRecord, Record, RowRecord};

/// Where a table belongs in a file.
const BEGIN: &str = "<!-- BEGIN: table -->";
const END: &str = "<!-- END: table -->";

/// The tables as text, with what they were made on.
pub fn terminal(record: &Record) -> String {
    render(record, false)
}

/// What is before and behind the place for tables in a file, the markers included.
///
/// # Errors
/// If the markers are not there.
pub fn around_tables(text: &str) -> Result<(&str, &str)> {
    let begin = text.find(BEGIN).map(|at| at + BEGIN.len());
    let end = begin.and_then(|begin| Some(begin + text[begin..].find(END)?));
    let (Some(begin), Some(end)) = (begin, end) else {
        bail!("no place for the table: the lines {BEGIN} and, below it, {END} are missing");
    };
    Ok((&text[..begin], &text[end..]))
}

/// The record's tables in Markdown, between what [`around_tables`] found.
pub fn splice((before, behind): (&str, &str), record: &Record, kept_as: &str) -> String {
    let tables = render(record, true);
    format!("{before}\n\n{tables}Raw samples: [{kept_as}]({kept_as})\n\n{behind}")
}

fn render(record: &Record, markdown: bool) -> String {
    let mut text = String::new();
    for block in &record.blocks {
        let _ = if markdown { writeln!(text, "**{}**\n", block.title) } else { writeln!(text, "{}", block.title) };
        let _ = writeln!(text, "{}\n", table(block, markdown));
        for left_out in &block.left_out {
            let _ = writeln!(text, "Left out: {}: {}.", left_out.engine, left_out.why);
        }
        if !block.left_out.is_empty() {
            text.push('\n');
        }
    }
    let paragraph = if markdown { "\n\n" } else { "\n" };
    let versions = versions(record).join("; ");
    let _ = write!(text, "Machine: {}.{paragraph}Engines: {versions}.{paragraph}", record.machine);
    let _ = write!(text, "Measured {} by `{}`.{paragraph}", record.started, record.command);
    if let Some(why) = &record.partial {
        let _ = write!(text, "PARTIAL: {why}.{paragraph}");
    }
    text
}

fn table(block: &BlockRecord, markdown: bool) -> Table {
    let mut table = Table::new();
    let style = if markdown { presets::ASCII_MARKDOWN } else { presets::UTF8_FULL_CONDENSED };
    table.load_style(style).set_content_arrangement(ContentArrangement::Disabled);
    let equal_suites = block.rows.windows(2).all(|rows| rows[0].result.benchmark == rows[1].result.benchmark);
    let mut header = vec!["engine", "", "fresh per case", "median", "p99", "cases/s", "vs node spawned", "samples"];
    if !equal_suites {
        header.insert(2, "suite");
    }
    table.set_header(header);
    for row in &block.rows {
        let mut cells = vec![row.result.engine.clone(), if row.result.parallel { "parallel" } else { "serial" }.into()];
        if !equal_suites {
            cells.push(row.result.benchmark.clone());
        }
        cells.push(row.result.isolation.fresh().to_owned());
        cells.extend(numbers(row));
        table.add_row(cells);
    }
    let first_number = if equal_suites { 3 } else { 4 };
    for column in table.column_iter_mut().skip(first_number) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn numbers(row: &RowRecord) -> Vec<String> {
    let result = &row.result;
    if let Some(why) = &result.failure {
        return vec![format!("FAILED: {}", one_line(why))];
    }
    let time = |nanos: Option<u64>| nanos.map_or_else(|| "-".to_owned(), |nanos| time(nanos as f64));
    vec![
        time(result.median_ns),
        time(result.p99_ns),
        result.cases_per_s.map_or_else(|| "-".to_owned(), |rate| grouped(rate.round() as u64)),
        result.vs_node_spawn.map_or_else(|| "-".to_owned(), ratio),
        if result.samples > 0 { grouped(result.samples as u64) } else { "-".to_owned() },
    ]
}

/// What a program says, for a table: it may have thousands of lines.
pub fn one_line(text: &str) -> String {
    const WIDTH: usize = 200;
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let line: String = chars.by_ref().take(WIDTH).collect();
    if chars.next().is_some() { line + ".." } else { line }
}

fn versions(record: &Record) -> Vec<String> {
    let mut versions: Vec<String> =
        record.blocks.iter().flat_map(|block| &block.rows).map(|row| row.version.clone()).collect();
    versions.sort();
    versions.dedup();
    versions
}

/// Three digits, with the unit that suits them.
fn time(nanos: f64) -> String {
    let (value, unit) = match nanos {
        _ if nanos >= 1e9 => (nanos / 1e9, "s"),
        _ if nanos >= 1e6 => (nanos / 1e6, "ms"),
        _ if nanos >= 1e3 => (nanos / 1e3, "\u{b5}s"),
        _ => (nanos, "ns"),
    };
    format!("{} {unit}", three_digits(value))
}

fn ratio(ratio: f64) -> String {
    if ratio >= 1_000.0 { format!("{}x", grouped(ratio.round() as u64)) } else { format!("{}x", three_digits(ratio)) }
}

fn three_digits(value: f64) -> String {
    let decimals = match value {
        _ if value >= 99.95 => 0,
        _ if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_a_unit() {
        assert_eq!(time(7.0), "7.00 ns");
        assert_eq!(time(62_700_000.0), "62.7 ms");
        assert_eq!(time(291_400.0), "291 \u{b5}s");
        assert_eq!(time(99_960.0), "100 \u{b5}s");
        assert_eq!(time(1.5e9), "1.50 s");
        assert_eq!(ratio(1.0), "1.00x");
        assert_eq!(ratio(321.4), "321x");
        assert_eq!(ratio(123_456.0), "123,456x");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
