//! The socket of a run: its place, who may use it, and how lines travel.

use crate::store::StoreLayout;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The name of the socket in its folder.
const SOCKET_NAME: &str = "socket";

/// The longest wait for the other side. Both are processes of one machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// The most bytes of a line. A reply has a line for each job that failed.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// A folder that is open, and a path of the socket in it that is short enough for an address.
struct SocketPlace {
    _folder: File,
    path: PathBuf,
}

impl SocketPlace {
    // An address has room for about a hundred bytes, and the path of a store may be longer. Linux
    // has a short name for every open folder.
    fn open(folder: &Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        let opened = File::open(folder)?;
        let short = PathBuf::from(format!("/proc/self/fd/{}", opened.as_raw_fd()));
        let path = if short.exists() { &short } else { folder }.join(SOCKET_NAME);
        Ok(Self {
            _folder: opened,
            path,
        })
    }
}

/// Listens in the store. The caller must hold its lock.
///
/// # Errors
/// Fails if the file system of the store has no sockets, or the store cannot be written.
pub(super) fn listen(layout: &StoreLayout) -> io::Result<UnixListener> {
    let folder = layout.control_folder();
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        // It may be left from an earlier run. Its mode is set in any case.
        _ => {}
    }
    // The folder keeps others out, and not the mode of the socket: there is no moment between its
    // making and a change of its mode.
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700))?;
    remove_socket(layout);
    UnixListener::bind(SocketPlace::open(&folder)?.path)
}

/// Connects to the run of this store.
///
/// # Errors
/// Fails if no run listens.
pub(super) fn connect(layout: &StoreLayout) -> io::Result<UnixStream> {
    let place = SocketPlace::open(&layout.control_folder())?;
    UnixStream::connect(place.path)
}

/// Removes the socket of a run that has ended, if there is one.
pub(super) fn remove_socket(layout: &StoreLayout) {
    let _ = std::fs::remove_file(layout.control_folder().join(SOCKET_NAME));
}

/// Returns the next line of the other side.
///
/// # Errors
/// Fails if it does not come in time.
pub(super) fn read_line(stream: &UnixStream) -> io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new(stream.take(MAX_LINE_BYTES)).read_line(&mut line)?;
    Ok(line)
}

/// Sends a line to the other side.
///
/// # Errors
/// Fails if it is gone or does not read.
pub(super) fn write_line(mut stream: &UnixStream, json: &str) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(json.as_bytes())?;
    stream.write_all(b"\n")
}
