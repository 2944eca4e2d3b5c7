use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use crate::Case;

/// The cases to be judged, of which one run after the other takes some: `&Cases` is their iterator.
///
/// Executors take cases before it is their turn, and may not come to them.
pub(super) struct Cases<'a> {
    source: RefCell<&'a mut dyn Iterator<Item = Arc<Case>>>,
    /// Those that a run took in vain. They come before those of the source.
    returned: RefCell<VecDeque<Arc<Case>>>,
    /// Those that were taken and are not done.
    taken: RefCell<VecDeque<Arc<Case>>>,
    /// How many more may be taken; nothing, if all may.
    room: Cell<Option<usize>>,
}

impl<'a> Cases<'a> {
    pub(super) fn new(source: &'a mut dyn Iterator<Item = Arc<Case>>) -> Cases<'a> {
        Cases {
            source: RefCell::new(source),
            returned: RefCell::default(),
            taken: RefCell::default(),
            room: Cell::new(None),
        }
    }

    /// The first case that was taken is done.
    pub(super) fn done(&self) -> Option<Arc<Case>> {
        self.taken.borrow_mut().pop_front()
    }

    /// From now on the run under way gets no more than `size` cases that are not done, those that it has taken included.
    pub(super) fn close_after(&self, size: usize) {
        self.room.set(Some(size.saturating_sub(self.taken.borrow().len())));
    }

    /// The run is over: what is not done is for the next one, and so are all others.
    pub(super) fn reopen(&self) {
        let mut left = mem::take(&mut *self.taken.borrow_mut());
        let mut returned = self.returned.borrow_mut();
        left.append(&mut returned);
        *returned = left;
        self.room.set(None);
    }

    /// Whether a case is left that can be taken.
    pub(super) fn has_more(&self) -> bool {
        let mut returned = self.returned.borrow_mut();
        if returned.is_empty() {
            returned.extend(self.source.borrow_mut().next());
        }
        !returned.is_empty()
    }
}

impl Iterator for &Cases<'_> {
    type Item = Arc<Case>;

    fn next(&mut self) -> Option<Arc<Case>> {
        if let Some(room) = self.room.get() {
            self.room.set(Some(room.checked_sub(1)?));
        }
        let returned = self.returned.borrow_mut().pop_front();
        let case = returned.or_else(|| self.source.borrow_mut().next())?;
        self.taken.borrow_mut().push_back(case.clone());
        Some(case)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.source.borrow().size_hint().1.map(|left| left + self.returned.borrow().len());
        (0, self.room.get().into_iter().chain(left).min())
    }
}
