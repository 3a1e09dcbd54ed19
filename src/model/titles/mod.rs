//! Text over pictures as plain data: titles and credits of a production, marks of an output, and
//! what is drawn on the frames of one segment.
//!
//! Sizes and distances are shares of the height of a picture, so that text is laid out anew at the
//! size of every output. `lettering` draws it.

mod font_coverage;
mod font_survey;
mod frame_overlay;
mod output_marks;
mod output_texts;
mod production_titles;
mod slate_block;
mod text_block;
mod text_extent;
mod title_style;

pub use font_coverage::{MissingCharacter, is_seen, missing_characters};
pub use font_survey::{FontFinding, FontSurvey};
pub use frame_overlay::{
    CounterKind, FrameCounter, FrameOverlay, GuideKind, OverlayContent, font_slots,
};
pub use output_marks::{BurnInField, BurnInMark, OutputMarks, WatermarkText};
pub use output_texts::{
    BURN_IN_MARGIN, BURN_IN_PANEL, BURN_IN_SIZE, burned_text, caption_look, widest_burned_text,
};
pub use production_titles::{
    CreditLine, CreditsKind, EndCredits, ScreenTitle, TitleFont, TitleSettings,
};
pub use slate_block::{SlateFacts, slate_block};
pub use text_block::{
    BlockLine, MotionKind, SMALLEST_TEXT, TextAlign, TextBlock, TextEdge, TextPanel, TextPlace,
    TitleMotion, TypefaceSource,
};
pub use text_extent::{ShownTextKey, TextArea, TextExtent, TextExtents};
pub use title_style::{TitleLook, TitleStyle};
