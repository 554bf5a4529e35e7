//! The CPU pool: N threads that all stages share, with a time-out and a panic fence for each document.
//!
//! Work of a later stage comes first. What it finishes can be committed, and a commit is what waiting
//! stages and the source wait for; work of earlier stages fills the time in which nothing can be computed
//! there. None starves: a later stage has no work but what earlier ones gave it.
//!
//! A running computation can't be cancelled. When one takes too long its document is given up, its
//! thread is left to finish alone, and a new thread takes its place; past a bound of such strays the
//! pool says so and the pipeline stops.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// Strays a pool may have for each of its threads before it refuses to go on.
const STRAYS_PER_THREAD: usize = 4;

/// A handle to the pool; cloning shares it. The threads end with the last handle.
#[derive(Clone)]
pub struct Cpu {
    pool: Arc<Pool>,
    /// Work of a higher rank comes first.
    rank: usize,
}

struct Pool {
    shared: Arc<Shared>,
    threads: usize,
}

struct Shared {
    queue: Mutex<Queue>,
    ready: Condvar,
    strays: AtomicUsize,
    exhausted: AtomicBool,
}

/// An item of a batch, by its index.
type Job = (Arc<dyn Work>, usize);

#[derive(Default)]
struct Queue {
    /// By rank; none is empty.
    jobs: BTreeMap<usize, VecDeque<Job>>,
    closed: bool,
}

impl Queue {
    fn pop(&mut self) -> Option<Job> {
        let mut highest = self.jobs.last_entry()?;
        let job = highest.get_mut().pop_front();
        if highest.get().is_empty() {
            highest.remove();
        }
        job
    }
}

/// Some items of one batch.
trait Work: Send + Sync {
    /// Runs item `index`; `false` when it was given up meanwhile.
    fn run(&self, index: usize) -> bool;
}

/// What became of one item.
#[derive(Debug, PartialEq, Eq)]
pub enum CpuOutcome<R> {
    /// It was computed.
    Done(R),
    /// It panicked, with this message.
    Panicked(String),
    /// It took longer than allowed.
    TimedOut,
    /// It was not computed: too many computations hang.
    Unfinished,
}

impl Cpu {
    /// Starts a pool of `threads` threads.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            ready: Condvar::new(),
            strays: AtomicUsize::new(0),
            exhausted: AtomicBool::new(false),
        });
        for _ in 0..threads {
            shared.start_thread();
        }
        Self {
            pool: Arc::new(Pool { shared, threads }),
            rank: 0,
        }
    }

    /// Returns a handle for work of `rank`: all work of a higher rank is done before it.
    #[must_use]
    pub fn ranked(&self, rank: usize) -> Self {
        Self {
            pool: Arc::clone(&self.pool),
            rank,
        }
    }

    /// Computes `work` for each item, side by side, and returns the outcomes in the items' order.
    ///
    /// Each item may take `limit` of wall time once it has begun. When too many computations hang, the
    /// items that have no outcome yet are [`CpuOutcome::Unfinished`].
    ///
    /// # Cancel safety
    /// When dropped, items that have not begun are still computed, for nothing.
    pub async fn map<T, R>(
        &self,
        items: Vec<T>,
        limit: Duration,
        work: impl Fn(T) -> R + Send + Sync + 'static,
    ) -> Vec<CpuOutcome<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let count = items.len();
        if count == 0 {
            return Vec::new();
        }
        let batch = Arc::new(BatchWork {
            slots: items
                .into_iter()
                .map(|item| Mutex::new(SlotState::Waiting(item)))
                .collect(),
            remaining: AtomicUsize::new(count),
            done: Notify::new(),
            work,
        });
        if self.is_exhausted() {
            return batch.slots.iter().map(take_outcome).collect();
        }
        let work = Arc::clone(&batch) as Arc<dyn Work>;
        self.pool.shared.push(&work, count, self.rank);
        while batch.remaining.load(Ordering::Acquire) > 0 {
            let tick = (limit / 8).clamp(Duration::from_millis(5), Duration::from_millis(250));
            tokio::select! {
                biased;
                () = batch.done.notified() => {}
                () = tokio::time::sleep(tick) => {
                    self.give_up_late(&batch, limit);
                    // No thread may be left to work for us.
                    if self.is_exhausted() {
                        break;
                    }
                }
            }
        }
        batch.slots.iter().map(take_outcome).collect()
    }

    /// Whether a thread strayed and was not replaced any more: from then on there may be none.
    fn is_exhausted(&self) -> bool {
        self.pool.shared.exhausted.load(Ordering::Acquire)
    }

    /// Gives up the items that have run longer than `limit`.
    fn give_up_late<T, R, F>(&self, batch: &BatchWork<T, R, F>, limit: Duration) {
        for slot in &batch.slots {
            let mut state = lock(slot);
            if matches!(&*state, SlotState::Running(since) if since.elapsed() > limit) {
                *state = SlotState::Outcome(CpuOutcome::TimedOut);
                drop(state);
                batch.remaining.fetch_sub(1, Ordering::AcqRel);
                let strays = self.pool.shared.strays.fetch_add(1, Ordering::AcqRel) + 1;
                if strays > self.pool.threads * STRAYS_PER_THREAD {
                    self.pool.shared.exhausted.store(true, Ordering::Release);
                    return;
                }
                self.pool.shared.start_thread();
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        lock(&self.shared.queue).closed = true;
        self.shared.ready.notify_all();
    }
}

impl Shared {
    /// Starts a thread that works until the pool is closed, or until it strayed.
    fn start_thread(self: &Arc<Self>) {
        let shared = Arc::clone(self);
        std::thread::Builder::new()
            .name("jadwal-cpu".to_owned())
            .spawn(move || {
                while let Some((work, index)) = shared.next_job() {
                    if !work.run(index) {
                        // Another thread has taken this one's place.
                        shared.strays.fetch_sub(1, Ordering::AcqRel);
                        return;
                    }
                }
            })
            .expect("the system lets us start the few threads of the pool");
    }

    fn next_job(&self) -> Option<Job> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(job) = queue.pop() {
                return Some(job);
            }
            if queue.closed {
                return None;
            }
            queue = self
                .ready
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn push(&self, work: &Arc<dyn Work>, count: usize, rank: usize) {
        let mut queue = lock(&self.queue);
        let jobs = queue.jobs.entry(rank).or_default();
        jobs.extend((0..count).map(|index| (Arc::clone(work), index)));
        drop(queue);
        if count == 1 {
            self.ready.notify_one();
        } else {
            self.ready.notify_all();
        }
    }
}

struct BatchWork<T, R, F> {
    slots: Vec<Mutex<SlotState<T, R>>>,
    remaining: AtomicUsize,
    done: Notify,
    work: F,
}

enum SlotState<T, R> {
    Waiting(T),
    Running(Instant),
    Outcome(CpuOutcome<R>),
    Taken,
}

impl<T, R, F> Work for BatchWork<T, R, F>
where
    T: Send,
    R: Send,
    F: Fn(T) -> R + Send + Sync,
{
    fn run(&self, index: usize) -> bool {
        let slot = &self.slots[index];
        let before = std::mem::replace(&mut *lock(slot), SlotState::Running(Instant::now()));
        let SlotState::Waiting(item) = before else {
            return true;
        };
        let outcome = match catch_unwind(AssertUnwindSafe(|| (self.work)(item))) {
            Ok(result) => CpuOutcome::Done(result),
            Err(panic) => CpuOutcome::Panicked(panic_message(&*panic)),
        };
        let mut state = lock(slot);
        if !matches!(*state, SlotState::Running(_)) {
            return false;
        }
        *state = SlotState::Outcome(outcome);
        drop(state);
        if self.remaining.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.done.notify_one();
        }
        true
    }
}

fn take_outcome<T, R>(slot: &Mutex<SlotState<T, R>>) -> CpuOutcome<R> {
    match std::mem::replace(&mut *lock(slot), SlotState::Taken) {
        SlotState::Outcome(outcome) => outcome,
        _ => CpuOutcome::Unfinished,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns what a caught panic said.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn outcomes_come_in_the_order_of_the_items() {
        let cpu = Cpu::new(3);
        let outcomes = cpu.map((0..100u64).collect(), LONG, |item| item * 2).await;
        let expected: Vec<_> = (0..100).map(|item| CpuOutcome::Done(item * 2)).collect();
        assert_eq!(outcomes, expected);
    }

    #[tokio::test]
    async fn a_panic_stays_with_its_item() {
        let cpu = Cpu::new(2);
        let outcomes = cpu
            .map(vec![1, 2, 3], LONG, |item| {
                assert!(item != 2, "two is bad");
                item
            })
            .await;
        assert_eq!(outcomes[0], CpuOutcome::Done(1));
        assert_eq!(outcomes[1], CpuOutcome::Panicked("two is bad".to_owned()));
        assert_eq!(outcomes[2], CpuOutcome::Done(3));
    }

    /// Scenario: every thread of the pool hangs in a document.
    /// Guarantees: those documents time out, later ones are still computed.
    #[tokio::test]
    async fn hanging_items_time_out_and_are_replaced() {
        let cpu = Cpu::new(2);
        let (release, gate) = sync_channel::<()>(0);
        let gate = Mutex::new(gate);
        let outcomes = cpu
            .map(
                vec![true, true, false],
                Duration::from_millis(30),
                move |hangs| {
                    if hangs {
                        // Ends when the test drops `release`.
                        assert!(lock(&gate).recv().is_err());
                    }
                },
            )
            .await;
        assert_eq!(outcomes[..2], [CpuOutcome::TimedOut, CpuOutcome::TimedOut]);
        assert_eq!(outcomes[2], CpuOutcome::Done(()));
        drop(release);
        let after = cpu.map(vec![7], LONG, |item| item).await;
        assert_eq!(after, [CpuOutcome::Done(7)]);
    }

    #[tokio::test]
    async fn work_of_a_higher_rank_comes_first() {
        let cpu = Cpu::new(1);
        let (begun, has_begun) = sync_channel::<()>(1);
        let (release, gate) = sync_channel::<()>(0);
        let gate = Mutex::new(gate);
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |name: &'static str| {
            let order = Arc::clone(&order);
            move |()| lock(&order).push(name)
        };
        let holds = cpu.map(vec![()], LONG, move |()| {
            begun.send(()).unwrap();
            assert!(lock(&gate).recv().is_err());
        });
        let later = cpu.ranked(2);
        let work = async {
            tokio::join!(
                cpu.map(vec![()], LONG, note("first stage")),
                later.map(vec![(), ()], LONG, note("third stage")),
            )
        };
        // All is queued when the only thread is released.
        let release = async {
            has_begun.recv().unwrap();
            drop(release);
        };
        tokio::join!(biased; holds, work, release);
        assert_eq!(*lock(&order), ["third stage", "third stage", "first stage"]);
    }

    #[tokio::test]
    async fn too_many_hanging_items_stop_the_pool() {
        let cpu = Cpu::new(1);
        let (release, gate) = sync_channel::<()>(0);
        let gate = Arc::new(Mutex::new(gate));
        let result = cpu
            .map(vec![(); 9], Duration::from_millis(10), move |()| {
                assert!(lock(&gate).recv().is_err());
            })
            .await;
        assert_eq!(result[0], CpuOutcome::TimedOut);
        assert_eq!(result[8], CpuOutcome::Unfinished);
        drop(release);
    }
}
