//! The HTML report in a real browser, where there is one; what an HTML parser makes of it is looked at everywhere.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use deem_report::html;
use scraper::{Html, Selector};

use crate::hostile::{HOSTILE, made_of};
use crate::made::{compile_error, every_verdict};

/// Chromium under one of its names, if it starts: on some systems the name is only an advice to install it.
fn browser() -> Option<&'static str> {
    let starts = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find(starts)
}

struct Seen {
    page: Html,
    /// What the browser had to say, such as which style it refused.
    said: String,
}

/// What becomes of the page once a browser has loaded it, and run whatever it would run.
fn open(browser: &str, page: &str) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    std::fs::write(&file, page).unwrap();
    let [dom, said] = ["dom", "said"].map(|name| folder.path().join(name));
    let mut child = Command::new(browser)
        // The browser's own sandbox refuses to be run by root, whom containers run tests as; nothing here runs a script.
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .stdout(File::create(&dom).unwrap())
        .stderr(File::create(&said).unwrap())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if Instant::now() > deadline => {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let [dom, said] = [dom, said].map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    assert!(status.is_some_and(|status| status.success()), "{status:?}: {said}");
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
    let seen = open(browser, &page);
    check(&seen.page);
    assert!(!seen.said.contains("Content Security Policy"), "{}", seen.said);
    // That is what it says of a page that asks for more: the check above can fail.
    let more = page.replace("</main>", "</main><script>document.title='owned'</script><p style='color:red'>");
    let seen = open(browser, &more);
    assert_eq!(title(&seen.page), "12 submissions – deem");
    assert_eq!(seen.said.matches("Content Security Policy").count().min(2), 2, "{}", seen.said);
}
