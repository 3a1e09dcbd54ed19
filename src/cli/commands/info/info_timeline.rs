//! `production info --timeline`: picture and sound at each frame of a film.

use crate::base::printable::flatten_escaped;
use crate::base::suggestions::did_you_mean;
use crate::cli::exit_codes::CliError;
use crate::model::Production;
use crate::model::cut::{
    ClipCard, Timeline, TimelineClip, TimelineCue, TimelineEffect, TimelineGraphic, TimelineLine,
    TimelineMarkerKind, TimelineTitle, TimelineTransition,
};
use crate::model::production::{Output, Shot, main_output};
use crate::model::sound::{EffectSource, MusicCue};
use crate::report::text_format::{format_count, format_duration};
use crate::report::text_table::{titled_columns, truncate_text};
use crate::timeline::{build_full_timeline, build_timeline};
use serde_json::{Value, json};

/// The timeline that is shown, and the output that it is of.
pub(super) struct ShownTimeline<'a> {
    production: &'a Production,
    /// `None`: the film with all shots.
    output: Option<&'a Output>,
    timeline: Timeline,
}

impl<'a> ShownTimeline<'a> {
    /// Returns the timeline of the output of this name; of the first film if the name is empty.
    pub(super) fn find(production: &'a Production, name: &str) -> Result<Self, CliError> {
        let output = if name.is_empty() {
            main_output(&production.outputs).and_then(|index| production.outputs.get(index))
        } else {
            Some(named_output(production, name)?)
        };
        let timeline = output.map_or_else(
            // A production without outputs has a timeline too: that of all of its shots.
            || build_full_timeline(production),
            |output| build_timeline(production, output),
        );
        Ok(Self {
            production,
            output,
            timeline,
        })
    }

    /// Returns it as text, in columns that fit the terminal.
    pub(super) fn text(&self, width: usize) -> String {
        let clips = self.timeline.clips.iter().enumerate();
        let clips = clips.map(|(index, clip)| self.clip_row(index, clip));
        let titles = self.sorted_titles().into_iter();
        let titles = titles.map(|title| self.title_row(title));
        let graphics = self.timeline.graphics.iter();
        let graphics = graphics.map(|graphic| self.graphic_row(graphic));
        let lines = self.timeline.lines.iter().map(|line| self.line_row(line));
        let cues = self.timeline.cues.iter().map(|cue| self.cue_row(cue));
        let sections = [
            titled_columns("pictures", &clips.collect::<Vec<_>>(), width),
            titled_columns("graphics", &graphics.collect::<Vec<_>>(), width),
            titled_columns("titles", &titles.collect::<Vec<_>>(), width),
            titled_columns("lines", &lines.collect::<Vec<_>>(), width),
            titled_columns("music", &cues.collect::<Vec<_>>(), width),
        ];
        let shown = sections.into_iter().filter(|section| !section.is_empty());
        let shown: Vec<String> = shown.collect();
        format!(
            "{}\n\n{}",
            truncate_text(&self.heading(), width),
            shown.join("\n")
        )
    }

    /// Returns it as one line for each clip and each transition.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        for (index, clip) in self.timeline.clips.iter().enumerate() {
            let cells = self.clip_row(index, clip);
            let cells = cells.iter().filter(|cell| !cell.is_empty());
            let cells: Vec<String> = cells.map(|cell| flatten_escaped(cell)).collect();
            text += &format!("{}\n", cells.join(" "));
        }
        text
    }

    /// Returns the titles by their first frames. They are drawn in the order of the document.
    fn sorted_titles(&self) -> Vec<&TimelineTitle> {
        let mut titles: Vec<&TimelineTitle> = self.timeline.titles.iter().collect();
        titles.sort_by_key(|title| title.start);
        titles
    }

    fn heading(&self) -> String {
        let timeline = &self.timeline;
        let name = self.output.map_or("all shots", |output| &output.name.value);
        format!(
            "{name}: {}, {} at {} a second, {}, {}",
            format_count(timeline.clips.len(), "clip"),
            format_count(timeline.length, "frame"),
            timeline.rate,
            format_duration(timeline.rate.duration_seconds(timeline.length)),
            format_count(timeline.transitions.len(), "transition"),
        )
    }

    fn code(&self, frame: usize) -> String {
        let counting = self.production.edit.counting;
        self.timeline.timecode(frame, counting).to_string()
    }

    fn clip_row(&self, index: usize, clip: &TimelineClip) -> Vec<String> {
        let transitions = self.timeline.transitions.iter();
        let at = |is_there: &dyn Fn(&TimelineTransition) -> bool, word: &str| {
            let mut found = transitions.clone().filter(|found| is_there(found));
            found.next().map_or_else(String::new, |found| {
                format!("{word} {} {}", found.kind.name(), found.length())
            })
        };
        vec![
            self.code(clip.start),
            clip.name.clone(),
            format!("{:>4} frames", clip.length),
            at(&|found| found.into == Some(index), "in:"),
            at(&|found| found.from == Some(index), "out:"),
            handle_words(clip),
        ]
    }

    fn title_row(&self, place: &TimelineTitle) -> Vec<String> {
        let title = self.production.titles.titles.get(place.title);
        // A title between shots is a clip of its own, and no shot ends under it.
        let title = title.filter(|title| title.backdrop.is_none());
        vec![
            self.code(place.start),
            self.title_text(place),
            format!("{:>4} frames", place.length),
            cut_words(place.length, title.map(|title| title.length)),
        ]
    }

    fn graphic_row(&self, place: &TimelineGraphic) -> Vec<String> {
        let graphic = self.production.graphics.get(place.graphic);
        vec![
            self.code(place.start),
            graphic.map_or_else(String::new, |graphic| graphic.kind.name().to_owned()),
            graphic.map_or_else(String::new, |graphic| graphic.summary().to_owned()),
            format!("{:>4} frames", place.length),
            cut_words(place.length, graphic.map(|graphic| graphic.length)),
        ]
    }

    /// Returns the lines of a title in one.
    fn title_text(&self, place: &TimelineTitle) -> String {
        let title = self.production.titles.titles.get(place.title);
        let texts = title.iter().flat_map(|title| &title.texts);
        let texts: Vec<&str> = texts.flat_map(|text| text.value.lines()).collect();
        texts.join(" / ")
    }

    fn line_row(&self, place: &TimelineLine) -> Vec<String> {
        let line = self
            .shot(place.clip)
            .and_then(|shot| shot.lines.get(place.line));
        vec![
            self.code(self.timeline.frame_at_sample(place.start)),
            line.map_or_else(String::new, |line| line.name.clone()),
            line.map_or_else(String::new, |line| {
                format!("{}: {}", line.speaker.value, line.text.value)
            }),
        ]
    }

    fn cue_row(&self, place: &TimelineCue) -> Vec<String> {
        vec![
            self.code(self.timeline.frame_at_sample(place.start)),
            self.cue(place)
                .map_or_else(String::new, |cue| cue.name.value.clone()),
            format!("{:.2} s", self.seconds(place.length)),
        ]
    }

    fn seconds(&self, samples: u64) -> f64 {
        samples as f64 / f64::from(self.timeline.sample_rate.max(1))
    }

    fn shot(&self, clip: usize) -> Option<&'a Shot> {
        let shot = self.timeline.clips.get(clip)?.shot?;
        self.production.shots.get(shot)
    }

    fn cue(&self, place: &TimelineCue) -> Option<&'a MusicCue> {
        self.production.sound.as_ref()?.music.get(place.cue)
    }

    /// Returns it as JSON; docs/json.md lists the fields.
    pub(super) fn json(&self) -> Value {
        let timeline = &self.timeline;
        let clips = timeline.clips.iter();
        let transitions = timeline.transitions.iter();
        let titles = self.sorted_titles().into_iter();
        let graphics = timeline.graphics.iter();
        let lines = timeline.lines.iter();
        let effects = timeline.effects.iter();
        let cues = timeline.cues.iter();
        let markers = timeline.markers.iter();
        json!({
            "output": self.output.map(|output| &output.name.value),
            "frame_rate": timeline.rate.to_string(),
            "frames": timeline.length,
            "seconds": timeline.rate.duration_seconds(timeline.length),
            "start_frame": timeline.start,
            "start_timecode": self.code(0),
            "sample_rate": timeline.sample_rate,
            "clips": clips.map(|clip| self.clip_json(clip)).collect::<Vec<_>>(),
            "transitions": transitions.map(|found| self.transition_json(found)).collect::<Vec<_>>(),
            "graphics": graphics.map(|graphic| self.graphic_json(graphic)).collect::<Vec<_>>(),
            "titles": titles.map(|title| self.title_json(title)).collect::<Vec<_>>(),
            "lines": lines.map(|line| self.line_json(line)).collect::<Vec<_>>(),
            "effects": effects.map(|effect| self.effect_json(effect)).collect::<Vec<_>>(),
            "cues": cues.map(|cue| self.cue_json(cue)).collect::<Vec<_>>(),
            "markers": markers.map(|marker| json!({
                "kind": match marker.kind {
                    TimelineMarkerKind::Scene => "scene",
                    TimelineMarkerKind::Shot => "shot",
                    TimelineMarkerKind::Line => "line",
                },
                "frame": marker.frame,
                "name": marker.name,
                "note": marker.note,
            })).collect::<Vec<_>>(),
        })
    }

    fn clip_json(&self, clip: &TimelineClip) -> Value {
        let shot = clip.shot.and_then(|shot| self.production.shots.get(shot));
        json!({
            "name": clip.name,
            "shot": shot.map(|shot| &shot.name.value),
            "card": clip.card.map(ClipCard::name),
            "colour": clip.backdrop.map(|colour| colour.to_string()),
            "scene": shot.map(|shot| &shot.scene.value),
            "source_frames": shot.map(|shot| shot.frames.to_string()),
            "start": clip.start,
            "frames": clip.length,
            "timecode_in": self.code(clip.start),
            "timecode_out": self.code(clip.end()),
            "head": clip.head,
            "tail": clip.tail,
        })
    }

    fn transition_json(&self, found: &TimelineTransition) -> Value {
        let name = |clip: Option<usize>| Some(&self.timeline.clips.get(clip?)?.name);
        json!({
            "kind": found.kind.name(),
            "colour": found.kind.colour().map(|colour| colour.to_string()),
            "cut": found.cut,
            "start": found.start(),
            "frames": found.length(),
            "before": found.before,
            "after": found.after,
            "from": name(found.from),
            "into": name(found.into),
        })
    }

    fn graphic_json(&self, place: &TimelineGraphic) -> Value {
        let graphic = self.production.graphics.get(place.graphic);
        json!({
            "kind": graphic.map(|graphic| graphic.kind.name()),
            "title": graphic.and_then(|graphic| graphic.block.title.as_ref()),
            "frame": place.start,
            "frames": place.length,
            "written_frames": graphic
                .filter(|graphic| graphic.is_length_written)
                .map(|graphic| graphic.length),
            "timecode_in": self.code(place.start),
            "timecode_out": self.code(place.start + place.length),
        })
    }

    fn title_json(&self, place: &TimelineTitle) -> Value {
        let title = self.production.titles.titles.get(place.title);
        json!({
            "text": self.title_text(place),
            "frame": place.start,
            "frames": place.length,
            "written_frames": title
                .filter(|title| title.is_length_written)
                .map(|title| title.length),
            "timecode_in": self.code(place.start),
            "timecode_out": self.code(place.start + place.length),
            "over": title
                .and_then(|title| title.backdrop)
                .map_or_else(|| "picture".to_owned(), |colour| colour.to_string()),
        })
    }

    fn line_json(&self, place: &TimelineLine) -> Value {
        let line = self
            .shot(place.clip)
            .and_then(|shot| shot.lines.get(place.line));
        json!({
            "name": line.map(|line| &line.name),
            "speaker": line.map(|line| &line.speaker.value),
            "text": line.map(|line| &line.text.value),
            "shot": self.shot(place.clip).map(|shot| &shot.name.value),
            "frame": self.timeline.frame_at_sample(place.start),
            "start_sample": place.start,
            "samples": place.length,
            "measured": line.map(|line| line.measured),
        })
    }

    fn effect_json(&self, place: &TimelineEffect) -> Value {
        let shot = self.shot(place.clip);
        let effect = shot.and_then(|shot| shot.effects.get(place.effect));
        json!({
            "name": effect.map(|effect| match &effect.source {
                EffectSource::Named(name) => name.value.clone(),
                EffectSource::File(file) => file.path.to_string_lossy().into_owned(),
            }),
            "shot": shot.map(|shot| &shot.name.value),
            "frame": self.timeline.frame_at_sample(place.start),
            "start_sample": place.start,
        })
    }

    fn cue_json(&self, place: &TimelineCue) -> Value {
        json!({
            "name": self.cue(place).map(|cue| &cue.name.value),
            "frame": self.timeline.frame_at_sample(place.start),
            "start_sample": place.start,
            "samples": place.length,
            "skip_samples": place.skip,
        })
    }
}

fn named_output<'a>(production: &'a Production, name: &str) -> Result<&'a Output, CliError> {
    let mut outputs = production.outputs.iter();
    outputs
        .find(|output| output.name.value == name)
        .ok_or_else(|| {
            let names = production
                .outputs
                .iter()
                .map(|output| output.name.value.as_str());
            let hint = did_you_mean(name, names);
            let hint = hint.unwrap_or_else(|| "`production info` lists the outputs".to_owned());
            CliError::Usage(format!("find the output `{name}`; {hint}"))
        })
}

/// Returns how long something would be seen whose shot ends earlier.
fn cut_words(seen: usize, wanted: Option<usize>) -> String {
    match wanted.filter(|wanted| *wanted > seen) {
        Some(wanted) => format!("(of {wanted}: it ends with its shot)"),
        None => String::new(),
    }
}

fn handle_words(clip: &TimelineClip) -> String {
    match (clip.head, clip.tail) {
        (0, 0) => String::new(),
        (head, tail) => format!("(+{head} before, +{tail} behind)"),
    }
}
