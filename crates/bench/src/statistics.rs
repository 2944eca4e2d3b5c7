//! The few numbers that tables show.

use std::time::Duration;

/// Of many durations, the middle and the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// As many samples are shorter as are longer.
    pub median: Duration,
    /// One in a hundred is longer.
    pub p99: Duration,
}

impl Summary {
    /// Of the samples, in any order; `None` of none.
    ///
    /// Quantiles are by nearest rank: each is a duration that was measured.
    pub fn of(samples: &[Duration]) -> Option<Summary> {
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        let rank = |quantile: f64| {
            let rank = (quantile * sorted.len() as f64).ceil() as usize;
            sorted.get(rank.max(1) - 1).copied()
        };
        Some(Summary { median: rank(0.5)?, p99: rank(0.99)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(samples: impl IntoIterator<Item = u64>, expected: Option<(u64, u64)>) {
        let samples: Vec<Duration> = samples.into_iter().map(Duration::from_nanos).collect();
        let found = Summary::of(&samples);
        let found = found.map(|summary| (summary.median.as_nanos() as u64, summary.p99.as_nanos() as u64));
        assert_eq!(found, expected);
    }

    #[test]
    fn quantiles_are_samples() {
        check([], None);
        check([7], Some((7, 7)));
        check([3, 1, 2], Some((2, 3)));
        check([4, 1, 3, 2], Some((2, 4)));
        check((1..=100).rev(), Some((50, 99)));
        check((1..=1_000).chain([5_000_000]), Some((501, 991)));
    }
}
