//! Progress on a terminal: a bar for the run, one line for each running job, and above them the
//! lines that stay.
//!
//! The only user of indicatif, which redraws at a fixed rate and scrolls everything up when a
//! notice is printed. A job keeps its line until it ends, and the next job gets that line, so that
//! lines do not jump. Lines are removed at the end of the run only.

use super::job_index::JobIndex;
use super::notice::{JobFailureNotice, PhaseSummary, RunNotice, pause_text};
use super::paint::TextPaint;
use super::progress::{ProgressSnapshot, RunProgress, RunningJob};
use super::text_format;
use crate::base::Clock;
use crate::base::printable::{escape_terminal, flatten_escaped};
use crate::event::{Event, EventSink};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// Redraws per second: smooth enough for the eye, few enough for a slow SSH connection.
const DRAWS_PER_SECOND: u8 = 12;
/// Interval of the spinner. It turns without events too, to show that the program is alive.
const SPINNER_TICK: Duration = Duration::from_millis(120);
/// Width of the bar of the run and of a job's bar, in characters.
const BAR_CELLS: (usize, usize) = (18, 12);

/// Draws progress on a terminal.
pub struct TerminalSink<'a> {
    progress: RunProgress,
    clock: &'a dyn Clock,
    paint: TextPaint,
    multi_progress: MultiProgress,
    overall_bar: ProgressBar,
    lines: Vec<JobLine>,
}

/// One line below the bar of the run, with the job that it shows; `None` while it is free.
struct JobLine {
    bar: ProgressBar,
    job: Option<String>,
}

impl<'a> TerminalSink<'a> {
    /// Returns a sink that draws on standard error, with a spinner that turns by itself.
    #[must_use]
    pub fn on_stderr(
        job_index: impl Into<Arc<JobIndex>>,
        clock: &'a dyn Clock,
        colour: bool,
    ) -> Self {
        // Standard error, because the result goes to standard output and may be piped into a file.
        let terminal = Self::with_target(
            ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND),
            job_index,
            clock,
            colour,
        );
        terminal.overall_bar.enable_steady_tick(SPINNER_TICK);
        terminal
    }

    /// Returns a sink that draws on `target`, and only when an event arrives: tests need the same
    /// picture every time.
    #[must_use]
    pub fn with_target(
        target: ProgressDrawTarget,
        job_index: impl Into<Arc<JobIndex>>,
        clock: &'a dyn Clock,
        colour: bool,
    ) -> Self {
        let multi_progress = MultiProgress::with_draw_target(target);
        let overall_bar = multi_progress.add(ProgressBar::new_spinner());
        overall_bar.set_style(bar_style("{spinner} {time:>7} {wide_msg}"));
        Self {
            progress: RunProgress::new(job_index),
            clock,
            paint: TextPaint { colour },
            multi_progress,
            overall_bar,
            lines: Vec::new(),
        }
    }

    fn assign_lines(&mut self) {
        // Free lines are found before any is given away, so that the first new job gets the line of
        // the one that ended.
        let running = self.progress.running_jobs();
        for line in &mut self.lines {
            let over = line
                .job
                .as_ref()
                .is_some_and(|job| running.iter().all(|running| running.job != *job));
            if over {
                line.job = None;
            }
        }
        for RunningJob { job, .. } in running {
            if self.lines.iter().any(|line| line.job.as_ref() == Some(job)) {
                continue;
            }
            match self.lines.iter_mut().find(|line| line.job.is_none()) {
                Some(free) => free.job = Some(job.clone()),
                // There are never more lines than jobs that ran at one time, because lines are
                // reused.
                None => self.lines.push(JobLine {
                    bar: add_blank_line(&self.multi_progress),
                    job: Some(job.clone()),
                }),
            }
        }
    }

    fn draw_lines(&mut self) {
        self.assign_lines();
        let snapshot = self.progress.snapshot(self.clock.elapsed());
        let line = overall_line(&snapshot, self.paint);
        self.overall_bar.set_message(match self.progress.paused {
            Some(_) => format!("{line}  {}", self.paint.warning("paused")),
            None => line,
        });
        // A free line stays on the screen as a blank one. Removing it would move all lines below
        // it.
        for line in &self.lines {
            let running = self
                .progress
                .running_jobs()
                .iter()
                .find(|running| Some(&running.job) == line.job.as_ref());
            let text = running.map(|running| {
                job_line(running, self.progress.unit_noun(&running.job), self.paint)
            });
            line.bar.set_message(text.unwrap_or_default());
        }
    }

    fn print_notice(&self, notice: &RunNotice) {
        let lines = notice_lines(notice, self.paint);
        if !lines.is_empty() {
            // Through indicatif: text that is printed past it would be drawn over by the bars.
            let _ = self
                .multi_progress
                .println(escape_terminal(&lines.join("\n"), true));
        }
    }

    fn clear_lines(&mut self) {
        for line in self.lines.drain(..) {
            // The summary that follows has all the figures; bars that no longer move would be read
            // as a hung run.
            line.bar.finish_and_clear();
        }
        self.overall_bar.finish_and_clear();
        let _ = self.multi_progress.clear();
    }
}

impl EventSink for TerminalSink<'_> {
    fn record_event(&mut self, event: &Event) {
        let notices = self.progress.apply_event(event, self.clock.elapsed());
        // Notices are printed before the lines are redrawn: the line of a failed job is free by
        // then.
        notices.iter().for_each(|notice| self.print_notice(notice));
        if matches!(event, Event::RunEnded { .. }) {
            self.clear_lines();
        } else {
            self.draw_lines();
        }
    }
}

impl Drop for TerminalSink<'_> {
    // Errors leave the run early, without `RunEnded`. The shell's prompt would then appear among
    // the bars.
    fn drop(&mut self) {
        self.clear_lines();
    }
}

fn add_blank_line(multi_progress: &MultiProgress) -> ProgressBar {
    let bar = multi_progress.add(ProgressBar::new_spinner());
    bar.set_style(bar_style("          {wide_msg}"));
    bar
}

fn bar_style(template: &str) -> ProgressStyle {
    let style =
        // The templates are constants, so the fallback is never used. It is there because panics
        // are not allowed.
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    // indicatif's own format of time differs from that of every other figure of the program.
    let time = |state: &ProgressState, out: &mut dyn Write| {
        let _ = out.write_str(&text_format::format_whole_seconds(
            state.elapsed().as_secs_f64(),
        ));
    };
    style.with_key("time", time).tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
}

/// Returns the line of the whole run: bar, percentage, phase, time left.
fn overall_line(snapshot: &ProgressSnapshot, paint: TextPaint) -> String {
    let phase = snapshot.phase.map(|(phase, done, total, noun)| {
        format!(
            "  {} {}/{}",
            paint.emphasis(phase.name()),
            text_format::format_number(done),
            text_format::format_count(total, noun)
        )
    });
    let left = snapshot.seconds_left.map(|seconds| {
        paint.dimmed(&format!(
            "  ~{} left",
            text_format::format_whole_seconds(seconds)
        ))
    });
    // Rounded down: 99.7 % must not look complete. The width is fixed, so the text behind it does
    // not move.
    let percent = format!("{:3.0}%", (snapshot.share * 100.0).floor());
    format!(
        "{} {percent}{}{}",
        bar_cells(snapshot.share, BAR_CELLS.0, paint),
        phase.unwrap_or_default(),
        left.unwrap_or_default()
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "unit counts stay far below 2^52"
)]
fn job_line(running: &RunningJob, noun: &str, paint: TextPaint) -> String {
    let share = if running.total == 0 {
        0.0
    } else {
        running.done as f64 / running.total as f64
    };
    // Many jobs report no progress, or none yet. `0/0` would look like an error.
    let units = if running.total == 0 {
        String::new()
    } else {
        format!(
            "{}/{}",
            running.done,
            text_format::format_count(running.total, noun)
        )
    };
    format!(
        "{} {units:>14}  {}",
        bar_cells(share, BAR_CELLS.1, paint),
        flatten_escaped(&running.job)
    )
}

/// Returns a bar of `cells` characters, filled by `share` (0 to 1).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few dozen cells"
)]
fn bar_cells(share: f64, cells: usize, paint: TextPaint) -> String {
    // Half cells double the resolution. Rounded down, so that a bar is full only when the work is
    // done.
    let halves = ((share.clamp(0.0, 1.0) * cells as f64 * 2.0).floor() as usize).min(cells * 2);
    let whole = halves / 2;
    let half = halves % 2;
    let filled = format!("{}{}", "━".repeat(whole), if half == 1 { "╸" } else { "" });
    format!(
        "{}{}",
        paint.in_progress(&filled),
        paint.dimmed(&"─".repeat(cells - whole - half))
    )
}

/// Returns the lines that a notice leaves on the screen; none for notices that the bars show
/// already.
fn notice_lines(notice: &RunNotice, paint: TextPaint) -> Vec<String> {
    match notice {
        RunNotice::PhaseEnded(phased) => vec![finished_phase_line(phased, paint)],
        RunNotice::Retried { job, cause, next } => {
            vec![format!(
                "{} {}  {cause}  {}",
                paint.warning("↻"),
                paint.emphasis(job),
                paint.dimmed(next)
            )]
        }
        RunNotice::Failed(failed) => failure_lines(failed, paint),
        RunNotice::Published(revision) => vec![format!(
            "{} {:<13} {revision}",
            paint.success("✓"),
            "published"
        )],
        RunNotice::Paused { frozen } => vec![format!(
            "{} {:<13} {}",
            paint.warning("‖"),
            "paused",
            pause_text(*frozen)
        )],
        RunNotice::Resumed => vec![format!("{} resumed", paint.success("▸"))],
        // The bar names the phase, and a checkpoint is of no interest while a run succeeds. A log
        // without bars prints both.
        RunNotice::PhaseBegan { .. } | RunNotice::Checkpoint(_) => Vec::new(),
    }
}

fn finished_phase_line(phased: &PhaseSummary, paint: TextPaint) -> String {
    let mark = if phased.all_succeeded {
        paint.success("✓")
    } else {
        paint.failure("✗")
    };
    let details = if phased.details.is_empty() {
        String::new()
    } else {
        paint.dimmed(&format!("  {}", phased.details))
    };
    let elapsed = if phased.elapsed.is_empty() {
        String::new()
    } else {
        format!("  {}", phased.elapsed)
    };
    format!(
        "{mark} {} {}{elapsed}{details}",
        paint.emphasis(&format!("{:<13}", phased.phase.name())),
        phased.amount
    )
}

/// Returns a failure in full: job, class, message, place in the document, last lines of the tool,
/// log.
pub(super) fn failure_lines(failed: &JobFailureNotice, paint: TextPaint) -> Vec<String> {
    let mut lines = vec![format!(
        "{} {}  {}",
        paint.failure("✗"),
        paint.emphasis(&failed.job),
        paint.failure(failed.class)
    )];
    lines.push(format!("  {}", failed.message));
    if !failed.place.is_empty() {
        lines.push(format!("  asked for at {}", failed.place));
    }
    lines.extend(
        failed
            .evidence
            .iter()
            .map(|line| paint.dimmed(&format!("  │ {line}"))),
    );
    if !failed.log.is_empty() {
        lines.push(format!("  log {}", failed.log));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{JobReused, JobStarted};
    use crate::report::test_plan::{self, ManualClock};
    use indicatif::TermLike;
    use std::io;
    use std::sync::{Arc, Mutex};

    const COLUMNS: usize = 100;

    /// A terminal that keeps its screen, with lines that wrap when the next character comes.
    #[derive(Debug, Clone, Default)]
    struct FakeTerminal(Arc<Mutex<ScreenGrid>>);

    #[derive(Debug, Default)]
    struct ScreenGrid {
        rows: Vec<Vec<char>>,
        row: usize,
        column: usize,
    }

    impl ScreenGrid {
        fn put(&mut self, c: char) {
            if c == '\r' {
                self.column = 0;
                return;
            }
            if self.column == COLUMNS || c == '\n' {
                (self.row, self.column) = (self.row + 1, 0);
            }
            self.rows
                .resize((self.row + 1).max(self.rows.len()), vec![' '; COLUMNS]);
            if c != '\n' {
                self.rows[self.row][self.column] = c;
                self.column += 1;
            }
        }
    }

    impl FakeTerminal {
        fn text(&self) -> String {
            let grid = self.0.lock().unwrap();
            let rows = grid
                .rows
                .iter()
                .map(|row| row.iter().collect::<String>().trim_end().to_owned());
            rows.collect::<Vec<_>>().join("\n").trim_end().to_owned()
        }
    }

    impl TermLike for FakeTerminal {
        fn width(&self) -> u16 {
            u16::try_from(COLUMNS).unwrap()
        }
        fn move_cursor_up(&self, n: usize) -> io::Result<()> {
            let mut grid = self.0.lock().unwrap();
            grid.row = grid.row.saturating_sub(n);
            Ok(())
        }
        fn move_cursor_down(&self, n: usize) -> io::Result<()> {
            self.0.lock().unwrap().row += n;
            Ok(())
        }
        fn move_cursor_right(&self, n: usize) -> io::Result<()> {
            self.0.lock().unwrap().column += n;
            Ok(())
        }
        fn move_cursor_left(&self, n: usize) -> io::Result<()> {
            let mut grid = self.0.lock().unwrap();
            grid.column = grid.column.saturating_sub(n);
            Ok(())
        }
        fn write_line(&self, s: &str) -> io::Result<()> {
            self.write_str(s)?;
            self.write_str("\n")
        }
        fn write_str(&self, s: &str) -> io::Result<()> {
            let mut grid = self.0.lock().unwrap();
            s.chars().for_each(|c| grid.put(c));
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            let mut grid = self.0.lock().unwrap();
            let row = grid.row;
            if let Some(cells) = grid.rows.get_mut(row) {
                cells.fill(' ');
            }
            grid.column = 0;
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Plays the first `events` of the story and returns the screen.
    fn screen_after(events: usize, end: bool) -> String {
        let clock = ManualClock::default();
        let screen = FakeTerminal::default();
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(screen.clone()), 255);
        let job_index = test_plan::sample_index(20.0);
        let mut terminal = TerminalSink::with_target(target, job_index, &clock, false);
        for (millis, event) in test_plan::run_events().iter().take(events) {
            clock.set_millis(*millis);
            terminal.record_event(event);
        }
        let text = screen.text();
        drop(terminal);
        if end { screen.text() } else { text }
    }

    #[test]
    fn finished_phases_and_failures_stay_when_the_bars_are_cleared() {
        insta::assert_snapshot!(screen_after(usize::MAX, true));
    }

    #[test]
    fn a_job_keeps_its_line_until_it_ends_and_the_next_takes_it_over() {
        let clock = ManualClock::default();
        let job_index = test_plan::sample_index(20.0);
        let mut terminal =
            TerminalSink::with_target(ProgressDrawTarget::hidden(), job_index, &clock, false);
        let start = |job: &str| {
            Event::JobStarted(JobStarted {
                job: job.to_owned(),
                phase: crate::model::Phase::Shots,
                attempt: 1,
            })
        };
        let end = |job: &str| {
            Event::JobReused(JobReused {
                job: job.to_owned(),
                phase: crate::model::Phase::Shots,
                digest: crate::base::Digest::hash_bytes(b""),
                pinned: false,
            })
        };
        let one = "render.shot/sh010/1001-1024";
        let two = "render.shot/sh010/1025-1048";
        let three = "render.shot/sh020/1049-1072";
        for event in [start(one), start(two), end(one), start(three)] {
            terminal.record_event(&event);
        }
        let jobs: Vec<_> = terminal
            .lines
            .iter()
            .map(|line| line.job.as_deref())
            .collect();
        assert_eq!(jobs, [Some(three), Some(two)]);
    }

    #[test]
    fn the_line_of_the_run_shows_share_phase_and_time_left() {
        let phase = Some((crate::model::Phase::Shots, 212, 480, "frame"));
        let standing = ProgressSnapshot {
            share: 0.45,
            phase,
            seconds_left: Some(72.0),
        };
        let line = overall_line(&standing, TextPaint { colour: false });
        assert_eq!(
            line,
            "━━━━━━━━──────────  45%  shots 212/480 frames  ~1m 12s left"
        );
    }

    #[test]
    fn colour_is_written_only_when_enabled() {
        let failed = JobFailureNotice {
            job: "a".into(),
            class: "crash",
            message: "m".into(),
            evidence: vec![],
            place: "p.yaml:1:2".into(),
            log: "logs/a.1.log".into(),
        };
        assert!(failure_lines(&failed, TextPaint { colour: true })[0].contains('\u{1b}'));
        assert_eq!(
            failure_lines(&failed, TextPaint { colour: false }),
            [
                "✗ a  crash",
                "  m",
                "  asked for at p.yaml:1:2",
                "  log logs/a.1.log"
            ]
        );
    }
}
