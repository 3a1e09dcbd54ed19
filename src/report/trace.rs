//! Writes a trace of a command: a file that Perfetto (ui.perfetto.dev) and `chrome://tracing` draw,
//! with one lane for each thread and one bar for each span.
//!
//! Its source are the spans of `tracing`, which cost next to nothing without a subscriber. A span's
//! field `name` becomes the name of its bar, so that the bar of a job has the job's name; all other
//! fields become arguments. The format is the JSON array of the Trace Event Format: one event a
//! line, written when its span ends. Viewers also read a file without its end, which a killed
//! command leaves.

use crate::base::Clock;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Size of the buffer before it is written, in bytes.
// A write for each event would put a system call into every short span and so change what is
// measured.
const BUFFER_BYTES: usize = 1 << 16;

thread_local! {
    /// Lane of this thread; 0 until its first span ends.
    // Numbers of our own: the thread ids of `std` are opaque, and viewers need small integers.
    static THREAD_LANE: Cell<u32> = const { Cell::new(0) };
}

/// Writes a trace. Clones share one file.
#[derive(Clone)]
pub struct TraceWriter {
    shared: Arc<TraceState>,
}

struct TraceState {
    clock: Box<dyn Clock>,
    lanes: AtomicU32,
    file: Mutex<TraceFile>,
}

/// The file and the bytes that are not written to it yet. `out` is `None` after the end.
struct TraceFile {
    out: Option<Box<dyn Write + Send>>,
    pending: Vec<u8>,
}

struct OpenSpan {
    started: Duration,
    fields: SpanFields,
}

#[derive(Default)]
struct SpanFields(Map<String, Value>);

impl TraceWriter {
    /// Traces everything that this process does from now on.
    ///
    /// # Errors
    /// Fails if the process has a trace already: `tracing` has one subscriber for the whole
    /// process.
    pub fn install(clock: Box<dyn Clock>, out: Box<dyn Write + Send>) -> Result<Self, String> {
        let trace = Self::new(clock, out);
        let subscriber = Registry::default().with(trace.clone());
        tracing::subscriber::set_global_default(subscriber).map_err(|error| error.to_string())?;
        Ok(trace)
    }

    fn new(clock: Box<dyn Clock>, out: Box<dyn Write + Send>) -> Self {
        // The bracket is not written at once: `write_event` sees by it that no comma is needed.
        let file = Mutex::new(TraceFile {
            out: Some(out),
            pending: b"[".to_vec(),
        });
        let shared = Arc::new(TraceState {
            clock,
            lanes: AtomicU32::new(0),
            file,
        });
        let program = json!({ "name": "process_name", "ph": "M", "pid": 1, "args": { "name": "production" } });
        shared.write_event(&program);
        Self { shared }
    }

    /// Writes the end of the file. Later spans are dropped.
    ///
    /// # Errors
    /// Fails if the file cannot be written. Errors of earlier writes are lost, but a full disk
    /// fails here again.
    pub fn finish(&self) -> std::io::Result<()> {
        let mut file = self.shared.lock_file();
        file.pending.extend_from_slice(b"\n]\n");
        file.write_pending()?;
        file.out.take().map_or(Ok(()), |mut out| out.flush())
    }
}

impl TraceState {
    fn lock_file(&self) -> MutexGuard<'_, TraceFile> {
        // A thread that panicked may have left half an event. That is better than a second panic,
        // which would hide the first.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_event(&self, event: &Value) {
        let mut file = self.lock_file();
        // The comma comes before an event and not after it: the last event is unknown until the
        // end, and JSON allows no comma there.
        let comma: &[u8] = if file.pending == b"[" { b"\n" } else { b",\n" };
        file.pending.extend_from_slice(comma);
        let _ = serde_json::to_writer(&mut file.pending, event);
        if file.pending.len() >= BUFFER_BYTES {
            // A trace that cannot be written stops nothing; the end says so.
            let _ = file.write_pending();
        }
    }

    /// Returns the lane of this thread. The first call of a thread writes the name of its lane.
    fn thread_lane(&self) -> u32 {
        let known = THREAD_LANE.get();
        if known != 0 {
            return known;
        }
        // Lanes start at 1, because 0 means that the thread has none.
        let lane = self.lanes.fetch_add(1, Ordering::SeqCst) + 1;
        THREAD_LANE.set(lane);
        let thread = std::thread::current();
        let name = thread
            .name()
            .map_or_else(|| format!("thread {lane}"), str::to_owned);
        for (what, value) in [
            ("thread_name", json!({ "name": name })),
            (
                "thread_sort_index",
                json!({ "sort_index": lane_order(&name) }),
            ),
        ] {
            self.write_event(
                &json!({ "name": what, "ph": "M", "pid": 1, "tid": lane, "args": value }),
            );
        }
        lane
    }
}

/// Returns the position of a lane: main thread first, then workers by number, then all others.
fn lane_order(thread: &str) -> u32 {
    match thread.strip_prefix("worker-") {
        // Viewers sort names as text otherwise, with `worker-10` before `worker-2`.
        Some(number) => number.parse::<u32>().map_or(10_000, |number| number + 1),
        None if thread == "main" => 0,
        None => 10_000,
    }
}

impl TraceFile {
    fn write_pending(&mut self) -> std::io::Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.out
            .as_mut()
            .map_or(Ok(()), |out| out.write_all(&pending))
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TraceWriter {
    // The spans of libraries are for their own authors and would bury those of the jobs.
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_span() && metadata.target().starts_with(env!("CARGO_PKG_NAME"))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        // A span that the registry does not know was filtered out.
        let Some(span) = context.span(id) else { return };
        let mut fields = SpanFields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(OpenSpan {
            started: self.shared.clock.elapsed(),
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open_span) = span.extensions_mut().get_mut::<OpenSpan>() {
            values.record(&mut open_span.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        // Removed and not read: registries reuse their slots, and an old start would belong to
        // another span.
        let Some(OpenSpan {
            started,
            fields: SpanFields(mut fields),
        }) = span.extensions_mut().remove::<OpenSpan>()
        else {
            return;
        };
        let name = fields.remove("name").unwrap_or_else(|| span.name().into());
        let ended = self.shared.clock.elapsed();
        // A span counts for the thread on which it ends. Spans of this program do not move between
        // threads.
        let lane = self.shared.thread_lane();
        self.shared.write_event(&json!({
            "name": name,
            "cat": span.name(),
            "ph": "X",
            "ts": to_microseconds(started),
            "dur": to_microseconds(ended.saturating_sub(started)),
            "pid": 1,
            "tid": lane,
            "args": fields,
        }));
    }
}

/// Returns a time in microseconds, the unit of the format, with a fraction.
fn to_microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

impl Visit for SpanFields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0
            .insert(field.name().to_owned(), format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan::ManualClock;

    /// A file in memory.
    #[derive(Clone, Default)]
    struct TraceBuffer(Arc<Mutex<Vec<u8>>>);

    impl Write for TraceBuffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn traced(act: impl FnOnce()) -> Vec<Value> {
        let paper = TraceBuffer::default();
        let trace = TraceWriter::new(Box::new(ManualClock::default()), Box::new(paper.clone()));
        THREAD_LANE.set(0);
        tracing::subscriber::with_default(Registry::default().with(trace.clone()), act);
        trace.finish().unwrap();
        let events: Vec<Value> = serde_json::from_slice(&paper.0.lock().unwrap()).unwrap();
        events
    }

    #[test]
    fn a_span_is_one_bar_that_bears_its_name_and_fields() {
        let events = traced(|| {
            let span = tracing::info_span!(
                "job",
                name = "render.shot/one",
                attempt = 2,
                result = tracing::field::Empty
            );
            span.in_scope(|| tracing::info_span!("call", name = "ffmpeg").in_scope(|| {}));
            span.record("result", "crash");
        });
        let bars: Vec<&Value> = events.iter().filter(|event| event["ph"] == "X").collect();
        assert_eq!(
            (&bars[0]["name"], &bars[0]["cat"]),
            (&json!("ffmpeg"), &json!("call"))
        );
        assert_eq!(bars[1]["name"], "render.shot/one");
        assert_eq!(bars[1]["args"], json!({ "attempt": 2, "result": "crash" }));
        assert_eq!(bars[0]["tid"], bars[1]["tid"]);
        assert!(
            events
                .iter()
                .any(|event| event["name"] == "thread_name" && event["tid"] == bars[0]["tid"])
        );
    }

    #[test]
    fn workers_are_listed_below_the_stages_in_order() {
        assert_eq!(
            ["main", "worker-0", "worker-12", "journal"].map(lane_order),
            [0, 1, 13, 10_000]
        );
    }
}
