//! No text is drawn over another.

use crate::base::{FileSpan, Severity};
use crate::model::Production;
use crate::model::cut::{ClipCard, Timeline};
use crate::model::production::Output;
use crate::model::titles::{
    BurnInMark, ShownTextKey, TextArea, TextExtent, TextExtents, TextPlace,
};
use crate::timeline::TimelineMaker;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::covered",
    // A warning: a copy for review may be hard to read at some frames.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no text is drawn over another",
    explanation: "Where two texts are seen on the same frames in the same part of the picture, neither \
        can be read. A wide text in a corner reaches the middle of its side, and credits that \
        roll are at every height once. A burn-in is on every frame, over the titles and the \
        captions of its output. What texts cover depends on the shape of the output. Give one \
        of them another `place` or another time.",
    wrong: "\
titles:
  - {text: Mara Lind, style: lower_third}
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [shot]}
",
    right: "\
titles:
  - {text: Mara Lind, style: lower_third}
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [{field: shot, place: top_left}]}
",
    check: report_covered_texts,
};

/// Places that are offered for a text, those at which titles seldom are first.
const FREE_PLACES: [(TextPlace, &str); 9] = [
    (TextPlace::TopLeft, "top_left"),
    (TextPlace::TopRight, "top_right"),
    (TextPlace::Top, "top"),
    (TextPlace::BottomRight, "bottom_right"),
    (TextPlace::Bottom, "bottom"),
    (TextPlace::BottomLeft, "bottom_left"),
    (TextPlace::Left, "left"),
    (TextPlace::Right, "right"),
    (TextPlace::Centre, "centre"),
];

/// A text of an output.
#[derive(Clone, Copy)]
enum CoverableText<'a> {
    Credits,
    Title(usize),
    /// A line of a shot that is a caption.
    Caption,
    BurnIn(&'a BurnInMark),
}

/// A text of an output with what it covers, and when.
struct TimedText<'a> {
    text: CoverableText<'a>,
    frames: Range<usize>,
    extent: TextExtent,
    area: TextArea,
}

/// The texts of one output, in the order in which they are drawn.
struct OutputTexts<'a> {
    production: &'a Production,
    output: &'a Output,
    texts: Vec<TimedText<'a>>,
}

fn report_covered_texts(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let maker = TimelineMaker::new(production);
    // A title that covers another does so in every output of this shape, and mostly in all.
    let mut reported = BTreeSet::new();
    for output in production
        .distinct_outputs()
        .filter(|output| has_texts(production, output))
    {
        let timeline = maker.output_timeline(output);
        let texts = OutputTexts::find(production, output, &timeline, &facts.text_extents);
        for (below, above) in texts.covered_pairs() {
            let place = texts.reported_text(below, above);
            let Some(origin) = texts.origin(place) else {
                continue;
            };
            // Marks are those of one output, and titles those of all.
            let is_mark = matches!(texts.texts[place].text, CoverableText::BurnIn(_));
            let key = (origin, is_mark.then_some(output.entry));
            if reported.insert(key) {
                texts.report_pair(findings, (below, above), origin);
            }
        }
    }
}

/// Returns whether an output may have two texts at a time.
fn has_texts(production: &Production, output: &Output) -> bool {
    let marks = &output.marks;
    let titles = match output.has_titles() {
        true => production.titles.titles.len(),
        false => 0,
    };
    let captions = usize::from(output.captions.burned.is_some());
    // One text alone covers nothing, and the timeline of such an output need not be built.
    titles + captions + marks.burn_in.len() > 1
        || (titles + captions + marks.burn_in.len() > 0 && production.titles.credits.is_some())
}

impl<'a> OutputTexts<'a> {
    fn find(
        production: &'a Production,
        output: &'a Output,
        timeline: &Timeline,
        extents: &TextExtents,
    ) -> Self {
        let mut found = Self {
            production,
            output,
            texts: Vec::new(),
        };
        let titles = &production.titles;
        for clip in &timeline.clips {
            if let (Some(ClipCard::Credits), Some(credits)) = (clip.card, &titles.credits) {
                let key = (credits.origin, 0);
                let frames = clip.start..clip.end();
                found.add(
                    extents,
                    CoverableText::Credits,
                    key,
                    credits.block.place,
                    frames,
                );
            }
        }
        for place in &timeline.titles {
            if let Some(title) = titles.titles.get(place.title) {
                let frames = place.start..place.start + place.length;
                let text = CoverableText::Title(place.title);
                found.add(extents, text, (title.origin, 0), title.block.place, frames);
            }
        }
        if output.captions.burned.is_some() {
            found.add_captions(extents, timeline);
        }
        // Last, since burn-ins are drawn over everything else.
        found.add_burn_ins(extents, timeline);
        found
    }

    fn add_captions(&mut self, extents: &TextExtents, timeline: &Timeline) {
        for place in &timeline.lines {
            let clip = timeline.clips.get(place.clip);
            let shot = clip.and_then(|clip| self.production.shots.get(clip.shot?));
            let Some(line) = shot.and_then(|shot| shot.lines.get(place.line)) else {
                continue;
            };
            let first = timeline.frame_at_sample(place.start);
            // The frame in which the line ends shows its caption too.
            let end = timeline.frame_at_sample(place.start + place.length) + 1;
            let key = (line.text.origin, place.line);
            self.add(
                extents,
                CoverableText::Caption,
                key,
                TextPlace::Bottom,
                first..end,
            );
        }
    }

    fn add_burn_ins(&mut self, extents: &TextExtents, timeline: &Timeline) {
        let output = self.output;
        for mark in &output.marks.burn_in {
            let text = CoverableText::BurnIn(mark);
            // One text for all shots is on every frame, and those of shots on theirs.
            let first = timeline.clips.iter().find_map(|clip| clip.shot);
            let is_of_shot = first.is_some_and(|shot| mark.part(shot + 1) != mark.part(shot));
            if !is_of_shot {
                let key = (mark.field.origin, 0);
                self.add(extents, text, key, mark.place, 0..timeline.length);
                continue;
            }
            for clip in &timeline.clips {
                if let Some(shot) = clip.shot {
                    let key = (mark.field.origin, mark.part(shot));
                    self.add(extents, text, key, mark.place, clip.start..clip.end());
                }
            }
        }
    }

    fn add(
        &mut self,
        extents: &TextExtents,
        text: CoverableText<'a>,
        (origin, part): (FileSpan, usize),
        place: TextPlace,
        frames: Range<usize>,
    ) {
        let size = self.output.format.size;
        let key = ShownTextKey {
            origin,
            part,
            width: size.width,
            height: size.height,
            is_hard: self.output.format.retro.is_some(),
        };
        // A text that could not be measured has another finding.
        if let Some(extent) = extents.get(&key) {
            self.texts.push(TimedText {
                text,
                frames,
                extent: *extent,
                area: extent.area_at(place, size),
            });
        }
    }

    /// Returns the texts that cover each other, the lower one first, in the order in which they are
    /// drawn.
    fn covered_pairs(&self) -> BTreeSet<(usize, usize)> {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        // In the order of time, so that each text is compared only with those that are still seen:
        // a film may have thousands of captions.
        order.sort_by_key(|index| self.texts[*index].frames.start);
        let mut seen: Vec<usize> = Vec::new();
        let mut pairs = BTreeSet::new();
        for index in order {
            let text = &self.texts[index];
            seen.retain(|other| self.texts[*other].frames.end > text.frames.start);
            for other in &seen {
                let below = index.min(*other);
                let above = index.max(*other);
                if self.texts[*other].area.meets(&text.area) && self.is_mistake(below, above) {
                    pairs.insert((above, below));
                }
            }
            if !text.frames.is_empty() {
                seen.push(index);
            }
        }
        pairs
            .into_iter()
            .map(|(above, below)| (below, above))
            .collect()
    }

    /// Returns whether two texts at one place are a mistake of the document. Captions of two lines
    /// are divided when they are made.
    fn is_mistake(&self, below: usize, above: usize) -> bool {
        !matches!(
            (self.texts[below].text, self.texts[above].text),
            (
                CoverableText::Caption | CoverableText::Credits,
                CoverableText::Caption
            )
        )
    }

    /// Returns which of two texts can be moved. Captions have no `place`.
    fn reported_text(&self, below: usize, above: usize) -> usize {
        match self.texts[above].text {
            // Captions are where they are. The title below them can be moved.
            CoverableText::Caption => below,
            _ => above,
        }
    }

    fn origin(&self, index: usize) -> Option<FileSpan> {
        match self.texts[index].text {
            CoverableText::Title(title) => {
                let title = self.production.titles.titles.get(title);
                title.map(|title| title.origin)
            }
            CoverableText::BurnIn(mark) => Some(mark.field.origin),
            CoverableText::Credits | CoverableText::Caption => None,
        }
    }

    fn report_pair(
        &self,
        findings: &mut RuleFindings,
        (below, above): (usize, usize),
        origin: FileSpan,
    ) {
        let output = &self.output.name.value;
        let covered = self.noun(below);
        let message = match self.texts[above].text {
            CoverableText::BurnIn(mark) => {
                let field = mark.field.value.name();
                format!("`{field}` is burned in over {covered} in output `{output}`")
            }
            CoverableText::Caption => format!("the captions cover {covered} in output `{output}`"),
            _ => format!("{} covers {covered} in output `{output}`", self.noun(above)),
        };
        let moved = self.reported_text(below, above);
        let label = if moved == above {
            "drawn over it"
        } else {
            "drawn under them"
        };
        let finding = findings.finding_at(origin, message).with_label(label);
        findings.push(finding.with_help(self.help(moved)));
    }

    fn noun(&self, index: usize) -> String {
        match self.texts[index].text {
            CoverableText::Credits => "the credits".to_owned(),
            CoverableText::Caption => "the captions".to_owned(),
            CoverableText::BurnIn(mark) => format!("`{}`", mark.field.value.name()),
            CoverableText::Title(title) => {
                let title = self.production.titles.titles.get(title);
                let text = title.and_then(|title| title.texts.first());
                format!("the title `{}`", text.map_or("", |text| text.value.trim()))
            }
        }
    }

    fn help(&self, index: usize) -> String {
        let free = FREE_PLACES
            .iter()
            .find(|(place, _)| self.is_free(index, *place));
        match (self.texts[index].text, free) {
            (CoverableText::BurnIn(mark), Some((_, name))) => {
                let field = mark.field.value.name();
                format!("write `{{field: {field}, place: {name}}}`")
            }
            (CoverableText::BurnIn(_), None) => "leave one of them out of the output".to_owned(),
            (_, Some((_, name))) => {
                format!("write `place: {name}`, or give it another time with `at` and `for`")
            }
            (_, None) => "give it another time with `at` and `for`".to_owned(),
        }
    }

    /// Returns whether a text would meet no other at a place. It may be several, of which each is
    /// over a shot.
    fn is_free(&self, index: usize, place: TextPlace) -> bool {
        let size = self.output.format.size;
        let origin = self.origin(index);
        let own = |other: &usize| *other == index || self.origin(*other) == origin;
        let parts = (0..self.texts.len()).filter(own);
        let others: Vec<usize> = (0..self.texts.len()).filter(|other| !own(other)).collect();
        // All parts of it have to be free there, since it has one place for all of them.
        let mut parts = parts.map(|part| &self.texts[part]);
        parts.all(|part| !self.meets_any(part, part.extent.area_at(place, size), &others))
    }

    fn meets_any(&self, part: &TimedText<'_>, area: TextArea, others: &[usize]) -> bool {
        others.iter().any(|other| {
            let other = &self.texts[*other];
            let is_meanwhile =
                other.frames.start < part.frames.end && part.frames.start < other.frames.end;
            is_meanwhile && other.area.meets(&area)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Spanned;
    use crate::model::titles::{BurnInField, BurnInMark};
    use crate::validate::sample::{sample_origin, sample_production};
    use crate::validate::title_sample::sample_title;

    /// What a text of this width covers in every output.
    fn measured(production: &Production, origin: FileSpan, part: usize, width: f32) -> TextExtents {
        let extent = TextExtent {
            width,
            height: 60.0,
            blank_sides: [0.0; 2],
            blank_rows: 0.0,
            margin_across: 96.0,
            margin_down: 54.0,
            rolls: false,
        };
        let outputs = production.outputs.iter();
        let keys = outputs.map(|output| ShownTextKey {
            origin,
            part,
            width: output.format.size.width,
            height: output.format.size.height,
            is_hard: output.format.retro.is_some(),
        });
        keys.map(|key| (key, extent)).collect()
    }

    fn found(production: &Production, extents: TextExtents) -> Vec<(String, Option<String>)> {
        let facts = ExternalFacts {
            text_extents: extents,
            ..ExternalFacts::default()
        };
        let mut findings = RuleFindings::for_rule(&RULE);
        report_covered_texts(production, &facts, &mut findings);
        let found = findings.into_diagnostics().into_iter();
        found.map(|found| (found.message, found.help)).collect()
    }

    #[test]
    fn a_burn_in_over_a_name_is_reported_with_a_free_place() {
        let mut production = sample_production();
        sample_title(&mut production, "ab", "ab");
        production.titles.titles[0].block.place = TextPlace::BottomLeft;
        let mark = |field: BurnInField, place| BurnInMark {
            field: Spanned::new(field, sample_origin(place)),
            place: field.usual_place(),
        };
        production.outputs[0].marks.burn_in =
            vec![mark(BurnInField::Shot, 66), mark(BurnInField::Title, 67)];
        let mut extents = measured(&production, production.titles.titles[0].origin, 0, 300.0);
        for (place, part) in [(66, 0), (66, 1), (67, 0)] {
            extents.extend(measured(&production, sample_origin(place), part, 100.0));
        }
        let found = found(&production, extents);
        let help = Some("write `{field: shot, place: top_right}`".to_owned());
        let message = "`shot` is burned in over the title `ab` in output `film`".to_owned();
        assert_eq!(found, [(message, help)]);
    }

    #[test]
    fn a_wide_name_under_a_text_of_the_bottom_is_reported_and_a_narrow_or_later_one_is_not() {
        let mut production = sample_production();
        sample_title(&mut production, "ab", "ab");
        let mut other = production.titles.titles[0].clone();
        other.origin = sample_origin(96);
        other.block.place = TextPlace::Bottom;
        production.titles.titles[0].block.place = TextPlace::BottomLeft;
        production.titles.titles.push(other);
        let origin = production.titles.titles[0].origin;
        let extents = |production: &Production, width| {
            let mut extents = measured(production, origin, 0, width);
            extents.extend(measured(production, sample_origin(96), 0, 400.0));
            extents
        };
        let wide = found(&production, extents(&production, 900.0));
        let help = "write `place: top_left`, or give it another time with `at` and `for`";
        let message = "the title `ab` covers the title `ab` in output `film`";
        assert_eq!(wide, [(message.to_owned(), Some(help.to_owned()))]);
        assert_eq!(found(&production, extents(&production, 600.0)), []);
        production.titles.titles[1].start = 24;
        assert_eq!(found(&production, extents(&production, 900.0)), []);
    }
}
