//! Graded frames in memory, decoded and fitted, for all encodes of one shot: each output of a
//! production shows the same frames.
//!
//! The encodes of a shot run side by side or one after the other, each from its first frame to its
//! last. If the frames of a shot do not fit, the cache has those that came first, and a few that
//! came last: the next encode finds the first ones, and one that runs beside finds the last ones.
//! To drop the oldest would leave nothing to the next encode.

use crate::media::picture::DisplayImage;
use crate::model::PixelSize;
use crate::model::retro_treatment::FitMode;
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

/// Frames of one shot that are in the cache because they came last.
const RECENT_FRAMES: usize = 8;

/// What was done to a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::producers) enum FrameForm {
    /// Read as it is.
    Decoded,
    /// Fitted to the size of an output.
    Fitted {
        /// The size.
        size: PixelSize,
        /// How another aspect is fitted.
        fit: FitMode,
        /// Whether it is for a palette, which needs another filter.
        for_palette: bool,
    },
}

/// A frame, and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::producers) struct FrameKey {
    /// The file of the graded frame. In a store it is named by its content.
    pub(in crate::producers) path: PathBuf,
    /// What was done to it.
    pub(in crate::producers) form: FrameForm,
}

/// Whether a thread may wait for another one that makes the same frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::producers) enum FrameWait {
    /// It waits.
    Allowed,
    /// It makes the frame itself. A thread of the pool that waits could hold up the very work that
    /// it waits for.
    Refused,
}

/// A place for one frame.
type FrameSlot = Arc<Mutex<Option<Arc<DisplayImage>>>>;

/// Frames of the shots that are being encoded, up to a number of bytes.
pub(in crate::producers) struct FrameCache {
    most_bytes: usize,
    state: Mutex<CacheState>,
}

#[derive(Default)]
struct CacheState {
    slots: HashMap<FrameKey, FrameSlot>,
    /// What is held, in the order in which it came.
    held: VecDeque<HeldFrame>,
    bytes: usize,
}

struct HeldFrame {
    key: FrameKey,
    shot: PathBuf,
    bytes: usize,
}

impl FrameCache {
    /// Returns a cache of at most so many bytes.
    pub(in crate::producers) fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            state: Mutex::default(),
        }
    }

    /// Returns a frame of the shot whose first frame is at `shot`. `make` is called if it is not
    /// held.
    pub(in crate::producers) fn frame<E>(
        &self,
        key: &FrameKey,
        shot: &Path,
        wait: FrameWait,
        make: impl FnOnce() -> Result<Arc<DisplayImage>, E>,
    ) -> Result<Arc<DisplayImage>, E> {
        // The state is locked only to find the slot. The frame is made under the lock of its slot,
        // so that other frames are made meanwhile, and this one is made once.
        let slot = Arc::clone(self.lock_state().slots.entry(key.clone()).or_default());
        let held = match wait {
            FrameWait::Allowed => Some(slot.lock().unwrap_or_else(PoisonError::into_inner)),
            // A thread of the pool must not wait for another encode: if all of them waited, none
            // would be left to finish.
            FrameWait::Refused => match slot.try_lock() {
                Ok(held) => Some(held),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            },
        };
        let Some(mut held) = held else {
            // Another encode makes it just now. To make it twice is slower than to wait, and cannot
            // block.
            return make();
        };
        if let Some(frame) = &*held {
            return Ok(Arc::clone(frame));
        }
        match make() {
            Ok(frame) => {
                *held = Some(Arc::clone(&frame));
                drop(held);
                self.hold(key, shot, frame_bytes(&frame));
                Ok(frame)
            }
            Err(error) => {
                drop(held);
                // The next encode tries again, since a failure may have passed.
                self.lock_state().slots.remove(key);
                Err(error)
            }
        }
    }

    fn hold(&self, key: &FrameKey, shot: &Path, bytes: usize) {
        let mut state = self.lock_state();
        state.bytes += bytes;
        // At the end, so that the list is in the order in which frames came.
        state.held.push_back(HeldFrame {
            key: key.clone(),
            shot: shot.to_path_buf(),
            bytes,
        });
        while state.bytes > self.most_bytes {
            // One frame may be larger than the whole cache. It is used by its own encode and held
            // no longer.
            let Some(dropped) = state.take_least_useful(shot) else {
                return;
            };
            state.bytes -= dropped.bytes;
            state.slots.remove(&dropped.key);
        }
    }

    fn lock_state(&self) -> MutexGuard<'_, CacheState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheState {
    /// Takes out a frame of another shot, the oldest, else one between the first and the last of
    /// this shot.
    fn take_least_useful(&mut self, shot: &Path) -> Option<HeldFrame> {
        // Frames of another shot go first: its encodes are probably done, and this one's are at
        // work.
        let other = self.held.iter().position(|held| held.shot != *shot);
        // Neither of the first ones, which the next encode of the shot begins with, nor of the last
        // ones, which one beside this may need.
        let between = self.held.len().checked_sub(RECENT_FRAMES + 1);
        self.held.remove(other.or(between).unwrap_or(0))
    }
}

fn frame_bytes(frame: &DisplayImage) -> usize {
    std::mem::size_of_val(frame.pixels.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const SIZE: PixelSize = PixelSize::new(10, 10);

    fn key(name: &str, number: usize) -> FrameKey {
        FrameKey {
            path: PathBuf::from(format!("{name}{number}")),
            form: FrameForm::Decoded,
        }
    }

    /// Passes over a shot, and returns the frames that had to be made.
    fn made_frames(cache: &FrameCache, name: &str, count: usize) -> Vec<usize> {
        let shot = PathBuf::from(format!("{name}0"));
        let mut made = Vec::new();
        for number in 0..count {
            let frame = cache.frame(&key(name, number), &shot, FrameWait::Allowed, || {
                made.push(number);
                let shade = u16::try_from(number).unwrap();
                Ok::<_, Infallible>(Arc::new(DisplayImage::filled_with(SIZE, [shade; 3])))
            });
            assert_eq!(usize::from(frame.unwrap().pixels[0][0]), number);
        }
        made
    }

    #[test]
    fn a_shot_that_fits_is_made_once() {
        let cache = FrameCache::new(600 * 20);
        assert_eq!(made_frames(&cache, "a", 20).len(), 20);
        assert!(made_frames(&cache, "a", 20).is_empty());
        // The next shot takes its place.
        assert_eq!(made_frames(&cache, "b", 20).len(), 20);
        assert!(made_frames(&cache, "b", 20).is_empty());
        assert_eq!(made_frames(&cache, "a", 1), [0]);
    }

    #[test]
    fn of_a_long_shot_the_first_frames_are_cached() {
        let cache = FrameCache::new(600 * 20);
        assert_eq!(made_frames(&cache, "a", 100).len(), 100);
        let again = made_frames(&cache, "a", 100);
        assert_eq!(again.first(), Some(&12), "{again:?}");
        let state = cache.lock_state();
        assert!(state.bytes <= 600 * 20);
        assert_eq!(state.slots.len(), state.held.len());
    }

    #[test]
    fn without_room_nothing_is_held() {
        let cache = FrameCache::new(0);
        assert_eq!(made_frames(&cache, "a", 3), [0, 1, 2]);
        assert_eq!(made_frames(&cache, "a", 3), [0, 1, 2]);
        assert!(cache.lock_state().slots.is_empty());
    }

    #[test]
    fn threads_that_wait_make_each_frame_once() {
        let cache = FrameCache::new(1 << 20);
        let made = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for number in 0..50 {
                        let shot = PathBuf::from("a0");
                        let frame =
                            cache.frame(&key("a", number), &shot, FrameWait::Allowed, || {
                                made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                                Ok::<_, Infallible>(Arc::new(DisplayImage::filled_with(
                                    SIZE, [0; 3],
                                )))
                            });
                        assert!(frame.is_ok());
                    }
                });
            }
        });
        assert_eq!(made.into_inner(), 50);
    }

    #[test]
    fn a_frame_that_cannot_be_made_is_tried_again() {
        let cache = FrameCache::new(1 << 20);
        let shot = PathBuf::from("a0");
        let failed = cache.frame(&key("a", 0), &shot, FrameWait::Refused, || Err("damaged"));
        assert_eq!(failed, Err("damaged"));
        assert_eq!(made_frames(&cache, "a", 1), [0]);
    }
}
