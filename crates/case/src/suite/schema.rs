use schemars::Schema;
use serde_json::{Value, json};

use super::fields::Header;

/// The JSON Schema of a suite in one file, for editors and for programs that write suites.
///
/// What it allows may still be refused by [`load`](super::load), which also sees to what fields mean together.
///
/// ```
/// let schema = deem_case::suite::schema();
/// assert_eq!(schema["required"], serde_json::json!(["entry", "cases"]));
/// ```
pub fn schema() -> Value {
    let mut schema: Schema = schemars::schema_for!(Header);
    // A folder's suite.toml has the same fields without the cases, and so they are not required of both.
    schema.insert("required".to_owned(), json!(["entry", "cases"]));
    schema.to_value()
}
