//! Tasks over the cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A task that may borrow from its caller.
pub type Task<'s, T> = Box<dyn FnOnce() -> T + Send + 's>;

/// How many threads work.
#[derive(Clone, Copy, Debug)]
pub struct Workers {
    count: usize,
}

impl Workers {
    /// `count` threads, at least one.
    pub fn new(count: usize) -> Self {
        Self { count: count.max(1) }
    }

    /// One for each core.
    pub fn all() -> Self {
        Self::new(thread::available_parallelism().map_or(1, usize::from))
    }

    /// Number of threads.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Runs all tasks, each thread taking the next one that nobody has: put the longest first. Results come in the tasks' order.
    /// A task that panics makes this panic when the others are done.
    pub fn run<'s, T: Send>(&self, tasks: Vec<Task<'s, T>>) -> Vec<T> {
        let threads = self.count.min(tasks.len());
        if threads <= 1 {
            return tasks.into_iter().map(|task| task()).collect();
        }
        let waiting: Vec<Mutex<Option<Task<'s, T>>>> = tasks.into_iter().map(|task| Mutex::new(Some(task))).collect();
        let results: Vec<Mutex<Option<T>>> = waiting.iter().map(|_| Mutex::new(None)).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(place) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&place| place < waiting.len()) {
                let task = waiting[place].lock().expect("no task runs under this lock").take().expect("each place is taken once");
                *results[place].lock().expect("no task runs under this lock") = Some(task());
            }
        };
        thread::scope(|scope| {
            // This thread is one of them.
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        results.into_iter().map(|result| result.into_inner().expect("no task runs under this lock").expect("every task ran")).collect()
    }
}
