//! The share of the machine that this process and its children take: their niceness, from -20 (the
//! most) to 19 (the least).
//!
//! The kernel keeps it for each thread, and what a thread starts inherits it. So it is set for every
//! thread of this process first, and then for the groups of its children: a child that is started
//! in between has it either way. A child that has left its group keeps its own.

use std::io;

/// Sets the niceness of this process and of its children.
///
/// # Errors
/// Fails if the system does not allow it: most let only an administrator take a niceness back. Also
/// fails on systems other than Linux.
#[cfg(target_os = "linux")]
pub fn set_niceness(niceness: i32) -> io::Result<()> {
    use rustix::process::{setpriority_pgrp, setpriority_process};
    for thread in own_threads()? {
        ignore_gone(setpriority_process(Some(thread), niceness))?;
    }
    for group in child_groups()? {
        ignore_gone(setpriority_pgrp(Some(group), niceness))?;
    }
    Ok(())
}

/// Sets the niceness of this process and of its children.
///
/// # Errors
/// Fails: only Linux has it for each thread and lists the threads.
#[cfg(not(target_os = "linux"))]
pub fn set_niceness(_: i32) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// A thread or a child may end while it is looked at.
#[cfg(target_os = "linux")]
fn ignore_gone(result: rustix::io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error != rustix::io::Errno::SRCH => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(target_os = "linux")]
fn own_threads() -> io::Result<Vec<rustix::process::Pid>> {
    let mut threads = Vec::new();
    for entry in std::fs::read_dir("/proc/self/task")? {
        threads.extend(entry?.file_name().to_str().and_then(parse_pid));
    }
    Ok(threads)
}

/// Returns the groups that children of this process lead.
#[cfg(target_os = "linux")]
fn child_groups() -> io::Result<Vec<rustix::process::Pid>> {
    let mut groups = Vec::new();
    for thread in own_threads()? {
        let path = format!("/proc/self/task/{}/children", thread.as_raw_pid());
        // A thread that has ended has no children left: the kernel gives them to another one.
        let children = std::fs::read_to_string(path).unwrap_or_default();
        let children = children.split_whitespace().filter_map(parse_pid);
        groups.extend(children.filter(|child| {
            rustix::process::getpgid(Some(*child)).is_ok_and(|group| group == *child)
        }));
    }
    Ok(groups)
}

#[cfg(target_os = "linux")]
fn parse_pid(text: &str) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(text.parse().ok()?)
}
