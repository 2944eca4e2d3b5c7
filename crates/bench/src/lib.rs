//! The barometer: every executor over the same suites; first verified, then measured, then recorded.
//!
//! Engines and definitions are data (`benches/engines.toml`, `benches/definitions/*.toml`). The same code runs cases to
//! verify and to measure: every value that is returned, in either, is compared with the expected one.
#![deny(missing_docs)]

pub mod agree;
pub mod attack;
pub mod corpus;
pub mod definition;
pub mod engine;
pub mod machine;
pub mod measure;
pub mod record;
pub mod report;
pub mod statistics;
