//! Speech by `espeak-ng`, called so that the line has what the voice asks for: words a minute and
//! semitones.
//!
//! Its option `-s` is not in words a minute: English prose comes out 1.22 times as fast, a text of
//! short words 1.7 times, and below 80 nothing changes. So a line of six words and more is spoken,
//! measured, and spoken again at the speed that was needed. That takes 12 ms.

use super::engine_call::EngineFolder;
use super::finished_line::{EngineSpeech, pitch_factor, whole_samples};
use crate::base::find_program;
use crate::media::speech_voices::NO_SOUND_SERVER;
use crate::model::FailureClass;
use crate::model::sound::{SpeechWork, has_counted_words, spoken_seconds, text_words};
use crate::process::{CallOptions, ask_program};
use crate::producers::contract::JobFailure;
use crate::producers::render::command::EnvironmentVariables;
use crate::sound::{SoundBuffer, audible_range};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How to install it.
const INSTALL: &str = "install it (`apt-get install espeak-ng`, `brew install espeak-ng`), or give the voice another \
                       provider";

/// Words a minute of English prose for each unit of `-s`.
const WORDS_A_SPEED: f64 = 1.22;
/// The most by which the speed of one line differs from that.
// A text of very short words is spoken faster than its words a minute, as people do: exactly so
// many of them a minute would drawl.
const MAX_SPEED_CHANGE: f64 = 1.2;
/// The slowest speed that is not clamped, and the fastest.
const SPEEDS: (f64, f64) = (80.0, 450.0);
/// A line within this share of its words a minute is not spoken again.
const GOOD_ENOUGH: f64 = 0.01;
/// Seconds that one unit of `-g` adds between two words at the slowest speed.
const GAP_SECONDS: f64 = 0.035;
/// The largest word gap.
const MAX_GAP: f64 = 60.0;

/// Values of `-p` with the semitones that they raise a voice by, as measured. 50 is its own pitch.
// The documentation says 0 to 99 and no unit.
const PITCHES: [(f32, f32); 9] = [
    (0.0, -6.6),
    (10.0, -5.6),
    (25.0, -3.6),
    (38.0, -1.9),
    (50.0, 0.0),
    (62.0, 1.95),
    (75.0, 4.15),
    (90.0, 7.0),
    (99.0, 8.65),
];

/// The program, with its version.
#[derive(Debug, Clone)]
pub struct EspeakProgram {
    path: PathBuf,
    version: String,
    /// Its variants of voices, such as `f3`.
    variants: BTreeSet<String>,
}

impl EspeakProgram {
    /// Looks for the program on `search`, in the format of `PATH`, and asks for its version.
    ///
    /// # Errors
    /// Fails with how to install it if it is not there or does not answer.
    pub fn find(search: &OsStr, watch: CallOptions<'_>) -> Result<Self, String> {
        let path = find_program("espeak-ng", search)
            .ok_or_else(|| format!("find `espeak-ng`: {INSTALL}"))?;
        // Through the probe of programs, which kills one that hangs.
        let ask = |option: &str| {
            let mut command = Command::new(&path);
            command
                .arg(option)
                .env(NO_SOUND_SERVER.0, NO_SOUND_SERVER.1);
            ask_program(command, search, watch)
                .map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned())
                .map_err(|error| format!("ask `espeak-ng`: {error}"))
        };
        let version = parse_version(&ask("--version")?);
        let variants = parse_variants(&ask("--voices=variant")?);
        Ok(Self {
            path,
            version,
            variants,
        })
    }

    /// Returns its name and version, for identities.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("espeak-ng {}", self.version)
    }

    /// Returns its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of its variants of voices.
    #[must_use]
    pub fn variant_count(&self) -> usize {
        self.variants.len()
    }

    /// Fails if the voice names a variant that there is not.
    // The program itself speaks with the plain voice then, and says nothing.
    pub(super) fn require_variant(&self, voice: &str) -> Result<(), JobFailure> {
        let Some((_, variant)) = voice.split_once('+') else {
            return Ok(());
        };
        // An empty list means that the program did not print one, and not that it has none.
        if self.variants.is_empty() || self.variants.contains(variant) {
            return Ok(());
        }
        let message = format!(
            "speak with espeak-ng: it has no variant `{variant}`, which the voice `{voice}` names; \
             `espeak-ng --voices=variant` lists them"
        );
        Err(JobFailure::new(FailureClass::MissingInput, message))
    }
}

/// Returns the version in `eSpeak NG text-to-speech: 1.51  Data at: /usr/lib`.
fn parse_version(text: &str) -> String {
    let after = text.split_once(':').map_or(text, |(_, after)| after);
    let version = after.split_whitespace().next();
    version.unwrap_or("of an unknown version").to_owned()
}

/// Returns the names of variants, which the column of files has behind `!v/`.
fn parse_variants(text: &str) -> BTreeSet<String> {
    let names = text.lines().filter_map(|line| {
        let (_, name) = line.split_once("!v/")?;
        // A name may have a space. The next column is far away, or begins with a bracket.
        let name = name.split("  ").next().unwrap_or(name);
        let name = name.split(" (").next().unwrap_or(name);
        Some(name.trim().to_owned())
    });
    names.collect()
}

/// Speaks a line.
pub(super) fn speak(
    program: &EspeakProgram,
    work: &SpeechWork,
    folder: &EngineFolder<'_>,
    environment: &EnvironmentVariables,
) -> Result<EngineSpeech, JobFailure> {
    let EnginePitch {
        option,
        semitones_left,
    } = EnginePitch::for_semitones(work.voice.pitch);
    // What is raised afterwards is also faster then.
    let raise = pitch_factor(semitones_left);
    let rate = f64::from(work.voice.words_per_minute) / raise;
    let usual = rate / WORDS_A_SPEED;
    let call = |pace: EnginePace| {
        let path = folder.sound_file("line.wav");
        let mut command = Command::new(&program.path);
        command
            // `-b 1`: the text is UTF-8 in every locale.
            .args(["-b", "1", "-v", &work.voice.name])
            .args(["-s", &whole_text(pace.speed), "-g", &whole_text(pace.gap)])
            .args(["-p", &whole_text(option.into())])
            .arg("-f")
            .arg(&folder.text_file)
            .arg("-w")
            .arg(&path);
        folder
            .run_program(command, environment)
            .map_err(|failure| explain_failure(failure, &work.voice.name))?;
        folder.read_sound(&path, "espeak-ng")
    };
    let first = EnginePace::for_speed(usual);
    let mut sound = call(first)?;
    if has_counted_words(&work.text) {
        let wanted = spoken_seconds(&work.text, work.voice.words_per_minute) * raise;
        let second = first.corrected(usual, audible_seconds(&sound), wanted, work);
        if second != first {
            sound = call(second)?;
        }
    }
    Ok(EngineSpeech {
        sound,
        semitones_left,
        words: None,
    })
}

/// The pace that is passed to the engine.
#[derive(Debug, Clone, Copy, PartialEq)]
struct EnginePace {
    /// The value of `-s`.
    speed: f64,
    /// The value of `-g`.
    gap: f64,
}

impl EnginePace {
    fn for_speed(speed: f64) -> Self {
        Self {
            speed: speed.round().clamp(SPEEDS.0, SPEEDS.1),
            gap: 0.0,
        }
    }

    /// Returns the pace at which a line lasts `wanted` seconds that lasts `measured` at this one.
    fn corrected(self, usual: f64, measured: f64, wanted: f64, work: &SpeechWork) -> Self {
        if measured <= 0.0 || (measured / wanted - 1.0).abs() < GOOD_ENOUGH {
            return self;
        }
        // Within limits: the words of one line may all be long, and a voice that crawls or races is
        // worse than a pace that is a little off.
        let least = usual / MAX_SPEED_CHANGE;
        let most = usual * MAX_SPEED_CHANGE;
        let speed = (self.speed * measured / wanted).clamp(least, most);
        let mut pace = Self::for_speed(speed);
        // Below the slowest speed only the pauses between words can grow.
        if speed < SPEEDS.0 {
            let at_slowest = measured * self.speed / SPEEDS.0;
            let at_limit = measured * self.speed / speed;
            let gaps = text_words(&work.text).len().saturating_sub(1).max(1) as f64;
            let missing = (wanted.min(at_limit) - at_slowest).max(0.0) / gaps;
            pace.gap = (missing / GAP_SECONDS).round().min(MAX_GAP);
        }
        pace
    }
}

/// The pitch that is passed to the engine.
#[derive(Debug, Clone, Copy, PartialEq)]
struct EnginePitch {
    /// The value of `-p`.
    option: f32,
    /// Semitones that it cannot do.
    semitones_left: f32,
}

impl EnginePitch {
    fn for_semitones(semitones: f32) -> Self {
        let lowest = PITCHES[0].1;
        let highest = PITCHES[PITCHES.len() - 1].1;
        let requested = semitones.clamp(lowest, highest);
        // Between measured points in straight lines: the option has no unit and is not even.
        let pair = PITCHES.windows(2).find(|pair| requested <= pair[1].1);
        let pair = pair.unwrap_or(&PITCHES[PITCHES.len() - 2..]);
        let share = (requested - pair[0].1) / (pair[1].1 - pair[0].1);
        Self {
            option: (pair[1].0 - pair[0].0).mul_add(share, pair[0].0),
            semitones_left: semitones - requested,
        }
    }
}

/// Returns the seconds from the first to the last sound.
fn audible_seconds(sound: &SoundBuffer) -> f64 {
    audible_range(sound).len() as f64 / f64::from(sound.sample_rate().max(1))
}

fn whole_text(value: f64) -> String {
    whole_samples(value).to_string()
}

/// Names the voice where the engine does not have it.
fn explain_failure(failure: JobFailure, voice: &str) -> JobFailure {
    if !failure.evidence.contains("voice does not exist") {
        return failure;
    }
    let message =
        format!("speak with espeak-ng: it has no voice `{voice}`; `espeak-ng --voices` lists them");
    JobFailure::new(FailureClass::MissingInput, message).with_evidence(failure.evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_variants_are_read() {
        let text = "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/espeak-ng-data\n";
        assert_eq!(parse_version(text), "1.51");
        assert_eq!(parse_version(""), "of an unknown version");
        let list = "Pty Language       Age/Gender VoiceName          File                 Other\n \
                    5  variant         --/F      female3            !v/f3                \n \
                    5  variant         --/M      Mr_Serious         !v/Mr serious        \n \
                    5  variant         --/M      Storm              !v/Storm             (en-us 5)\n";
        let variants: Vec<String> = parse_variants(list).into_iter().collect();
        assert_eq!(variants, ["Mr serious", "Storm", "f3"]);
    }

    #[test]
    fn a_pitch_beyond_the_engine_is_left_over() {
        let own = EnginePitch::for_semitones(0.0);
        assert_eq!((own.option, own.semitones_left), (50.0, 0.0));
        let high = EnginePitch::for_semitones(12.0);
        assert_eq!(high.option, 99.0);
        assert!((high.semitones_left - 3.35).abs() < 1e-5);
        let low = EnginePitch::for_semitones(-12.0);
        assert_eq!(low.option, 0.0);
        assert!((low.semitones_left + 5.4).abs() < 1e-5);
        let between = EnginePitch::for_semitones(3.05).option;
        assert!((between - 68.5).abs() < 0.1, "{between}");
    }
}
