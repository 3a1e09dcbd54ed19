//! Counts steps of work in tests, so that they can compare the cost of inputs without a clock.
//!
//! Loops whose number of rounds a document decides count themselves here, and so does every
//! allocation. Outside of tests a count costs nothing.

#[cfg(test)]
pub use counting::{count_work, count_work_of};

/// Counts `steps` steps of work.
#[cfg(not(test))]
pub const fn count_work(_steps: usize) {}

#[cfg(test)]
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    thread_local! {
        /// Tests run side by side, each on a thread of its own.
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    /// Bytes that are copied or cleared in about one step.
    const BYTES_A_STEP: usize = 64;

    #[global_allocator]
    static ALLOCATOR: CountingAllocator = CountingAllocator;

    /// The allocator of the system, which counts.
    struct CountingAllocator;

    // SAFETY: every call is passed to the allocator of the system as it is.
    unsafe impl GlobalAlloc for CountingAllocator {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count_work(1 + layout.size() / BYTES_A_STEP);
            // SAFETY: the caller keeps the contract of the same method.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            // SAFETY: as above.
            unsafe { System.dealloc(memory, layout) }
        }
    }

    /// Counts `steps` steps of work.
    pub fn count_work(steps: usize) {
        // A thread that ends has no counter any more, and still frees memory.
        let _ = STEPS.try_with(|counted| counted.set(counted.get() + steps));
    }

    /// Returns how many steps `work` counts on this thread.
    pub fn count_work_of(work: impl FnOnce()) -> usize {
        let before = STEPS.with(Cell::get);
        work();
        STEPS.with(Cell::get) - before
    }
}
