use super::fields::Header;

/// The JSON Schema of a suite in one file, for editors and for programs that write suites.
///
/// What it allows may still be refused by [`load`](super::load), which also sees to what fields mean together.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Header).to_value()
}
