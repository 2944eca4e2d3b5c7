use super::MOST_DETAILED;

/// How much of each submission there is on the page: the more submissions, the less.
pub(super) struct Bounds {
    /// Cases in the grid and in the table.
    pub(super) rows: usize,
    /// Failures with all that is known of them.
    pub(super) failures: usize,
    /// Lines of source.
    pub(super) lines: usize,
}

/// How many submissions there are on the page at most.
pub(super) const SUBMISSIONS: usize = 500;

/// How many warnings there are of a submission at most.
pub(super) const WARNINGS: usize = 20;

/// How much there is of one text, in bytes: of a name or a message, and of a value or a console.
pub(super) const NAME: usize = 200;
pub(super) const MESSAGE: usize = 1 << 10;
pub(super) const TEXT: usize = 4 << 10;

impl Bounds {
    pub(super) fn of(submissions: usize) -> Bounds {
        let share = |all: usize, least: usize, most: usize| (all / submissions.max(1)).clamp(least, most);
        Bounds {
            rows: share(20_000, 20, 5_000),
            failures: share(400, 1, MOST_DETAILED),
            lines: share(20_000, 20, 2_000),
        }
    }
}

/// The places of those that are shown when there is room for so many: whatever is urgent first, in their own order.
pub(super) fn choose<T>(all: &[T], room: usize, is_urgent: impl Fn(&T) -> bool) -> Vec<usize> {
    if all.len() <= room {
        return (0..all.len()).collect();
    }
    let (urgent, rest): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|&index| is_urgent(&all[index]));
    let mut chosen: Vec<usize> = urgent.into_iter().chain(rest).take(room).collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_urgent_come_first_and_all_stay_in_order() {
        assert_eq!(choose(&[1, 2, 30, 4, 50], 3, |&n| n >= 30), [0, 2, 4]);
        assert_eq!(choose(&[1, 2, 30, 4, 50], 1, |&n| n >= 30), [2]);
        assert_eq!(choose(&[1, 2], 3, |&n| n >= 30), [0, 1]);
    }
}
