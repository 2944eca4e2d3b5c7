use deem_case::Verdict;
use serde::Serialize;

use super::bounds::NAME;
use crate::excerpt::Excerpt;

/// A quantity of every case, case by case, to be drawn.
#[derive(Serialize)]
pub(super) struct Chart {
    title: String,
    /// What it shows, for those who do not see it.
    label: String,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    ticks: Vec<Tick>,
    points: Vec<Point>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Tick {
    y: f64,
    text: String,
}

#[derive(Serialize)]
struct Point {
    x: f64,
    y: f64,
    code: &'static str,
    title: String,
}

/// One case: its number from 1, its id, its verdict, and how much of the quantity.
pub(super) struct Measured<'a> {
    pub(super) number: usize,
    pub(super) id: &'a str,
    pub(super) verdict: Verdict,
    pub(super) value: f64,
}

/// How a quantity is drawn.
pub(super) struct Axis {
    pub(super) title: &'static str,
    /// Each tick a tenth of the next, where cases may differ by orders of magnitude; else evenly from 0 up.
    pub(super) is_logarithmic: bool,
    pub(super) show: fn(f64) -> String,
}

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 170.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = WIDTH - 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = HEIGHT - 12.0;

/// How many points there is room for.
const COLUMNS: usize = 100;

impl Chart {
    /// `None` if nothing was measured.
    pub(super) fn new(axis: &Axis, cases: &[Measured]) -> Option<Chart> {
        let most = cases.iter().max_by(|a, b| a.value.total_cmp(&b.value))?;
        let scale = Scale::new(axis.is_logarithmic, cases);
        let each = cases.len().div_ceil(COLUMNS);
        let columns = cases.len().div_ceil(each);
        let points = cases.chunks(each).enumerate().filter_map(|(column, cases)| {
            // A column of several cases stands for the largest failure in it, else for the largest case.
            let is_failure = |case: &&Measured| case.verdict != Verdict::Accepted;
            let order = |case: &&Measured| (is_failure(case), case.value);
            let shown = cases.iter().max_by(|a, b| {
                let (a, b) = (order(a), order(b));
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
            })?;
            Some(Point {
                x: round(LEFT + 8.0 + (RIGHT - LEFT - 16.0) * (column as f64 + 0.5) / columns as f64),
                y: scale.y(shown.value),
                code: shown.verdict.code(),
                title: format!(
                    "{}: {}, {}",
                    case_name(shown.number, shown.id),
                    (axis.show)(shown.value),
                    shown.verdict
                ),
            })
        });
        Some(Chart {
            title: capitalised(axis.title),
            label: format!(
                "{}, case by case: max {} in {}",
                capitalised(axis.title),
                (axis.show)(most.value),
                case_name(most.number, most.id)
            ),
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT,
            points: points.collect(),
            ticks: scale.ticks().map(|value| Tick { y: scale.y(value), text: (axis.show)(value) }).collect(),
            note: (each > 1).then(|| {
                format!("Each point is one of {each} cases in a row: the largest, or the largest that failed.")
            }),
        })
    }
}

/// `case 3`, `case 3 large`: no id that says nothing more than the number.
pub(super) fn case_name(number: usize, id: &str) -> String {
    let id = Excerpt::line(id, NAME);
    if id == number.to_string() { format!("case {id}") } else { format!("case {number} {id}") }
}

fn capitalised(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn round(coordinate: f64) -> f64 {
    (coordinate * 10.0).round() / 10.0
}

/// Where values are between the bottom and the top.
struct Scale {
    is_logarithmic: bool,
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn new(is_logarithmic: bool, cases: &[Measured]) -> Scale {
        let values = || cases.iter().map(|case| case.value);
        let most = values().fold(0.0, f64::max);
        if is_logarithmic {
            // Below a microsecond is noise, whatever the clock says.
            let least = values().fold(f64::INFINITY, f64::min).max(1e-6);
            let low = least.log10().floor();
            let high = most.max(1e-6).log10().ceil().max(low + 1.0);
            return Scale { is_logarithmic, low, high, step: 1.0 };
        }
        // Four steps or so, each a 1, 2 or 5 of the binary units that memory is counted in.
        let unit = if most >= 1048576.0 { 1048576.0 } else { 1024.0 };
        let rough = (most / unit / 4.0).max(0.25);
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough);
        let step = step.unwrap_or(10.0 * power) * unit;
        Scale { is_logarithmic, low: 0.0, high: (most / step).ceil().max(1.0) * step, step }
    }

    fn y(&self, value: f64) -> f64 {
        let value = if self.is_logarithmic { value.max(1e-6).log10() } else { value };
        let part = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        round(BOTTOM - part * (BOTTOM - TOP))
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / self.step).round() as usize;
        (0..=count)
            .map(|index| self.low + index as f64 * self.step)
            .map(|at| if self.is_logarithmic { 10f64.powf(at) } else { at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(is_logarithmic: bool, values: &[f64]) -> Option<Chart> {
        let axis = Axis { title: "time", is_logarithmic, show: |value| format!("{value:.4}") };
        let verdict = |value: f64| if value > 1.0 { Verdict::WrongAnswer } else { Verdict::Accepted };
        let cases: Vec<Measured> = values
            .iter()
            .enumerate()
            .map(|(index, &value)| Measured { number: index + 1, id: "c", verdict: verdict(value), value })
            .collect();
        Chart::new(&axis, &cases)
    }

    #[test]
    fn nothing_measured_is_no_chart() {
        assert!(chart(true, &[]).is_none());
    }

    #[test]
    fn ticks_enclose_every_value() {
        for values in [&[0.0][..], &[0.5, 0.02], &[1e-9, 1e9], &[1.0], &[1e18]] {
            for is_logarithmic in [true, false] {
                let chart = chart(is_logarithmic, values).unwrap();
                assert!(chart.ticks.len() >= 2, "{values:?}");
                assert!(chart.points.iter().all(|point| (TOP..=BOTTOM).contains(&point.y)), "{values:?}");
            }
        }
    }

    #[test]
    fn many_cases_share_points_and_no_failure_disappears() {
        let mut values = vec![0.5; 10_000];
        values[7_777] = 2.0;
        let chart = chart(true, &values).unwrap();
        assert_eq!(chart.points.len(), COLUMNS);
        assert_eq!(chart.points.iter().filter(|point| point.code == "WA").count(), 1);
        assert_eq!(
            chart.note.as_deref(),
            Some("Each point is one of 100 cases in a row: the largest, or the largest that failed.")
        );
    }
}
