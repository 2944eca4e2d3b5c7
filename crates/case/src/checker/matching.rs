//! Pairing up the elements of two lists, whatever their order.

use std::collections::{HashMap, VecDeque};

/// What is known of an element without comparing it.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// The same for any two elements that are equal.
    pub(super) fingerprint: u64,
    /// A number in it, to look for its partner near where that is.
    pub(super) number: f64,
    /// Whether it is that number, and so is equal to what lies in an interval around it, of which both ends grow with it.
    pub(super) is_linear: bool,
}

/// What is left without a partner.
#[derive(Debug, PartialEq)]
pub(super) enum Odd {
    /// One of each: an expected and an actual element.
    Pair(usize, usize),
    /// This expected element, and others.
    Expected(usize),
    /// This actual element, and no expected one.
    Actual(usize),
}

/// For each expected element an actual one that equals it, each used once.
///
/// Where "equal" is no equivalence, because of a tolerance, taking the first that fits may take it from one that nothing
/// else fits. So partners are given away again along augmenting paths, which finds a complete pairing if there is one.
pub(super) fn pair_up(
    expected: &[Key],
    actual: &[Key],
    mut equal: impl FnMut(usize, usize) -> bool,
) -> Result<Vec<usize>, Odd> {
    let mut partners = vec![None; expected.len()];
    let (mut odd_expected, mut odd_actual) = (Vec::new(), Vec::new());
    for bucket in buckets(expected, actual) {
        let all = bucket.expected.iter().map(|&one| expected[one]).chain(bucket.actual.iter().map(|&one| actual[one]));
        let (pairs, odd) = if all.into_iter().all(|key| key.is_linear) {
            merge(&bucket, expected, actual, &mut equal)
        } else {
            augment(&bucket, &mut equal)
        };
        let mut is_used = vec![false; bucket.actual.len()];
        for (&one, partner) in bucket.expected.iter().zip(pairs) {
            partners[one] = partner.map(|at| bucket.actual[at]);
            if let Some(at) = partner {
                is_used[at] = true;
            }
        }
        odd_expected.extend(odd.into_iter().map(|at| bucket.expected[at]));
        odd_actual.extend(bucket.actual.iter().zip(is_used).filter(|(_, is_used)| !is_used).map(|(&one, _)| one));
    }
    odd_expected.sort_unstable();
    odd_actual.sort_unstable();
    match (&odd_expected[..], &odd_actual[..]) {
        ([], []) => Ok(partners.into_iter().flatten().collect()),
        ([one], [other]) => Err(Odd::Pair(*one, *other)),
        ([one, ..], _) => Err(Odd::Expected(*one)),
        ([], [other, ..]) => Err(Odd::Actual(*other)),
    }
}

/// Whether each element has an equal one on the other side, used as often as need be.
pub(super) fn cover(expected: &[Key], actual: &[Key], mut equal: impl FnMut(usize, usize) -> bool) -> Result<(), Odd> {
    let (mut odd_expected, mut odd_actual) = (None::<usize>, None::<usize>);
    for bucket in buckets(expected, actual) {
        // Each side is sorted by its numbers, and so is looked through from where the other's number would be.
        let near = |others: &[usize], keys: &[Key], number: f64, equal: &mut dyn FnMut(usize) -> bool| {
            let middle = others.partition_point(|&other| keys[other].number.total_cmp(&number).is_lt());
            let (below, above) = others.split_at(middle);
            above.iter().any(|&other| equal(other)) || below.iter().rev().any(|&other| equal(other))
        };
        for &one in &bucket.expected {
            if !near(&bucket.actual, actual, expected[one].number, &mut |other| equal(one, other)) {
                odd_expected = Some(odd_expected.map_or(one, |least| least.min(one)));
                break;
            }
        }
        for &other in &bucket.actual {
            if !near(&bucket.expected, expected, actual[other].number, &mut |one| equal(one, other)) {
                odd_actual = Some(odd_actual.map_or(other, |least| least.min(other)));
                break;
            }
        }
    }
    match (odd_expected, odd_actual) {
        (None, None) => Ok(()),
        (Some(one), _) => Err(Odd::Expected(one)),
        (None, Some(other)) => Err(Odd::Actual(other)),
    }
}

/// Elements that may be equal to one another, and to no others, in the order of their numbers.
struct Bucket {
    expected: Vec<usize>,
    actual: Vec<usize>,
}

fn buckets(expected: &[Key], actual: &[Key]) -> Vec<Bucket> {
    let (mut buckets, mut places) = (Vec::<Bucket>::new(), HashMap::new());
    let sides = [(expected, true), (actual, false)];
    for (side, is_expected) in sides {
        for (index, key) in side.iter().enumerate() {
            let place = *places.entry(key.fingerprint).or_insert(buckets.len());
            if place == buckets.len() {
                buckets.push(Bucket { expected: Vec::new(), actual: Vec::new() });
            }
            let bucket = &mut buckets[place];
            if is_expected { &mut bucket.expected } else { &mut bucket.actual }.push(index);
        }
    }
    for bucket in &mut buckets {
        bucket.expected.sort_by(|&one, &other| expected[one].number.total_cmp(&expected[other].number));
        bucket.actual.sort_by(|&one, &other| actual[one].number.total_cmp(&actual[other].number));
    }
    buckets
}

/// For each expected element of a bucket its partner, as places in the bucket.
type Partners = Vec<Option<usize>>;

/// Numbers: what is left behind here is in reach of nothing that is to come.
fn merge(
    bucket: &Bucket,
    expected: &[Key],
    actual: &[Key],
    equal: &mut impl FnMut(usize, usize) -> bool,
) -> (Partners, Vec<usize>) {
    let mut next = 0;
    let partner = |&one: &usize| {
        while let Some(&other) = bucket.actual.get(next) {
            if equal(one, other) {
                next += 1;
                return Some(next - 1);
            }
            if actual[other].number > expected[one].number {
                return None;
            }
            next += 1;
        }
        None
    };
    let partners: Partners = bucket.expected.iter().map(partner).collect();
    let odd = (0..partners.len()).filter(|&one| partners[one].is_none()).collect();
    (partners, odd)
}

/// Anything: by augmenting paths, shortest first. Ends at the second element without a partner, for then there is no
/// complete pairing, and nothing more to say of it.
fn augment(bucket: &Bucket, equal: &mut impl FnMut(usize, usize) -> bool) -> (Partners, Vec<usize>) {
    let (ones, others) = (bucket.expected.len(), bucket.actual.len());
    let mut known = HashMap::new();
    let mut equal = |one: usize, other: usize| {
        *known.entry((one, other)).or_insert_with(|| equal(bucket.expected[one], bucket.actual[other]))
    };
    let (mut partner, mut taken) = (vec![None; ones], vec![None::<usize>; others]);
    let mut odd = Vec::new();
    // A place on the other side that is free for sure: usually the next one.
    let mut free: VecDeque<usize> = (0..others).collect();
    'each: for one in 0..ones {
        let first = free.iter().position(|&other| equal(one, other));
        if let Some(other) = first.and_then(|at| free.remove(at)) {
            (partner[one], taken[other]) = (Some(other), Some(one));
            continue;
        }
        // Nothing free is equal: somebody else's partner is, and that one finds another.
        let (mut reached_by, mut pending) = (vec![None; others], VecDeque::from([one]));
        while let Some(from) = pending.pop_front() {
            for other in 0..others {
                if reached_by[other].is_some() || !equal(from, other) {
                    continue;
                }
                reached_by[other] = Some(from);
                match taken[other] {
                    Some(holder) => pending.push_back(holder),
                    None => {
                        free.retain(|&each| each != other);
                        hand_over(other, one, &reached_by, &mut partner, &mut taken);
                        continue 'each;
                    }
                }
            }
        }
        odd.push(one);
        if odd.len() == 2 {
            break;
        }
    }
    (partner, odd)
}

/// Along the path that ends at `last`, everyone takes what it reached.
fn hand_over(mut last: usize, one: usize, reached_by: &[Option<usize>], partner: &mut Partners, taken: &mut Partners) {
    while let Some(holder) = reached_by[last] {
        let given_up = partner[holder].replace(last);
        taken[last] = Some(holder);
        match given_up {
            Some(other) if holder != one => last = other,
            _ => return,
        }
    }
}
