//! The timeline of a film as other programs take it: sources with names, files and numbers.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMarker, ExchangeMedia, ExchangeMediaKind,
    ExchangePlace, ExchangeSound, ExchangeTimeline, ExchangeTransition,
};
use super::reel_names::{ReelEntry, reel_names};
use super::relative_url::{relative_path, relative_url};
use crate::model::Production;
use crate::model::cut::{
    TextExport, TimecodeCounting, Timeline, TimelineClip, TimelineMarkerKind, TransitionKind,
};
use crate::model::production::{Output, PATH_DATE, PATH_REVISION, Shot};
use crate::model::sound::{MixFile, SoundBesideKind};
use std::collections::HashMap;
use std::path::Path;

/// Returns the timeline of `export`, as it is written.
#[must_use]
pub fn film_exchange(
    production: &Production,
    timeline: &Timeline,
    export: &TextExport,
) -> ExchangeTimeline {
    let film = export
        .output
        .and_then(|index| production.outputs.get(index));
    let exchange = FilmExchange {
        production,
        timeline,
        export,
        film,
        // Of all shots and not only of those in this film, so that a shot has one reel in every
        // export.
        reels: shot_reels(production),
        files: shot_files(production, export),
    };
    exchange.exchange_timeline()
}

/// Returns the entries of the table of reels of a timeline.
#[must_use]
pub fn reel_entries(timeline: &ExchangeTimeline) -> Vec<ReelEntry> {
    let clips = timeline.clips.iter();
    clips
        .map(|clip| ReelEntry {
            reel: clip.reel.clone(),
            shot: clip.name.clone(),
            source_start: clip.source_start,
            shot_frame: clip
                .source_start
                .saturating_add(clip.shot_offset.unwrap_or(0)),
            length: clip.length,
            media: clip
                .media
                .as_ref()
                .map_or_else(String::new, |media| relative_path(&media.url)),
        })
        .collect()
}

/// Returns the reel of each shot, in order. Outputs of some shots have the same reels as those of
/// all.
fn shot_reels(production: &Production) -> Vec<String> {
    let shots = production.shots.iter();
    let names: Vec<&str> = shots.map(|shot| shot.name.value.as_str()).collect();
    reel_names(&names)
}

/// Returns the output with the file of each shot that a timeline refers to, by the index of the
/// shot.
fn shot_files<'a>(production: &'a Production, export: &TextExport) -> HashMap<usize, &'a Output> {
    let outputs = production.outputs.iter();
    let files = outputs.filter(|output| Some(output.entry) == export.media);
    files
        .filter_map(|output| match output.shots.as_deref() {
            Some([shot]) => Some((*shot, output)),
            _ => None,
        })
        .collect()
}

struct FilmExchange<'a> {
    production: &'a Production,
    timeline: &'a Timeline,
    export: &'a TextExport,
    /// The film whose timeline it is.
    film: Option<&'a Output>,
    reels: Vec<String>,
    /// The output with the file of each shot, by its index.
    files: HashMap<usize, &'a Output>,
}

impl FilmExchange<'_> {
    fn exchange_timeline(&self) -> ExchangeTimeline {
        let edit = &self.production.edit;
        let clips = self.timeline.clips.iter();
        ExchangeTimeline {
            name: self.production.meta.display_title().to_owned(),
            rate: self.timeline.rate,
            start: self.timeline.start,
            is_drop_frame: edit.counting == TimecodeCounting::Drop,
            size: self.film.map(|film| film.format.size),
            media_kind: self.media_kind(),
            clips: clips.map(|clip| self.exchange_clip(clip)).collect(),
            transitions: self.exchange_transitions(),
            sounds: self.exchange_sounds(),
            markers: self.exchange_markers(),
        }
    }

    const fn media_kind(&self) -> ExchangeMediaKind {
        match self.export.media {
            Some(_) => ExchangeMediaKind::Shots,
            None => ExchangeMediaKind::Film,
        }
    }

    fn exchange_clip(&self, clip: &TimelineClip) -> ExchangeClip {
        let shot = clip
            .shot
            .and_then(|index| Some((index, self.production.shots.get(index)?)));
        let media = match (self.media_kind(), shot) {
            (_, None) => None,
            // One file for all clips: it is what the program opens, and each clip is a part of it.
            (ExchangeMediaKind::Film, _) => self.film_media(),
            (ExchangeMediaKind::Shots, Some((index, shot))) => self.shot_media(index, shot),
        };
        let first = shot.map(|(_, shot)| shot.first_number());
        let source_start = match self.media_kind() {
            ExchangeMediaKind::Film => frame_number(clip.start),
            ExchangeMediaKind::Shots => first.unwrap_or_else(|| self.card_start(clip)),
        };
        let reel = match (self.media_kind(), shot) {
            // All clips are parts of one file, so they have one reel.
            (ExchangeMediaKind::Film, _) => self.film_reel(),
            (_, Some((index, _))) => self.reels.get(index).cloned().unwrap_or_default(),
            // The reel that lists of events use for what is on no reel.
            (_, None) => "AX".to_owned(),
        };
        ExchangeClip {
            kind: match shot {
                Some(_) => ExchangeClipKind::Pictures,
                None => ExchangeClipKind::Card,
            },
            name: clip.name.clone(),
            other_names: Vec::new(),
            reel,
            start: clip.start,
            length: clip.length,
            source_start,
            shot_offset: first.map(|first| first.saturating_sub(source_start)),
            media,
            place: ExchangePlace::default(),
        }
    }

    /// Returns the number of the first frame of a card, which is any: it has no source. Writers of
    /// lists of events begin the source of a clip as many frames earlier as a transition lasts
    /// before it, and timecode has no frame below 0.
    fn card_start(&self, card: &TimelineClip) -> i64 {
        let transitions = self.timeline.transitions.iter();
        let before = transitions.filter(|transition| transition.cut == card.start);
        let before = before.map(|transition| transition.before).max();
        frame_number(before.unwrap_or_default())
    }

    fn film_reel(&self) -> String {
        let name = self.film.map_or("FILM", |film| film.name.value.as_str());
        reel_names(&[name]).pop().unwrap_or_default()
    }

    fn film_media(&self) -> Option<ExchangeMedia> {
        Some(ExchangeMedia {
            url: self.address(&self.film?.path.value)?,
            start: 0,
            length: self.timeline.length,
        })
    }

    /// Returns the file of one shot: that of the output that is the media of the timeline.
    fn shot_media(&self, index: usize, shot: &Shot) -> Option<ExchangeMedia> {
        let output = self.files.get(&index)?;
        let handles = output.shot_file.map_or(0, |file| file.handles);
        Some(ExchangeMedia {
            url: self.address(&output.path.value)?,
            start: output.shot_file_start(shot),
            length: shot.frames.len() + 2 * handles,
        })
    }

    /// Returns the address of a file as seen from the timeline. `None`: a part of its path is known
    /// only when it is published.
    fn address(&self, path: &Path) -> Option<String> {
        let url = relative_url(&self.export.path.value, path);
        // An address with a part that only a run knows would lead nowhere.
        let is_open = |token: &str| {
            // The parts that both paths have are not in the address.
            let escaped = token.replace('{', "%7B").replace('}', "%7D");
            url.contains(&escaped)
        };
        (!is_open(PATH_REVISION) && !is_open(PATH_DATE)).then_some(url)
    }

    /// Returns the transitions. A fade out and a fade in at one cut are a dip: most formats have
    /// one transition at a cut.
    fn exchange_transitions(&self) -> Vec<ExchangeTransition> {
        let mut found: Vec<ExchangeTransition> = Vec::new();
        for transition in &self.timeline.transitions {
            let last = found.last_mut().filter(|last| last.cut == transition.cut);
            // Other programs know one transition at a cut, and a dip is what both fades look like.
            if let Some(last) = last
                && let TransitionKind::FadeOut { colour } = last.kind
            {
                last.kind = TransitionKind::Dip { colour };
                last.after = transition.after;
                continue;
            }
            found.push(ExchangeTransition {
                kind: transition.kind,
                cut: transition.cut,
                before: transition.before,
                after: transition.after,
                place: ExchangePlace::default(),
            });
        }
        found
    }

    /// Returns the sound: the stems, else the mix, that are delivered beside the film, else the
    /// sound of the film.
    fn exchange_sounds(&self) -> Vec<ExchangeSound> {
        let (Some(film), Some(sound)) = (self.film, &self.production.sound) else {
            return Vec::new();
        };
        let beside = film.sound_beside();
        let found = |kind| beside.iter().find(|beside| beside.kind == kind);
        let track = |name: &str, path: &Path| {
            Some(ExchangeSound {
                name: name.to_owned(),
                media: ExchangeMedia {
                    url: self.address(path)?,
                    start: 0,
                    length: self.timeline.length,
                },
                sample_rate: sound.sample_rate,
            })
        };
        // Stems before the mix: an editor who cuts needs dialogue apart from music.
        if let Some(stems) = found(SoundBesideKind::Stems) {
            let buses = [MixFile::Dialogue, MixFile::Music, MixFile::Effects];
            let tracks = buses.into_iter().filter_map(|file| {
                track(
                    file.name().trim_end_matches(".wav"),
                    &stems.path.join(file.name()),
                )
            });
            return tracks.collect();
        }
        if let Some(wav) = found(SoundBesideKind::Wav) {
            return track("mix", &wav.path).into_iter().collect();
        }
        let has_sound = film
            .sound
            .as_ref()
            .is_some_and(|sound| sound.codec.is_some());
        let own = has_sound.then(|| track("mix", &film.path.value)).flatten();
        own.into_iter().collect()
    }

    fn exchange_markers(&self) -> Vec<ExchangeMarker> {
        let markers = self.timeline.markers.iter();
        markers
            .map(|marker| ExchangeMarker {
                frame: marker.frame,
                name: marker.name.clone(),
                note: marker.note.clone(),
                is_line: marker.kind == TimelineMarkerKind::Line,
            })
            .collect()
    }
}

fn frame_number(frames: usize) -> i64 {
    i64::try_from(frames).unwrap_or(i64::MAX)
}
