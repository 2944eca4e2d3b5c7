//! What formats say in warnings that have no place of its own for it.

use super::{Ending, otherwise_in_a_fresh_realm};
use crate::doubts::Doubt;

/// What is to be known of a run that has ended, for formats that only have warnings for that.
pub(super) fn warnings(ending: &Ending<'_>) -> Vec<String> {
    let failure = ending.failure.map(|why| format!("deem failed before the first case: {why}"));
    let broken = ending.broken.map(|why| format!("the suite is broken after these cases: {why}"));
    let otherwise = ending.confirmation.as_ref().and_then(otherwise_in_a_fresh_realm);
    let doubts = ending.doubts.iter();
    let doubts = doubts.map(|Doubt { kind, case, observed, .. }| format!("{}: case {case} {observed}", kind.meaning()));
    let compiling = ending.on_node.and_then(|total| total.in_compiling);
    let compiling = compiling.map(|difference| format!("compiling on node: {difference}"));
    failure.into_iter().chain(broken).chain(otherwise).chain(doubts).chain(compiling).collect()
}
