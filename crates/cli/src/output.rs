//! Reports: what is written of a run, in each format, while it goes on.

mod github;
mod html;
mod human;
mod json;
mod jsonl;
mod junit;
mod spool;
mod target;
pub(crate) mod verified;
mod warnings;

use std::io;

use anyhow::{Context as _, Result};
use deem_core::{Case, CaseReport, Checker, Confirmation, Entry, Exception, Report, Rules, Verdict};

use crate::args::Format;
use crate::doubts::Doubt;
use crate::engine::Engine;

pub(crate) use human::{Style, Verbosity, failure_line, quoted};
pub(crate) use json::schema;
use target::Target;

/// What is run: a solution, on a suite.
pub(crate) struct Run<'a> {
    /// The suite's name.
    pub(crate) suite: &'a str,
    /// The solution's path, or its name in the suite.
    pub(crate) solution: &'a str,
    /// Its source.
    pub(crate) source: &'a str,
    /// What is called in it.
    pub(crate) entry: &'a Entry,
    /// What its arguments are called, where that is known.
    pub(crate) param_names: &'a [String],
    /// How answers are compared.
    pub(crate) checker: &'a Checker,
    /// What cases may use, and what they see.
    pub(crate) rules: &'a Rules,
    pub(crate) engine: &'a EngineFacts,
    pub(crate) warnings: &'a [String],
    /// The command that runs the same again, to which `--case` may be added; nothing where there is none.
    pub(crate) again: Option<&'a str>,
}

impl Run<'_> {
    /// What there is to report before there are cases.
    fn before_its_cases(&self) -> Report {
        Report {
            verdict: Verdict::Accepted,
            rules: *self.rules,
            compile_error: None,
            cases: Vec::new(),
            confirmation: None,
        }
    }
}

/// What made the verdicts.
pub(crate) struct EngineFacts {
    /// What was asked for with --isolation.
    pub(crate) isolation: String,
    /// V8's version, if that is deem's own.
    pub(crate) v8: Option<String>,
    /// Node's version, if node it is.
    pub(crate) node: Option<String>,
}

/// A case that was run, or skipped.
pub(crate) struct Done<'a> {
    /// Its number in the suite, from 1.
    pub(crate) number: usize,
    pub(crate) case: &'a Case,
    pub(crate) report: &'a CaseReport,
    /// What node did otherwise with it, where that was asked.
    pub(crate) on_node: Option<&'a str>,
}

impl Done<'_> {
    /// What node did otherwise, for formats that only have warnings for that.
    fn warning(&self) -> Option<String> {
        self.on_node.map(|difference| format!("case {} on node: {difference}", self.case.id))
    }
}

/// How it ended.
pub(crate) struct Ending<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) passed: usize,
    pub(crate) total: usize,
    pub(crate) compile_error: Option<&'a Exception>,
    /// What to do about that, where it is plain.
    pub(crate) remedy: Option<&'a str>,
    /// Why deem failed before the first case.
    pub(crate) failure: Option<&'a str>,
    /// Why there are no further cases: the next one cannot be read.
    pub(crate) broken: Option<&'a str>,
    /// What might go otherwise in another run.
    pub(crate) doubts: &'a [Doubt],
    /// What running cases again showed, where only right answers are final at first.
    pub(crate) confirmation: Option<Confirmation>,
    /// How it went on node, where that was asked.
    pub(crate) on_node: Option<OnNodeTotal<'a>>,
}

/// How far node agrees.
#[derive(Clone, Copy)]
pub(crate) struct OnNodeTotal<'a> {
    /// How many cases it did something else with.
    pub(crate) differ: usize,
    /// What else is different: that one of the two does not compile the solution.
    pub(crate) in_compiling: Option<&'a str>,
}

/// One report. Each run is a `begin`, a `case` for each that was run or skipped, and an `end`.
pub(crate) trait Output {
    fn begin(&mut self, _run: &Run<'_>) -> io::Result<()> {
        Ok(())
    }

    fn case(&mut self, run: &Run<'_>, done: &Done<'_>) -> io::Result<()>;

    fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) -> io::Result<()>;

    /// There are no more runs: the report is complete.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// All reports of one command. One that cannot be written is over; the others go on.
pub(crate) struct Outputs {
    open: Vec<(String, Box<dyn Output>)>,
    /// The first that could not be written.
    unwritten: Option<Unwritten>,
}

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {place}")]
pub(crate) struct Unwritten {
    place: String,
    source: io::Error,
}

impl Unwritten {
    /// Whether that is because nobody reads it any more (`| head`), who has read enough then.
    pub(crate) fn is_unread(&self) -> bool {
        self.source.kind() == io::ErrorKind::BrokenPipe
    }
}

/// Writes text that has colours in it to standard output.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn print(text: &str) -> Result<(), Unwritten> {
    let unwritten = |source| Unwritten { place: STDOUT.to_owned(), source };
    Target::stdout().write_styled(text).map_err(unwritten)
}

const STDOUT: &str = "standard output";

impl Outputs {
    /// Opens them all. Those that are files appear when they are finished.
    ///
    /// # Errors
    /// If one cannot be opened.
    pub(crate) fn open(
        reports: &[(Format, Option<std::path::PathBuf>)],
        is_list: bool,
        style: Style,
    ) -> Result<Outputs> {
        let open = |(format, file): &(Format, Option<std::path::PathBuf>)| {
            let (place, target) = match file {
                None => (STDOUT.to_owned(), Target::stdout()),
                Some(file) => {
                    let place = file.display().to_string();
                    let target = Target::file(file).with_context(|| format!("cannot write {place}"))?;
                    (place, target)
                }
            };
            let output: Box<dyn Output> = match format {
                Format::Human => Box::new(human::Human::new(target, is_list, style)),
                Format::Json => Box::new(json::Json::new(target, is_list)),
                Format::Jsonl => Box::new(jsonl::Jsonl::new(target)),
                Format::Junit => Box::new(junit::Junit::new(target)),
                Format::Html => Box::new(html::Html::new(target)),
                Format::Github => Box::new(github::Github::new(target)),
            };
            Ok((place, output))
        };
        Ok(Outputs { open: reports.iter().map(open).collect::<Result<_>>()?, unwritten: None })
    }

    /// Whether nobody is left who reads any of it.
    pub(crate) fn are_closed(&self) -> bool {
        self.open.is_empty()
    }

    pub(crate) fn begin(&mut self, run: &Run<'_>) {
        self.each(|output| output.begin(run));
    }

    pub(crate) fn case(&mut self, run: &Run<'_>, done: &Done<'_>) {
        self.each(|output| output.case(run, done));
    }

    pub(crate) fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) {
        self.each(|output| output.end(run, ending));
    }

    /// Finishes every report, those after one that fails as well, and says whether nobody was left who read any of it.
    ///
    /// # Errors
    /// The first of all that came up since they were opened.
    pub(crate) fn finish(mut self) -> Result<bool, Unwritten> {
        let mut is_unread = true;
        for (place, output) in std::mem::take(&mut self.open) {
            match output.finish() {
                Ok(()) => is_unread = false,
                Err(error) => self.note(&place, error),
            }
        }
        self.unwritten.map_or(Ok(is_unread), Err)
    }

    fn each(&mut self, mut part: impl FnMut(&mut dyn Output) -> io::Result<()>) {
        for (place, mut output) in std::mem::take(&mut self.open) {
            match part(&mut *output) {
                Ok(()) => self.open.push((place, output)),
                Err(error) => self.note(&place, error),
            }
        }
    }

    /// A reader that has gone (`| head`) has read enough: that is no error.
    fn note(&mut self, place: &str, source: io::Error) {
        let unwritten = Unwritten { place: place.to_owned(), source };
        if !unwritten.is_unread() {
            self.unwritten.get_or_insert(unwritten);
        }
    }
}

/// What to say where some verdicts were others at first. Nothing, where none was.
fn otherwise_in_a_fresh_realm(confirmation: &Confirmation) -> Option<String> {
    let cases = match confirmation.differing {
        0 => return None,
        1 => "1 case".to_owned(),
        many => format!("{many} cases"),
    };
    Some(format!("{cases} had another verdict in a fresh realm, which counts{}", the_rest(confirmation)))
}

/// What became of the cases after those that were run again.
fn the_rest(confirmation: &Confirmation) -> &'static str {
    if confirmation.is_switched { "; the rest ran in fresh realms only" } else { "" }
}

impl EngineFacts {
    /// What runs the cases, in a line.
    pub(crate) fn words(&self) -> String {
        let version = match (&self.v8, &self.node) {
            (Some(v8), _) => format!(", V8 {v8}"),
            (None, Some(node)) => format!(", node {node}"),
            (None, None) => String::new(),
        };
        format!("deem {}{version}; {}", env!("CARGO_PKG_VERSION"), self.isolation)
    }

    pub(crate) fn of(engine: &Engine) -> EngineFacts {
        EngineFacts { isolation: engine.isolation.name(), v8: engine.v8.map(str::to_owned), node: engine.node.clone() }
    }
}
