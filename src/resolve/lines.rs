//! Resolves the lines of each shot: the lines that are written or derived, else the speeches of
//! the script, and how long a shot is that lasts as long as its words.

use super::context::ResolveContext;
use super::line_timing::{LineStart, LineTiming, UnplacedLine};
use super::shot_length::FIRST_FRAME;
use super::sound::{SoundBase, SpeechFacts};
use super::sound_numbers;
use super::unused_fields::report_unused;
use super::value_parsers::{ShotMoment, content_origin, parse_moment};
use crate::base::suggestions::{did_you_mean, nearest_match};
use crate::base::{FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::document::{LineDraft, OneOrMany, TextOr};
use crate::model::production::{Character, Scene, SceneSpeech, Shot};
use crate::model::sound::{LineDelivery, ShotLine, UnspokenSpeech, frames_holding};
use crate::model::speaker_names::{CastIndex, bare_speaker_name, is_narrator};
use crate::model::spoken_words::shots_with_speech;
use crate::model::{FrameList, FrameRate, SceneNumber};
use crate::story::fountain::TURN_PAUSE;
use crate::story::shot_coverage::LEAD_SECONDS;
use std::collections::{HashMap, HashSet};

/// Lines of a shot as they are written.
pub(super) type LineDrafts = OneOrMany<TextOr<LineDraft>>;

/// Keys of a line that is a map. Any other key is a speaker.
const LINE_KEYS: [&str; 8] = [
    "who",
    "text",
    "at",
    "pause",
    "together",
    "voice_over",
    "off_screen",
    "gain",
];

/// Words that a name before a colon has at the most. More are the beginning of a sentence.
const MOST_NAME_WORDS: usize = 3;

/// Who speaks, if it is written, and what.
struct LineWords {
    who: Option<Spanned<String>>,
    words: Spanned<String>,
}

/// A resolved shot with what its lines are made from.
pub(super) struct ShotScript {
    pub(super) shot: Shot,
    /// Its lines, if it or coverage wrote any. An empty list: nobody speaks.
    pub(super) lines: Option<LineDrafts>,
    /// Whether its length is written, and not that of its words.
    pub(super) has_length: bool,
}

/// What lines are resolved with.
pub(super) struct LineContext<'a> {
    pub(super) characters: &'a [Character],
    pub(super) speakers: CastIndex<'a>,
    pub(super) scenes: &'a [Scene],
    pub(super) rate: FrameRate,
    pub(super) sound: &'a SoundBase,
    pub(super) facts: &'a SpeechFacts,
    /// Whether every film with sound shows all shots in their order, so that what is behind a shot
    /// in the document is behind it in each film.
    pub(super) are_films_whole: bool,
}

impl LineContext<'_> {
    /// Returns the shots with their lines, and with the length that their words need where none is
    /// written. Also returns the speeches that no shot speaks.
    pub(super) fn speak_shots(
        &self,
        context: &mut ResolveContext<'_>,
        scripts: Vec<ShotScript>,
    ) -> SpokenShots {
        let has_length: Vec<bool> = scripts.iter().map(|script| script.has_length).collect();
        let written: Vec<Option<LineDrafts>> =
            scripts.iter().map(|script| script.lines.clone()).collect();
        let mut shots: Vec<Shot> = scripts.into_iter().map(|script| script.shot).collect();
        // Before any line is placed: which speech a shot has depends on all shots of its scene.
        let speeches = self.script_speeches(&shots, &written);
        let mut planned: Vec<Vec<UnplacedLine>> = Vec::with_capacity(shots.len());
        for (index, shot) in shots.iter().enumerate() {
            planned.push(match (&written[index], speeches.get(&index)) {
                // Written lines win, also an empty list: it silences a shot that the script would
                // fill.
                (Some(drafts), _) => self.written_lines(context, drafts, shot),
                (None, Some(speeches)) => speeches
                    .iter()
                    .enumerate()
                    .map(|(at, speech)| self.scripted_line(speech, at == 0))
                    .collect(),
                (None, None) => Vec::new(),
            });
        }
        let rooms: Vec<usize> = (0..shots.len())
            .map(|index| self.room_frames(&shots[index..], &planned[index..]))
            .collect();
        for (index, (shot, planned)) in shots.iter_mut().zip(planned).enumerate() {
            self.place_lines(shot, planned, has_length[index].then_some(rooms[index]));
        }
        // From the lines and not from the match above: a written line may speak a speech too.
        let unspoken = self.unspoken_speeches(&shots);
        SpokenShots { shots, unspoken }
    }

    /// Returns the frames in which the lines of the first of these shots may sound: its own, and
    /// for a voice that is seen nowhere also the shots behind it in which nobody speaks. A narrator
    /// need not hurry to be done before a cut.
    fn room_frames(&self, shots: &[Shot], planned: &[Vec<UnplacedLine>]) -> usize {
        let own = shots.first().map_or(0, |shot| shot.frames.len());
        let Some((lines, behind)) = planned.split_first() else {
            return own;
        };
        let is_voice_over = |line: &UnplacedLine| line.delivery == LineDelivery::VoiceOver;
        if lines.is_empty() || !self.are_films_whole || !lines.iter().all(is_voice_over) {
            return own;
        }
        let silent = behind.iter().take_while(|lines| lines.is_empty()).count();
        let behind = shots.iter().skip(1).take(silent);
        own + behind.map(|shot| shot.frames.len()).sum::<usize>()
    }

    /// Returns the speeches of shots without written lines, where the match is certain.
    fn script_speeches<'s>(
        &'s self,
        shots: &[Shot],
        written: &[Option<LineDrafts>],
    ) -> HashMap<usize, Vec<&'s SceneSpeech>> {
        let mut by_scene: HashMap<&SceneNumber, Vec<usize>> = HashMap::new();
        for (index, shot) in shots.iter().enumerate() {
            by_scene.entry(&shot.scene.value).or_default().push(index);
        }
        // Where lines are written, the author says who speaks when in the whole scene.
        let is_free = |scene: &SceneNumber| {
            let indices = by_scene.get(scene).map_or(&[][..], Vec::as_slice);
            indices.iter().all(|index| written[*index].is_none())
        };
        let mut speeches: HashMap<usize, Vec<&SceneSpeech>> = HashMap::new();
        for (index, speech) in shots_with_speech(self.characters, self.scenes, shots) {
            if is_free(&shots[index].scene.value) {
                speeches.entry(index).or_default().push(speech);
            }
        }
        for scene in self
            .scenes
            .iter()
            .filter(|scene| !scene.speeches.is_empty())
        {
            // The only shot of a scene shows all of it.
            if let Some([only]) = by_scene.get(&scene.number).map(Vec::as_slice)
                && written[*only].is_none()
            {
                speeches.insert(*only, scene.speeches.iter().collect());
            }
        }
        speeches
    }

    fn scripted_line(&self, speech: &SceneSpeech, is_first: bool) -> UnplacedLine {
        let usual = if is_first { LEAD_SECONDS } else { TURN_PAUSE };
        // A direction is acted before the words, so its time comes on top of the usual pause.
        let pause = (speech.direction_seconds > 0.0).then_some(speech.direction_seconds + usual);
        UnplacedLine {
            start: match speech.dual {
                true => LineStart::Together,
                false => LineStart::After { pause },
            },
            ..self.planned_line(
                speech.speaker.clone(),
                speech.text.clone(),
                // A speech without an extension is on screen too, which must not override the
                // narrator's delivery.
                Some(speech.delivery).filter(|delivery| *delivery != LineDelivery::OnScreen),
            )
        }
    }

    /// Returns a line after the one before it. `delivery`: `None` where nothing is written.
    fn planned_line(
        &self,
        speaker: Spanned<String>,
        text: Spanned<String>,
        delivery: Option<LineDelivery>,
    ) -> UnplacedLine {
        let character = self.speakers.find_character(&speaker.value);
        // A character may be called Narrator. Then it speaks with its own voice, in the picture.
        let is_narrated = character.is_none() && is_narrator(&speaker.value);
        let name = bare_speaker_name(&speaker.value);
        let voice = self
            .sound
            .voices
            .speaker_voice(character, is_narrated, name);
        let usual = match is_narrated {
            true => LineDelivery::VoiceOver,
            false => LineDelivery::OnScreen,
        };
        UnplacedLine {
            speaker,
            character,
            text,
            delivery: delivery.unwrap_or(usual),
            voice: voice.voice,
            voice_written: voice.is_written,
            voice_origin: voice.origin,
            provider_origin: voice.provider_origin,
            gain: 0.0,
            start: LineStart::After { pause: None },
            start_origin: None,
        }
    }

    fn written_lines(
        &self,
        context: &mut ResolveContext<'_>,
        drafts: &LineDrafts,
        shot: &Shot,
    ) -> Vec<UnplacedLine> {
        let mut planned = Vec::new();
        for draft in drafts {
            match draft {
                TextOr::Text(text) if text.is_placeholder => {}
                TextOr::Text(text) => {
                    // A block of text has a line for each line.
                    let lines = text.value.lines().filter(|line| !line.trim().is_empty());
                    for line in lines {
                        let line = Spanned::new(line.trim().to_owned(), text.origin);
                        planned.extend(self.text_line(context, &line, shot));
                    }
                }
                TextOr::Full(line) => planned.extend(self.field_line(context, line, shot)),
            }
        }
        planned
    }

    /// Returns the line of a text such as `mara: It went out.` or `It went out.`
    fn text_line(
        &self,
        context: &mut ResolveContext<'_>,
        text: &Spanned<String>,
        shot: &Shot,
    ) -> Option<UnplacedLine> {
        let split = text.value.split_once(':');
        // `Note: the lamp is out.` may be the words of a line, so only a known name is a speaker.
        let known = split.filter(|(who, _)| {
            self.speakers.find_character(who.trim()).is_some() || is_narrator(who)
        });
        match known {
            Some((who, words)) => {
                let who = Spanned::new(who.trim().to_owned(), text.origin);
                let words = Spanned::new(words.trim().to_owned(), text.origin);
                self.checked_line(context, Some(who), words, None, shot)
            }
            None => {
                let stranger = split.filter(|(who, _)| self.is_stranger(context, who, shot));
                let Some((who, words)) = stranger else {
                    return self.checked_line(context, None, text.clone(), None, shot);
                };
                // As a line with `who`: a scratch voice speaks, and a rule reports the name.
                let place = prefix_origin(text, who.trim());
                let who = Spanned::new(who.trim().to_owned(), place);
                let words = Spanned::new(words.trim().to_owned(), text.origin);
                self.checked_line(context, Some(who), words, None, shot)
            }
        }
    }

    /// Returns whether what is before a colon is a name that nobody has, and not words: `Note: the
    /// lamp is out.`
    fn is_stranger(&self, context: &mut ResolveContext<'_>, who: &str, shot: &Shot) -> bool {
        let bare = bare_speaker_name(who);
        let looks_like_name =
            !bare.is_empty() && bare.split_whitespace().count() <= MOST_NAME_WORDS;
        if !looks_like_name {
            return false;
        }
        let names = || self.characters.iter().map(|each| each.name.value.as_str());
        let near = context.allowance.search(|| nearest_match(bare, names()));
        // In a shot of one character the words need no name. Only a slip of a name is one then.
        near.is_some() || shot.cast.len() != 1
    }

    /// Returns who speaks and what, of a line that is a map: under `who` and `text`, or with the
    /// speaker as a key. `None`: it has no words, which is reported.
    fn field_words(
        &self,
        context: &mut ResolveContext<'_>,
        line: &LineDraft,
        shot: &Shot,
    ) -> Option<LineWords> {
        let mut who = line.texts.get("who").map(|who| who.0.clone());
        let mut words = line.texts.get("text").map(|text| text.0.clone());
        let others = line
            .texts
            .iter()
            .filter(|(key, _)| !LINE_KEYS.contains(&key.value.as_str()));
        let mut has_unknown = false;
        for (key, value) in others {
            // Only the first unknown key is a speaker. One beside it, or beside `who` or `text`, is
            // a slip of a field.
            if who.is_none() && words.is_none() {
                who = Some(key.clone());
                words = Some(value.0.clone());
                continue;
            }
            has_unknown = true;
            let message = format!("unknown field {} of a line", quote_value(&key.value));
            let near = context
                .allowance
                .search(|| did_you_mean(&key.value, LINE_KEYS));
            let help = near.unwrap_or_else(|| format!("known are {}", LINE_KEYS.join(", ")));
            report_line(context, key, message, help);
        }
        // What is missing is in the field that was reported.
        if has_unknown && (words.is_none() || (who.is_none() && shot.cast.len() != 1)) {
            return None;
        }
        let Some(words) = words else {
            let place = Spanned::new(String::new(), line.origin);
            let help = "add `text`, or write `mara: It went out.`".to_owned();
            report_line(context, &place, "a line without words".to_owned(), help);
            return None;
        };
        Some(LineWords { who, words })
    }

    /// Returns the line of a map.
    fn field_line(
        &self,
        context: &mut ResolveContext<'_>,
        draft: &LineDraft,
        shot: &Shot,
    ) -> Option<UnplacedLine> {
        let LineWords { who, words } = self.field_words(context, draft, shot)?;
        report_unused_fields(context, draft);
        let delivery = match (is_on(&draft.voice_over), is_on(&draft.off_screen)) {
            (true, _) => Some(LineDelivery::VoiceOver),
            (false, true) => Some(LineDelivery::OffScreen),
            (false, false) => None,
        };
        let mut line = self.checked_line(context, who, words, delivery, shot)?;
        line.gain = sound_numbers::GAIN
            .resolve(context, "gain", draft.gain.as_ref())
            .unwrap_or(0.0);
        line.voice.gain += line.gain;
        let fields = &draft.texts;
        let at = fields.get("at").and_then(|at| parse_moment(context, at));
        let pause = fields
            .get("pause")
            .and_then(|pause| parse_moment(context, pause));
        line.start_origin = fields.get("at").map(|at| at.origin);
        line.start = match at {
            Some(moment) => LineStart::At(self.moment_samples(moment)),
            None if is_on(&draft.together) => LineStart::Together,
            None => LineStart::After {
                pause: pause.map(|moment| self.moment_seconds(moment)),
            },
        };
        Some(line)
    }

    /// Returns a line that has a speaker and words. Reports others.
    fn checked_line(
        &self,
        context: &mut ResolveContext<'_>,
        who: Option<Spanned<String>>,
        words: Spanned<String>,
        delivery: Option<LineDelivery>,
        shot: &Shot,
    ) -> Option<UnplacedLine> {
        // Marks alone, such as `...`, are words that no engine speaks.
        let is_blank = !words.value.contains(char::is_alphanumeric);
        if words.is_placeholder || who.as_ref().is_some_and(|who| who.is_placeholder) {
            return None;
        }
        if is_blank {
            let help = "write what is said, or remove the line".to_owned();
            report_line(context, &words, "a line without words".to_owned(), help);
            return None;
        }
        let who = match (who, shot.cast.as_slice()) {
            (Some(who), _) => who,
            (None, [only]) => Spanned::new(only.character.name.value.clone(), words.origin),
            (None, _) => {
                let message = "nobody is named who says this".to_owned();
                let help = "write `mara: It went out.`, or `who` and `text`; only in a shot of one \
                            character the name may be left out";
                report_line(context, &words, message, help.to_owned());
                return None;
            }
        };
        // As scripts write it: `MARA (V.O.)`. A field of the line wins over it.
        let extension = who.value.split_once('(').map(|(_, rest)| rest);
        let marked = extension.map(LineDelivery::from_extension);
        let marked = marked.filter(|delivery| *delivery != LineDelivery::OnScreen);
        let who = who.map(|who| bare_speaker_name(&who).to_owned());
        Some(self.planned_line(who, words, delivery.or(marked)))
    }

    fn moment_samples(&self, moment: ShotMoment) -> u64 {
        moment.samples(self.rate, self.sound.settings.sample_rate)
    }

    fn moment_seconds(&self, moment: ShotMoment) -> f64 {
        self.moment_samples(moment) as f64 / f64::from(self.sound.settings.sample_rate)
    }

    /// Gives a shot its lines. `room`: frames in which they may sound, from its start. `None`: its
    /// length is not written, so it gets the one that they need.
    fn place_lines(&self, shot: &mut Shot, planned: Vec<UnplacedLine>, room: Option<usize>) {
        if planned.is_empty() {
            return;
        }
        let layout = LineTiming {
            sample_rate: self.sound.settings.sample_rate,
            rate: self.rate,
            lengths: &self.facts.lengths,
        };
        let lines = if let Some(room) = room {
            layout.fit_lines(planned, shot.frames.len(), room)
        } else {
            let lines = layout.usual_lines(planned);
            let end = lines.iter().map(|line| line.start + line.length).max();
            let frames = frames_holding(
                end.unwrap_or_default() + layout.samples(LEAD_SECONDS + TURN_PAUSE),
                self.rate,
                layout.sample_rate,
            );
            // The first number stays: only the length follows the words.
            let first = shot.frames.first().unwrap_or(FIRST_FRAME);
            let count = u32::try_from(frames).unwrap_or(u32::MAX);
            shot.frames = FrameList::count_from(first, count);
            lines
        };
        // Counted in each shot, so that a line that is added in one shot renames none in another.
        let names = (1..).map(|number| format!("{}.{number}", shot.name.value));
        shot.lines = lines
            .into_iter()
            .zip(names)
            .map(|(line, name)| ShotLine { name, ..line })
            .collect();
    }

    /// Returns the speeches of the script whose words are in no line of their scene.
    fn unspoken_speeches(&self, shots: &[Shot]) -> Vec<UnspokenSpeech> {
        let mut spoken: HashMap<&SceneNumber, HashSet<String>> = HashMap::new();
        for shot in shots {
            let words = spoken.entry(&shot.scene.value).or_default();
            words.extend(shot.lines.iter().map(|line| spoken_form(&line.text.value)));
        }
        let mut unspoken = Vec::new();
        for scene in self.scenes {
            let lines = spoken.get(&scene.number);
            let is_spoken = |speech: &SceneSpeech| {
                let words = spoken_form(&speech.text.value);
                // A speech may be split over several shots, or have been shortened on purpose.
                let has_words = |lines: &HashSet<String>| {
                    lines
                        .iter()
                        .any(|line| line.contains(&words) || words.contains(line.as_str()))
                };
                words.is_empty() || lines.is_some_and(has_words)
            };
            let missing = scene.speeches.iter().filter(|speech| !is_spoken(speech));
            unspoken.extend(missing.map(|speech| UnspokenSpeech {
                speaker: speech.speaker.clone(),
                scene: scene.number.to_string(),
            }));
        }
        unspoken
    }
}

/// Returns whether a switch of a line is on. One that was reported is not.
fn is_on(switch: &Option<Spanned<bool>>) -> bool {
    switch
        .as_ref()
        .is_some_and(|switch| switch.value && !switch.is_placeholder)
}

/// Reports the fields of a line that another one overrides.
fn report_unused_fields(context: &mut ResolveContext<'_>, line: &LineDraft) {
    // Where the fields are that count.
    let place = |key: &str| match key {
        "together" => place_if_on(&line.together),
        "voice_over" => place_if_on(&line.voice_over),
        "off_screen" => place_if_on(&line.off_screen),
        text => {
            let text = line.texts.get(text).filter(|text| !text.is_placeholder);
            text.map(|text| text.origin)
        }
    };
    for (field, winner) in [
        ("pause", "at"),
        ("together", "at"),
        ("pause", "together"),
        ("off_screen", "voice_over"),
    ] {
        // A pause beside both has one finding.
        let is_reported = winner == "together" && field == "pause" && place("at").is_some();
        if let Some(origin) = place(field)
            && place(winner).is_some()
            && !is_reported
        {
            let why = format!("beside `{winner}`");
            let help = format!("remove `{field}` or `{winner}`");
            report_unused(context, field, origin, &why, &help);
        }
    }
}

fn place_if_on(switch: &Option<Spanned<bool>>) -> Option<FileSpan> {
    let place = switch.as_ref().map(|switch| switch.origin);
    place.filter(|_| is_on(switch))
}

/// The shots with their lines.
pub(super) struct SpokenShots {
    pub(super) shots: Vec<Shot>,
    pub(super) unspoken: Vec<UnspokenSpeech>,
}

/// Returns the words of a text in small letters, without marks.
fn spoken_form(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Returns the place of the first words of a text, or of all of it if quotes or escapes changed its
/// length.
fn prefix_origin(text: &Spanned<String>, prefix: &str) -> FileSpan {
    let place = content_origin(text).filter(|_| text.value.starts_with(prefix));
    let length = u32::try_from(prefix.len()).ok();
    let part = place
        .zip(length)
        .map(|(place, length)| place.sub_span(0, length));
    part.unwrap_or(text.origin)
}

fn report_line(
    context: &mut ResolveContext<'_>,
    place: &Spanned<String>,
    message: String,
    help: String,
) {
    context.report_error(
        "production::sound::bad_line",
        place.origin,
        message,
        Some(help),
    );
}
