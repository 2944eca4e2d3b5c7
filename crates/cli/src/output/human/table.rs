use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use deem_core::{CaseReport, Outcome, Usage};
use deem_report::quantity::{memory, time};

use super::palette::{DIM, paint};
use super::text::bounded;

/// More rows than this say nothing more.
const MOST_ROWS: usize = 100;

/// The rows that are shown, and how many more there would be.
#[derive(Default)]
pub(super) struct Rows {
    shown: Vec<[String; 6]>,
    more: usize,
}

impl Rows {
    pub(super) fn add(&mut self, number: usize, report: &CaseReport) {
        if self.shown.len() == MOST_ROWS {
            self.more += 1;
            return;
        }
        let usage = report.execution.as_ref().map(|execution| &execution.usage);
        let took = usage.map(|usage| time(usage.time()));
        self.shown.push([
            number.to_string(),
            bounded(&report.id, 32),
            report.verdict.to_string(),
            took.unwrap_or_default(),
            usage.and_then(Usage::memory).map(memory).unwrap_or_default(),
            note(report),
        ]);
    }

    /// The table, with an empty line after it; nothing, if there are no rows. `clock` is which time it is.
    pub(super) fn text(&self, clock: &str, width: usize) -> String {
        if self.shown.is_empty() {
            return String::new();
        }
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width.try_into().unwrap_or(u16::MAX));
        let clock = clock.replace(' ', "\n");
        table.set_header(["#", "case", "verdict", &clock, "memory", "note"]);
        table.add_rows(&self.shown);
        for column in [0, 3, 4] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = table.to_string();
        if self.more > 0 {
            text += &paint(DIM, &format!("\n{} more rows: --format json has them all", self.more));
        }
        text + "\n\n"
    }
}

fn note(report: &CaseReport) -> String {
    const WIDTH: usize = 48;
    if let Some(difference) = &report.difference {
        return format!("differs at {}", bounded(&difference.path, WIDTH));
    }
    match report.execution.as_ref().map(|execution| &execution.result) {
        None | Some(Ok(Outcome::Returned(_))) => String::new(),
        Some(Ok(Outcome::Threw(thrown))) => bounded(&thrown.headline(), WIDTH),
        Some(Ok(Outcome::Exceeded(exceeded))) => format!("limit: {exceeded}"),
        Some(Ok(outcome)) => bounded(outcome, WIDTH),
        Some(Err(error)) => bounded(error, WIDTH),
    }
}
