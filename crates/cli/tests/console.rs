//! The sessions in `tests/cmd`, as a person would have them in a terminal.

#[test]
fn sessions_go_as_they_are_written_down() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
