#![deny(missing_docs)]
mod wire;
