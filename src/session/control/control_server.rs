//! The side of the run: a thread that answers connections to its socket.

use super::control_message::{ControlReply, ControlRequest, RequestedUrgency};
use crate::base::json::to_json_string;
use crate::base::{CancelToken, Clock, PausableClock, PauseLevel};
use crate::execute::RunControl;
use crate::process;
use crate::report::SharedRun;
use crate::store::StoreLayout;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The longest wait for the dispatcher. It looks every 50 ms, unless the disk holds it up.
const DISPATCHER_PATIENCE: Duration = Duration::from_secs(3);

/// A run as its socket steers it.
#[derive(Clone)]
pub(in crate::session) struct SteeredRun {
    pub(in crate::session) live: SharedRun,
    pub(in crate::session) control: Arc<RunControl>,
    pub(in crate::session) cancel: CancelToken,
    pub(in crate::session) clock: PausableClock,
    /// The farm that does the work. `None`: this machine does.
    pub(in crate::session) farm: Option<String>,
}

impl SteeredRun {
    /// Follows a request, and returns the reply.
    fn follow_request(&self, request: &ControlRequest) -> ControlReply {
        let followed = match request {
            ControlRequest::Status => Ok(None),
            ControlRequest::Cancel { now } => self.cancel_run(*now),
            ControlRequest::Pause { now } => self.set_pause(if *now {
                PauseLevel::Frozen
            } else {
                PauseLevel::Holding
            }),
            ControlRequest::Resume if self.control.pause().level() == PauseLevel::Running => {
                Err("resume the run: it is not paused".to_owned())
            }
            ControlRequest::Resume => self.set_pause(PauseLevel::Running),
            ControlRequest::Prioritize { target, urgency } => {
                self.change_order(target, *urgency).map(Some)
            }
            ControlRequest::Nice { niceness } => self.set_niceness(*niceness),
        };
        self.reply(followed)
    }

    fn reply(&self, followed: Result<Option<usize>, String>) -> ControlReply {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut run = live.snapshot(self.clock.elapsed(), self.cancel.is_draining());
        // The dispatcher reports a pause a moment later, and the client that paused must not see
        // the old state.
        run.adopt_pause(self.control.pause().level());
        let (refusal, jobs) = match followed {
            Ok(jobs) => (None, jobs),
            Err(refusal) => (Some(refusal), None),
        };
        ControlReply {
            refusal,
            jobs,
            farm: self.farm.clone(),
            run: Box::new(run),
        }
    }

    /// Stops the run as an interrupt does.
    fn cancel_run(&self, now: bool) -> Result<Option<usize>, String> {
        // On a farm the first interrupt would leave the run there, which is not what `cancel` says.
        if now || self.farm.is_some() {
            self.cancel.request_halt();
        } else if !self.cancel.is_draining() {
            self.cancel.escalate();
        }
        Ok(None)
    }

    fn set_pause(&self, level: PauseLevel) -> Result<Option<usize>, String> {
        self.refuse_on_farm("pause")?;
        self.refuse_at_end("pause")?;
        self.control.pause().set_level(level);
        Ok(None)
    }

    fn change_order(&self, target: &str, urgency: RequestedUrgency) -> Result<usize, String> {
        self.refuse_on_farm("change the order of")?;
        self.refuse_at_end("change the order of")?;
        let answer = self
            .control
            .request_urgency(target.to_owned(), urgency.into());
        // The dispatcher alone knows the jobs; a client must not wait for ever for one that has
        // ended.
        let waited = answer.recv_timeout(DISPATCHER_PATIENCE);
        waited.unwrap_or_else(|_| Err("change the order of the run: it is ending".to_owned()))
    }

    /// Sets the niceness of this process and of the tools that it has started.
    fn set_niceness(&self, niceness: i32) -> Result<Option<usize>, String> {
        self.refuse_on_farm("change the share of")?;
        self.refuse_at_end("change the share of")?;
        process::set_niceness(niceness).map_err(|error| {
            let reason = match error.kind() {
                std::io::ErrorKind::PermissionDenied => {
                    "the system lets only an administrator raise it again".to_owned()
                }
                std::io::ErrorKind::Unsupported => "only Linux can do this".to_owned(),
                _ => error.to_string(),
            };
            format!("set the niceness of the run to {niceness}: {reason}")
        })?;
        Ok(None)
    }

    /// Refuses what needs jobs that have not started.
    fn refuse_at_end(&self, action: &str) -> Result<(), String> {
        if self.cancel.is_draining() {
            Err(format!("{action} the run: it is stopping"))
        } else if self.control.is_over() {
            Err(format!("{action} the run: its jobs have ended"))
        } else {
            Ok(())
        }
    }

    /// Refuses what only this machine can do.
    fn refuse_on_farm(&self, action: &str) -> Result<(), String> {
        self.farm.as_ref().map_or(Ok(()), |farm| {
            Err(format!(
                "{action} the run: it is on the farm `{farm}`, whose scheduler holds and orders its jobs"
            ))
        })
    }
}

/// The thread that answers. It ends when this is dropped.
pub(in crate::session) struct ControlServer {
    layout: StoreLayout,
    is_closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ControlServer {
    /// Starts to answer for a run. `None`: the file system of the store has no sockets. The run is
    /// then like one of earlier versions, which only an interrupt stops.
    #[cfg(unix)]
    pub(in crate::session) fn start(layout: &StoreLayout, run: SteeredRun) -> Option<Self> {
        let listener = super::control_socket::listen(layout).ok()?;
        let is_closing = Arc::new(AtomicBool::new(false));
        let closing = Arc::clone(&is_closing);
        let thread = std::thread::Builder::new().name("control".into());
        let thread = thread.spawn(move || {
            for stream in listener.incoming() {
                if closing.load(Ordering::SeqCst) {
                    return;
                }
                // A side that is gone, or that sends something else, is no matter of the run.
                if let Ok(stream) = stream {
                    let _ = answer_request(&stream, &run);
                }
            }
        });
        Some(Self {
            layout: layout.clone(),
            is_closing,
            thread: Some(thread.ok()?),
        })
    }

    /// Starts nothing: only Unix has sockets in folders.
    #[cfg(not(unix))]
    pub(in crate::session) fn start(_: &StoreLayout, _: SteeredRun) -> Option<Self> {
        None
    }
}

#[cfg(unix)]
fn answer_request(
    stream: &std::os::unix::net::UnixStream,
    run: &SteeredRun,
) -> std::io::Result<()> {
    let line = super::control_socket::read_line(stream)?;
    let request: ControlRequest = serde_json::from_str(&line)?;
    super::control_socket::write_line(stream, &to_json_string(&run.follow_request(&request)))
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        // Before the connection that wakes the thread, or it would wait for the next one.
        self.is_closing.store(true, Ordering::SeqCst);
        #[cfg(unix)]
        {
            // The thread sleeps until somebody connects.
            let _ = super::control_socket::connect(&self.layout);
            super::control_socket::remove_socket(&self.layout);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
