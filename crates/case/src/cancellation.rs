use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells cases that nobody waits for them any more. Clones are handles to the same cancellation, from any thread.
///
/// That of a [`Run`](crate::workers::Run) wakes whoever has to stop its cases. The default one is for cases that are run
/// without a pool, and wakes nobody.
///
/// ```
/// use deem_case::Cancellation;
///
/// let cancellation = Cancellation::default();
/// let of_the_case = cancellation.clone();
/// cancellation.cancel();
/// assert!(of_the_case.is_cancelled());
/// ```
#[derive(Clone, Default)]
pub struct Cancellation(Arc<Inner>);

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    on_cancel: Option<OnCancel>,
}

pub(crate) type OnCancel = Arc<dyn Fn() + Send + Sync>;

impl Cancellation {
    pub(crate) fn new(on_cancel: OnCancel) -> Cancellation {
        Cancellation(Arc::new(Inner { cancelled: AtomicBool::new(false), on_cancel: Some(on_cancel) }))
    }

    /// Whether [`cancel`](Cancellation::cancel) was called. Once it is so, it stays so.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Cancels, and then wakes whoever has to stop what is under way: who is awake sees that it is cancelled.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        if let Some(on_cancel) = &self.0.on_cancel {
            on_cancel();
        }
    }
}

/// Whether the two are handles to the same cancellation.
impl PartialEq for Cancellation {
    fn eq(&self, other: &Cancellation) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cancellation {}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancellation").field("is_cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}
