use std::time::Duration;

use deem_case::{Bytes, Usage};
use hdrhistogram::Histogram;

use crate::quantity::{memory, time};

/// What the cases of a run took: how their times are spread, which took longest, and the most memory. However many there are,
/// it needs less than a megabyte.
///
/// ```
/// use std::time::Duration;
/// use deem_case::Usage;
/// use deem_report::Spent;
///
/// let mut spent = Spent::default();
/// for milliseconds in 1..=100 {
///     let cpu = Some(Duration::from_millis(milliseconds));
///     spent.add(milliseconds as usize, &Usage { cpu, ..Usage::default() });
/// }
/// assert_eq!(spent.clock(), "processor time");
/// assert_eq!(spent.times().as_deref(), Some("p50 50 ms · p95 95 ms · max 100 ms"));
/// assert_eq!(spent.longest(), Some(100));
/// ```
#[derive(Clone, Debug)]
pub struct Spent {
    /// In nanoseconds.
    times: Histogram<u64>,
    /// The longest time, and the case that took it.
    longest: Option<(Duration, usize)>,
    memory: Option<Bytes>,
    has_processor_time: bool,
}

impl Default for Spent {
    fn default() -> Spent {
        let times = Histogram::new(3).expect("a histogram can have three digits");
        Spent { times, longest: None, memory: None, has_processor_time: false }
    }
}

impl Spent {
    /// Adds what the case of this number took.
    pub fn add(&mut self, number: usize, usage: &Usage) {
        let took = usage.time();
        let nanoseconds = took.as_nanos().try_into().unwrap_or(u64::MAX);
        self.times.record(nanoseconds).expect("a histogram of three digits grows as far as there are numbers");
        if self.longest.is_none_or(|(longest, _)| took > longest) {
            self.longest = Some((took, number));
        }
        self.memory = self.memory.max(usage.memory());
        self.has_processor_time |= usage.cpu.is_some();
    }

    /// Which time it is that is told: `processor time`, by which limits decide, or `wall time` where no case has any other.
    /// (Of a case without processor time among others, such as one whose process died, it is the wall time all the same.)
    pub fn clock(&self) -> &'static str {
        if self.has_processor_time || self.longest.is_none() { "processor time" } else { "wall time" }
    }

    /// How long cases took: `p50 0.31 ms · p95 0.42 ms · max 0.45 ms`, where the p95 is what 95 of 100 cases took at most; of a
    /// single case, its time. `None` if there are none.
    pub fn times(&self) -> Option<String> {
        let (most, _) = self.longest?;
        if self.times.len() == 1 {
            return Some(time(most));
        }
        let [p50, p95] = [0.5, 0.95].map(|quantile| self.quantile(quantile, most));
        Some(format!("p50 {} · p95 {} · max {}", time(p50), time(p95), time(most)))
    }

    fn quantile(&self, quantile: f64, most: Duration) -> Duration {
        Duration::from_nanos(self.times.value_at_quantile(quantile)).min(most)
    }

    /// How many cases there are.
    pub fn count(&self) -> u64 {
        self.times.len()
    }

    /// The longest time that a case took.
    pub fn most_time(&self) -> Option<String> {
        self.longest.map(|(most, _)| time(most))
    }

    /// The number of the case that took longest, the first of them.
    pub fn longest(&self) -> Option<usize> {
        self.longest.map(|(_, number)| number)
    }

    /// The most memory that a case took, heap and array buffers together, where that is known of any.
    pub fn most_memory(&self) -> Option<String> {
        self.memory.map(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(usages: impl IntoIterator<Item = Usage>) -> Spent {
        let mut spent = Spent::default();
        for (index, usage) in usages.into_iter().enumerate() {
            spent.add(index + 1, &usage);
        }
        spent
    }

    fn cpu(nanoseconds: u64) -> Usage {
        Usage { cpu: Some(Duration::from_nanos(nanoseconds)), ..Usage::wall(Duration::from_secs(9)) }
    }

    #[test]
    fn without_processor_time_it_is_wall_time_that_is_told() {
        let wall = spent([Usage::wall(Duration::from_millis(3))]);
        assert_eq!((wall.clock(), wall.times().as_deref()), ("wall time", Some("3 ms")));
        let both = spent([Usage::wall(Duration::from_millis(3)), cpu(1_000_000)]);
        assert_eq!((both.clock(), both.longest()), ("processor time", Some(1)));
        assert_eq!(spent([]).times(), None);
    }

    #[test]
    fn memory_is_heap_and_buffers_of_the_case_that_has_most_of_both() {
        let usage = |heap, external| Usage { heap, external, ..Usage::default() };
        let spent = spent([
            usage(Some(Bytes::kib(2)), Some(Bytes::kib(1))),
            usage(Some(Bytes::kib(1)), Some(Bytes::kib(9))),
            usage(None, Some(Bytes::kib(99))),
        ]);
        assert_eq!(spent.most_memory().as_deref(), Some("10 KiB"));
    }

    #[test]
    fn times_of_every_size_are_told_to_three_digits_in_bounded_memory() {
        let all = spent([cpu(0), cpu(u64::MAX)]);
        let spent = spent((0..=42).flat_map(|power| [cpu(1 << power), cpu(3 << power)]));
        assert!(all.times.distinct_values() * size_of::<u64>() < 1 << 20, "{}", all.times.distinct_values());
        assert_eq!(spent.most_time().as_deref(), Some("13,194,140 ms"));
        assert!(spent.times().is_some_and(|times| times.ends_with("max 13,194,140 ms")), "{:?}", spent.times());
    }

    proptest::proptest! {
        #[test]
        fn a_quantile_is_off_by_a_thousandth_at_most(mut times in proptest::collection::vec(1..10_000_000_000u64, 2..200)) {
            let spent = spent(times.iter().copied().map(cpu));
            times.sort_unstable();
            let most = Duration::from_nanos(*times.last().expect("there are some"));
            for quantile in [0.5, 0.95] {
                let exact = times[(times.len() as f64 * quantile).ceil() as usize - 1] as f64;
                let told = spent.quantile(quantile, most).as_nanos() as f64;
                assert!((told - exact).abs() <= exact / 1000.0, "{told} for {exact}");
            }
        }
    }
}
