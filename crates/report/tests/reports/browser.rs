//! The HTML report in a real browser, where there is one; what an HTML parser makes of it is looked at everywhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use deem_report::html;
use scraper::{Html, Selector};

use crate::hostile::{HOSTILE, made_of};
use crate::made::{compile_error, every_verdict};

/// Chromium under one of its names.
fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    std::env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file())
}

struct Seen {
    page: Html,
    /// What the browser had to say, such as which style it refused.
    said: String,
}

/// What becomes of the page once a browser has loaded it, and run whatever it would run.
fn open(browser: &Path, page: &str) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    std::fs::write(&file, page).unwrap();
    let output = Command::new(browser)
        // The browser's own sandbox refuses to be run by root, whom containers run tests as; nothing here runs a script.
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let [dom, said] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{said}");
    Seen { page: Html::parse_document(&dom), said }
}

fn count(page: &Html, selector: &str) -> usize {
    page.select(&Selector::parse(selector).expect("a selector")).count()
}

fn title(page: &Html) -> String {
    page.select(&Selector::parse("title").expect("a selector"))
        .next()
        .map(|title| title.text().collect())
        .unwrap_or_default()
}

#[test]
#[expect(clippy::print_stderr, reason = "says what was not looked at")]
fn a_browser_applies_the_style_runs_nothing_and_has_nothing_to_complain_of() {
    let hostile: Vec<_> = HOSTILE.iter().map(|text| made_of(text)).collect();
    let (every, error) = (every_verdict(), compile_error());
    let judged: Vec<_> = [&every, &error].into_iter().chain(&hostile).map(|made| made.judged()).collect();
    let page = html(&judged).unwrap();
    let check = |seen: &Html| {
        assert_eq!(title(seen), "12 submissions – deem");
        assert_eq!(count(seen, "section.submission"), 12);
        assert_eq!(count(seen, ".grid a"), 12 + 10 * 10);
        assert_eq!(count(seen, "script, img, iframe, base, link, object, embed, form"), 0);
    };
    check(&Html::parse_document(&page));
    let Some(browser) = browser() else {
        eprintln!("no Chromium here: the page was looked at with an HTML parser alone");
        return;
    };
    let seen = open(&browser, &page);
    check(&seen.page);
    assert!(!seen.said.contains("Content Security Policy"), "{}", seen.said);
    // That is what it says of a page that asks for more: the check above can fail.
    let more = page.replace("</main>", "</main><script>document.title='owned'</script><p style='color:red'>");
    let seen = open(&browser, &more);
    assert_eq!(title(&seen.page), "12 submissions – deem");
    assert_eq!(seen.said.matches("Content Security Policy").count().min(2), 2, "{}", seen.said);
}
