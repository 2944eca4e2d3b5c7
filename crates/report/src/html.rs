mod bounds;
mod chart;
mod failure;
mod marked;
mod page;
mod source;
mod submission;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};
use sha2::{Digest, Sha256};

use crate::{Judged, ReportError};

const STYLE: &str = include_str!("html/templates/report.css");

/// All end in `.html`: that is what makes minijinja escape whatever is put into them.
const TEMPLATES: [(&str, &str); 4] = [
    ("page.html", include_str!("html/templates/page.html")),
    ("submission.html", include_str!("html/templates/submission.html")),
    ("failure.html", include_str!("html/templates/failure.html")),
    ("chart.html", include_str!("html/templates/chart.html")),
];

/// How many failures of a submission are told in detail at most: what others were given, answered and wrote is not on the page.
pub const MOST_DETAILED: usize = 50;

/// The report as one HTML file, for a browser: a grid of verdicts, time and memory case by case, what went wrong in each
/// failure, and the source with its errors marked.
///
/// The file needs nothing beside it, and a browser asks nobody for anything: its content security policy allows one style
/// sheet, its own, and nothing else, no script at all. Of a run with very many cases it leaves out those that did not fail
/// first, and says how many.
///
/// # Errors
/// If a template cannot be filled.
pub fn html(judged: &[Judged]) -> Result<String, ReportError> {
    let unwritten = |error: minijinja::Error| ReportError { form: "HTML", why: format!("{error:#}") };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(unwritten)?);
    for (name, template) in TEMPLATES {
        environment.add_template(name, template).map_err(unwritten)?;
    }
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    let page = Value::from(Serde(page::Page::new(judged)));
    let template = environment.get_template("page.html").map_err(unwritten)?;
    template.render(context! { policy, style => STYLE, page }).map_err(unwritten)
}
