//! Title cards, end credits and slates in a timeline that comes back: clips that are no shot.
//!
//! They are in the document, and have the place and the length that the timeline gives them. What
//! cannot be followed is reported.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangePlace, ExchangeTimeline, ExchangeTransition,
};
use super::recut::{UNKNOWN_CLIP, placed_message};
use super::recut_match::RecutNames;
use super::relative_url::url_stem;
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan};
use crate::model::cut::{ClipCard, ScreenColour, TransitionKind};
use crate::model::production::Shot;
use crate::model::titles::TitleSettings;
use std::collections::{BTreeMap, HashSet};

/// A card of the document is where none can be, is there twice, or is not in the timeline.
const CARD: DiagnosticCode = "production::recut::card";

/// The cards that a document may have, before its titles are known.
#[derive(Debug, Clone, Copy, Default)]
pub struct WrittenCards {
    /// Number of titles.
    pub titles: usize,
    /// Whether it has end credits.
    pub has_credits: bool,
}

/// A card in a timeline that comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecutCard {
    /// Which it is.
    pub card: ClipCard,
    /// Its length in frames.
    pub length: usize,
    /// Index of the shot behind it, in the new cut. `None`: no shot follows.
    pub next: Option<usize>,
    /// Where the timeline says it.
    pub place: ExchangePlace,
}

impl WrittenCards {
    /// Returns the card of this name. `None`: the document has none that is called so.
    fn find(self, name: &str) -> Option<ClipCard> {
        // A card has `_` behind its name as long as a shot is called so.
        let name = name.trim().trim_end_matches('_').to_lowercase();
        match name.as_str() {
            "credits" => self.has_credits.then_some(ClipCard::Credits),
            "slate" => Some(ClipCard::Slate),
            name => {
                let number: usize = name.strip_prefix("title_")?.parse().ok()?;
                let index = number.checked_sub(1)?;
                (index < self.titles).then_some(ClipCard::Title(index))
            }
        }
    }
}

/// Marks the clips that are cards, and drops gaps whose names are of no card, and black that is
/// written as a clip. Returns the frame behind the last of such black.
pub(super) fn mark_cards(
    timeline: &mut ExchangeTimeline,
    written: WrittenCards,
    names: &RecutNames<'_>,
) -> usize {
    let mut black_end = 0;
    timeline.clips.retain_mut(|clip| {
        let is_card = match clip.kind {
            ExchangeClipKind::Card => true,
            ExchangeClipKind::Pictures => is_card_name(&clip.name, written, names),
            // Programs without clips of a colour write a card as a gap with its name.
            ExchangeClipKind::NamedGap => written.find(&clip.name).is_some(),
        };
        if is_card {
            clip.kind = ExchangeClipKind::Card;
        } else if clip.kind == ExchangeClipKind::Pictures
            && is_black_name(&clip.name)
            && names.find_shot(clip).is_none()
        {
            // Programs lay a clip of black where other clips end. A fade beside it is one into a gap.
            black_end = black_end.max(clip.end());
            return false;
        }
        // Other gaps are gaps.
        clip.kind != ExchangeClipKind::NamedGap
    });
    black_end
}

/// Returns whether programs call black so: `Black`, `black slug`, `Slug.mov`, `BLACK VIDEO`.
fn is_black_name(name: &str) -> bool {
    let name = url_stem(name).to_lowercase();
    let mut words = name
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| !word.is_empty());
    let is_black = |word: &str| ["black", "slug"].contains(&word);
    name.split(|letter: char| !letter.is_alphabetic())
        .any(is_black)
        && words.all(|word| is_black(word) || ["video", "filler", "leader"].contains(&word))
}

/// Returns whether a clip of this name is a card. A shot may be called as a card is, and a program
/// may write all names in capitals.
fn is_card_name(name: &str, written: WrittenCards, names: &RecutNames<'_>) -> bool {
    // `Title_1` is rather a shot of that name than a card, whose names we write in small letters.
    let is_as_we_write_it = name.trim() == name.trim().to_lowercase();
    let is_shot = names.is_shot(name) || (!is_as_we_write_it && names.is_shot_in_any_case(name));
    !is_shot && written.find(name).is_some()
}

/// Makes fades of transitions between a shot and a card, as they are beside black: a card begins and
/// ends with a cut.
pub(super) fn fade_at_cards(timeline: &mut ExchangeTimeline) {
    let clips = &timeline.clips;
    timeline.transitions.retain_mut(|transition| {
        let behind = clips.partition_point(|clip| clip.start < transition.cut);
        let from = behind.checked_sub(1).map(|index| &clips[index]);
        let from = from.filter(|clip| clip.end() == transition.cut);
        let into = clips.get(behind);
        let into = into.filter(|clip| clip.start == transition.cut);
        let is_card = |clip: Option<&ExchangeClip>| {
            clip.is_some_and(|clip| clip.kind == ExchangeClipKind::Card)
        };
        match (is_card(from), is_card(into)) {
            (false, false) => {}
            // Two colours have nothing between them that could dissolve.
            (true, true) => return false,
            (false, true) => fade_out_at(transition),
            (true, false) => fade_in_at(transition),
        }
        transition.length() > 0
    });
}

fn fade_out_at(transition: &mut ExchangeTransition) {
    transition.kind = TransitionKind::FadeOut {
        colour: screen_colour(transition.kind),
    };
    transition.after = 0;
}

fn fade_in_at(transition: &mut ExchangeTransition) {
    transition.kind = TransitionKind::FadeIn {
        colour: screen_colour(transition.kind),
    };
    transition.before = 0;
}

fn screen_colour(kind: TransitionKind) -> ScreenColour {
    kind.colour().unwrap_or_default()
}

/// Returns the cards of a timeline in order. `next_part` returns the index of the first part of the
/// cut at or behind a clip. Clips that say to be a card that the document has not are reported.
pub(super) fn recut_cards(
    timeline: &ExchangeTimeline,
    written: WrittenCards,
    next_part: impl Fn(usize) -> Option<usize>,
    diagnostics: &mut Diagnostics,
) -> Vec<RecutCard> {
    let mut cards = Vec::new();
    let clips = timeline.clips.iter().enumerate();
    for (index, clip) in clips.filter(|(_, clip)| clip.kind == ExchangeClipKind::Card) {
        match written.find(&clip.name) {
            Some(card) => cards.push(RecutCard {
                card,
                length: clip.length,
                next: next_part(index),
                place: clip.place,
            }),
            None => diagnostics.push(unknown_card(&clip.name, clip.place)),
        }
    }
    cards
}

fn unknown_card(name: &str, place: ExchangePlace) -> Diagnostic {
    let message = format!("`{name}` is no title card of the production");
    let help = "add the title to `titles` of the document with `over`, or take the clip out of \
                the timeline";
    Diagnostic::error(UNKNOWN_CLIP, place.origin, placed_message(place, &message))
        .with_label("no card of this name")
        .with_help(help)
}

/// Gives title cards and credits the places and lengths that they have in a timeline. Reports what
/// cannot be followed, which stays as the document has it. `without_shot` are the titles whose shots
/// are not in the cut: they are in the film only where the timeline has them. Returns the titles
/// that it has a place for.
pub fn follow_cards(
    cards: &[RecutCard],
    titles: &mut TitleSettings,
    shots: &[Shot],
    without_shot: &HashSet<usize>,
    diagnostics: &mut Diagnostics,
) -> HashSet<usize> {
    let mut follower = CardFollower {
        titles,
        shots,
        diagnostics,
        last_before: BTreeMap::new(),
        found: HashSet::new(),
        placed: HashSet::new(),
    };
    for card in cards {
        follower.follow_card(card);
    }
    let origin = cards.first().map(|card| card.place.origin);
    follower.report_missing(origin, without_shot);
    follower.placed
}

struct CardFollower<'a> {
    titles: &'a mut TitleSettings,
    shots: &'a [Shot],
    diagnostics: &'a mut Diagnostics,
    /// The last title before each shot.
    last_before: BTreeMap<usize, usize>,
    /// The names of those that the timeline has.
    found: HashSet<String>,
    /// The titles that are before a shot in the timeline.
    placed: HashSet<usize>,
}

impl CardFollower<'_> {
    fn follow_card(&mut self, card: &RecutCard) {
        // The slate is made for each output anew.
        if card.card == ClipCard::Slate {
            return;
        }
        let name = card_name(card.card);
        let Some(written) = self.written_place(card.card) else {
            self.diagnostics.push(unknown_card(&name, card.place));
            return;
        };
        if !self.found.insert(name.clone()) {
            let message = format!("`{name}` is in the timeline once more, and in the film once");
            let help = "add a second title to the document, and take the clip out of the timeline";
            self.report(card, &message, help.to_owned());
            return;
        }
        self.set_length(card);
        // A title is before a shot, and credits are behind the last one.
        let is_title = matches!(card.card, ClipCard::Title(_));
        if is_title != card.next.is_some() {
            let message = format!(
                "`{name}` is {} in the timeline, and stays {}",
                self.place_words(card.next),
                self.place_words(written)
            );
            self.report(card, &message, place_help(card.card));
            return;
        }
        self.move_title(card);
    }

    /// Returns the shot behind a card in the document. `None`: the document has no such card.
    fn written_place(&self, card: ClipCard) -> Option<Option<usize>> {
        match card {
            ClipCard::Title(index) => {
                let title = self.titles.titles.get(index)?;
                title.backdrop?;
                Some(Some(title.shot))
            }
            ClipCard::Credits => self.titles.credits.as_ref().map(|_| None),
            ClipCard::Slate => None,
        }
    }

    fn set_length(&mut self, card: &RecutCard) {
        let length = match card.card {
            ClipCard::Title(index) => self
                .titles
                .titles
                .get_mut(index)
                .map(|each| &mut each.length),
            ClipCard::Credits => self.titles.credits.as_mut().map(|each| &mut each.length),
            ClipCard::Slate => None,
        };
        if let Some(length) = length {
            *length = card.length;
        }
    }

    /// Moves a title to the shot behind it in the timeline.
    fn move_title(&mut self, card: &RecutCard) {
        let (ClipCard::Title(index), Some(next)) = (card.card, card.next) else {
            return;
        };
        if let Some(title) = self.titles.titles.get_mut(index) {
            title.shot = next;
            // A title on a card is over no other shot.
            title.last_shot = next;
            self.placed.insert(index);
        }
        // Titles before one shot are in the order of the document.
        let last = self.last_before.insert(next, index);
        if let Some(last) = last.filter(|last| *last > index) {
            let [name, other] = [index, last].map(|title| card_name(ClipCard::Title(title)));
            let message =
                format!("`{name}` is behind `{other}` in the timeline, and before it in the film");
            let help = format!("write `{other}` before `{name}` in `titles` of the document");
            self.report(card, &message, help);
        }
    }

    fn place_words(&self, next: Option<usize>) -> String {
        match next.and_then(|next| self.shots.get(next)) {
            Some(shot) => format!("before shot `{}`", shot.name.value),
            None => "behind the last shot".to_owned(),
        }
    }

    fn report(&mut self, card: &RecutCard, message: &str, help: String) {
        let message = placed_message(card.place, message);
        let diagnostic = Diagnostic::warning(CARD, card.place.origin, message);
        self.diagnostics.push(diagnostic.with_help(help));
    }

    /// Reports the cards that no clip of the timeline is.
    fn report_missing(&mut self, origin: Option<FileSpan>, without_shot: &HashSet<usize>) {
        let titles = self.titles.titles.iter().enumerate();
        let written = titles
            .filter(|(index, title)| title.backdrop.is_some() && !without_shot.contains(index));
        let written = written.map(|(index, title)| (ClipCard::Title(index), title.origin));
        let credits = self.titles.credits.iter();
        let credits = credits.map(|credits| (ClipCard::Credits, credits.origin));
        let missing = written.chain(credits);
        let missing: Vec<_> = missing
            .filter(|(card, _)| !self.found.contains(&card_name(*card)))
            .collect();
        let Some((_, first)) = missing.first() else {
            return;
        };
        let names: Vec<String> = missing
            .iter()
            .take(8)
            .map(|(card, _)| format!("`{}`", card_name(*card)))
            .collect();
        let more = match missing.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "not in the timeline, and still in the film: {}{more}",
            names.join(", ")
        );
        let help = "take them out of the document, or put them into the timeline";
        let diagnostic = Diagnostic::warning(CARD, origin.unwrap_or(*first), message);
        self.diagnostics.push(
            diagnostic
                .with_related(*first, "the first of them")
                .with_help(help),
        );
    }
}

/// Returns what to do about a card where none can be.
fn place_help(card: ClipCard) -> String {
    match card {
        ClipCard::Title(_) => {
            "a card is before a shot; what is behind the last one are `credits`".to_owned()
        }
        _ => "end credits are behind the last shot".to_owned(),
    }
}

/// Returns the name that a card has in a timeline, if no shot is called so.
fn card_name(card: ClipCard) -> String {
    match card {
        ClipCard::Title(index) => format!("title_{}", index + 1),
        other => other.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_is_known_by_its_name() {
        for (name, is_black) in [
            ("Black", true),
            ("black slug", true),
            ("Slug_01.mov", true),
            ("BLACK VIDEO", true),
            ("video", false),
            ("black cat", false),
            ("blackout", false),
            ("", false),
        ] {
            assert_eq!(is_black_name(name), is_black, "{name}");
        }
    }

    #[test]
    fn a_card_is_known_by_its_name() {
        let written = WrittenCards {
            titles: 2,
            has_credits: true,
        };
        let names = RecutNames::new(&[], &[]);
        for (name, is_card) in [
            ("title_1", true),
            ("TITLE_2", true),
            ("title_1_", true),
            ("title_3", false),
            ("title_0", false),
            ("title_", false),
            ("credits", true),
            ("slate", true),
            ("one", false),
        ] {
            assert_eq!(is_card_name(name, written, &names), is_card, "{name}");
        }
        assert_eq!(WrittenCards::default().find("credits"), None);
    }
}
