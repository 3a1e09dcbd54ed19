//! The name of this machine, for logs and task records.

/// Returns the node name as `uname` reports it.
#[cfg(unix)]
#[must_use]
pub fn host_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// Returns the machine's name on its network, empty where there is none.
#[cfg(not(unix))]
#[must_use]
pub fn host_name() -> String {
    String::new()
}
