//! The sessions in the README, where it is.

/// In a sandbox, as good as it can be had here.
#[test]
fn the_readme_tells_the_truth() -> std::io::Result<()> {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))?;
    trycmd::TestCases::new().case("README.md").env("DEEM_WALLS", "as-possible");
    Ok(())
}
