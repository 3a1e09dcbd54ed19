//! The `production` program: runs the command line and turns its result into an exit code. Looks at
//! the standard streams before the standard library does.

use production::cli::ClosedStreams;
use std::process::ExitCode;

fn main() -> ExitCode {
    production::cli::main(closed_streams())
}

/// Returns the standard streams that the program was started without, as by `production info >&-`.
#[cfg(unix)]
fn closed_streams() -> ClosedStreams {
    ClosedStreams {
        output: before_main::OUTPUT_CLOSED.load(std::sync::atomic::Ordering::Relaxed),
        error: before_main::ERROR_CLOSED.load(std::sync::atomic::Ordering::Relaxed),
    }
}

#[cfg(not(unix))]
fn closed_streams() -> ClosedStreams {
    ClosedStreams::default()
}

/// What runs before the standard library starts.
// It opens the null device in place of a stream that is closed, and everything that is written
// there seems to arrive. Afterwards nothing tells it apart from a null device that the user chose.
// In the program and not in the library: a linker drops from a library what nothing refers to.
#[cfg(unix)]
mod before_main {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(super) static OUTPUT_CLOSED: AtomicBool = AtomicBool::new(false);
    pub(super) static ERROR_CLOSED: AtomicBool = AtomicBool::new(false);

    /// The loader calls the functions of this section once, on the only thread.
    #[expect(
        unsafe_code,
        reason = "there is no safe way to run before the standard library"
    )]
    #[used]
    #[cfg_attr(
        not(target_vendor = "apple"),
        // SAFETY: the section holds pointers to functions, and this is one. It needs nothing that
        // the standard library has to start before.
        unsafe(link_section = ".init_array")
    )]
    #[cfg_attr(
        target_vendor = "apple",
        // SAFETY: as above.
        unsafe(link_section = "__DATA,__mod_init_func")
    )]
    static LOOK_AT_STREAMS: extern "C" fn() = look_at_streams;

    extern "C" fn look_at_streams() {
        OUTPUT_CLOSED.store(is_closed(libc::STDOUT_FILENO), Ordering::Relaxed);
        ERROR_CLOSED.store(is_closed(libc::STDERR_FILENO), Ordering::Relaxed);
    }

    #[expect(
        unsafe_code,
        reason = "the safe calls take a stream that is known to be open"
    )]
    fn is_closed(stream: libc::c_int) -> bool {
        // SAFETY: the call reads a flag of a number, whether or not it names a stream.
        unsafe { libc::fcntl(stream, libc::F_GETFD) == -1 }
    }
}
