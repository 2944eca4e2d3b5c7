//! Submissions that were never judged, with the reports that they might have had.

use std::sync::Arc;
use std::time::Duration;

use deem_case::{
    Bytes, Case, CaseReport, Checker, Console, Exceeded, Exception, Execution, Expected, InternalError, Outcome,
    Report, Rules, Usage, Value, Verdict,
};
use deem_report::Judged;

/// What a [`Judged`] borrows from.
pub struct Made {
    pub suite: String,
    pub solution: String,
    pub source: String,
    pub param_names: Vec<String>,
    pub cases: Vec<Arc<Case>>,
    pub report: Report,
    pub engine: String,
    pub warnings: Vec<String>,
}

pub const SOURCE: &str = "\
function pairs(numbers, target) {
  const seen = new Map();
  for (const [index, number] of numbers.entries()) {
    if (seen.has(target - number)) return [seen.get(target - number), index];
    seen.set(number, index);
  }
  return numbers[0].none.length;
}
";

impl Made {
    pub fn new(suite: &str, solution: &str) -> Made {
        Made {
            suite: suite.to_owned(),
            solution: solution.to_owned(),
            source: SOURCE.to_owned(),
            param_names: Vec::new(),
            cases: Vec::new(),
            report: Report {
                verdict: Verdict::Accepted,
                rules: Rules { seed: 7, ..Rules::default() },
                compile_error: None,
                cases: Vec::new(),
                confirmation: None,
            },
            engine: "deem 0.1.0, V8 15.0, a realm for each case".to_owned(),
            warnings: Vec::new(),
        }
    }

    pub fn judged(&self) -> Judged<'_> {
        Judged {
            suite: &self.suite,
            solution: &self.solution,
            source: &self.source,
            param_names: &self.param_names,
            cases: &self.cases,
            report: &self.report,
            engine: &self.engine,
            warnings: &self.warnings,
        }
    }

    /// One case more, in which this happened.
    pub fn case(
        &mut self,
        id: &str,
        args: Vec<Value>,
        expected: impl Into<Expected>,
        result: Result<Outcome, InternalError>,
        console: &str,
    ) -> &mut Made {
        let case = Case { id: id.to_owned(), args, expected: expected.into() };
        let mut kept = Console::default();
        kept.write(console);
        let number = self.cases.len() as u64 + 1;
        let wall = match result {
            Ok(Outcome::Exceeded(Exceeded::Cpu(limit))) => limit,
            _ => Duration::from_micros(60 + number * 37 % 90),
        };
        let usage = Usage {
            wall,
            cpu: Some(wall),
            heap: Some(Bytes((600 << 10) + (number as usize * 7_919 % 900_000))),
            output: Bytes(console.len()),
            ..Usage::default()
        };
        let report = CaseReport::new(&case, Execution { result, usage, console: kept }, &Checker::Exact);
        self.cases.push(Arc::new(case));
        self.report.cases.push(report);
        self.report.verdict = Verdict::overall(self.report.cases.iter().map(|report| report.verdict));
        self
    }

    pub fn accepted(&mut self, id: &str) -> &mut Made {
        let answer = Value::array([0, 1]);
        self.case(id, vec![Value::array([2, 7]), 9.into()], answer.clone(), Ok(Outcome::Returned(answer)), "")
    }

    pub fn skipped(&mut self, id: &str) -> &mut Made {
        self.accepted(id);
        let last = self.report.cases.last_mut().expect("one was added");
        (last.verdict, last.execution) = (Verdict::Skipped, None);
        self.report.verdict = Verdict::overall(self.report.cases.iter().map(|report| report.verdict));
        self
    }
}

/// Text of every kind, one case for each verdict that there is.
pub fn every_verdict() -> Made {
    let mut made = Made::new("pairs", "solutions/pairs.js");
    made.warnings.push("The answer to case pair differs from run to run.".to_owned());
    made.accepted("pair").case(
        "duplicates",
        vec![Value::array([3, 3]), 6.into()],
        Value::array([0, 1]),
        Ok(Outcome::Returned(Value::array([0, 0]))),
        "scan 0 3\nscan 1 3\n",
    );
    made.case("empty", vec![Value::Array(vec![]), 0.into()], Value::Null, Ok(Outcome::Threw(type_error())), "");
    made.case("long", vec![], Value::Null, Ok(Outcome::Exceeded(Exceeded::Cpu(Duration::from_secs(2)))), "");
    made.case("large", vec![], Value::Null, Ok(Outcome::Exceeded(Exceeded::Heap(Bytes::mib(256)))), "");
    made.case("loud", vec![], Value::Null, Ok(Outcome::Exceeded(Exceeded::Output(Bytes::mib(64)))), "la\nla\n");
    made.case("promise", vec![], Value::Null, Ok(Outcome::NeverSettled), "");
    made.case("nowhere", vec![], Value::Null, Ok(Outcome::NoEntry("there is no function pairs".into())), "");
    made.case("broken", vec![], Value::Null, Err(InternalError("the worker could not be started".into())), "");
    let throws = Expected::Throws { name: Some("RangeError".into()), message: Some("too few".into()) };
    made.case("must-throw", vec![Value::array([1])], throws, Ok(Outcome::Returned(Value::Undefined)), "");
    let either = Expected::AnyOf(vec![Value::array([0, 1]), Value::array([1, 0])]);
    made.case("either", vec![Value::array([1, 1])], either, Ok(Outcome::Returned(Value::array([1, 1]))), "");
    made.skipped("last");
    made
}

pub fn type_error() -> Exception {
    Exception {
        name: "TypeError".into(),
        message: "Cannot read properties of undefined (reading 'none')".into(),
        line: Some(7),
        column: Some(21),
        stack: vec!["pairs (solution.js:7:21)".into()],
    }
}

pub fn compile_error() -> Made {
    let mut made = Made::new("pairs", "solutions/broken.js");
    made.source = "const pairs = (a, b => );\n".into();
    made.report.verdict = Verdict::CompileError;
    made.report.compile_error = Some(Exception {
        name: "SyntaxError".into(),
        message: "Unexpected token ')'".into(),
        line: Some(1),
        column: Some(24),
        stack: Vec::new(),
    });
    made
}
