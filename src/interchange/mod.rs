//! Timelines as other programs read and write them: OpenTimelineIO, edit decision lists (CMX 3600)
//! and Final Cut Pro XML.
//!
//! Writers take an [`ExchangeTimeline`] and return text, readers take text and return one. What a
//! format cannot say, its `losses` function names; what a reader leaves out is a finding. No file
//! is opened here.

mod cut_list_reader;
mod edl_clock;
mod edl_event;
mod edl_reader;
mod edl_track;
mod edl_writer;
mod exchange_timeline;
mod fades_at_gaps;
mod fcpxml_reader;
mod fcpxml_writer;
mod film_exchange;
mod json_text;
mod otio_reader;
mod otio_sequence;
mod otio_writer;
mod reading_findings;
mod recut;
mod recut_cards;
mod recut_explanations;
mod recut_match;
mod recut_unknown;
mod reel_names;
mod relative_url;
mod track_layout;
mod transition_words;
mod xml_text;

pub use cut_list_reader::{is_cut_list, read_cut_list};
pub use edl_reader::read_edl;
pub use edl_writer::{edl_losses, edl_text};
pub use exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMarker, ExchangeMedia, ExchangeMediaKind,
    ExchangePlace, ExchangeSound, ExchangeTimeline, ExchangeTransition,
};
pub use fcpxml_reader::read_fcpxml;
pub use fcpxml_writer::{FcpxmlVersion, fcpxml_losses, fcpxml_text};
pub use film_exchange::{film_exchange, reel_entries};
pub use otio_reader::read_otio;
pub use otio_writer::{OtioSchemas, otio_losses, otio_text};
pub use reading_findings::ExchangeSource;
pub use recut::{RecutFacts, RecutProduction, recut_shots};
pub use recut_cards::{RecutCard, WrittenCards, follow_cards};
pub use recut_explanations::RECUT_EXPLANATIONS;
pub use reel_names::{
    MOST_REEL_LETTERS, ReelEntry, ReelTableFault, read_reel_table, reel_names, reel_table,
};
pub use relative_url::{relative_url, url_stem};

#[cfg(test)]
mod tests;
