//! A treatment as it is written: the brief and the scenes, every value with its bytes. Nothing here
//! is fitted to a length or repaired; that is for `planning`.

use super::reading::TextRedaction;
use crate::base::{FileSpan, Spanned};
use serde::Serialize;

/// A time or a length in a treatment, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct TreatmentTime(pub u64);

impl TreatmentTime {
    /// Returns the time in seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        // A treatment is limited to a day, which an f64 holds exactly in milliseconds.
        std::time::Duration::from_millis(self.0).as_secs_f64()
    }
}

/// When a scene is seen, as written: a length, or a beginning and an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WrittenTiming {
    /// When it begins. `None` if only a length is written.
    pub start: Option<TreatmentTime>,
    /// How long it lasts.
    pub length: TreatmentTime,
}

/// The part that a scene plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenePurpose {
    /// It makes people stay.
    Hook,
    /// It says what there is to say.
    Body,
    /// It asks people to do something.
    Cta,
}

impl ScenePurpose {
    /// Returns the word for it in the JSON of the planner.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hook => "hook",
            Self::Body => "body",
            Self::Cta => "cta",
        }
    }
}

/// Where a film is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TreatmentPlatform {
    /// Upright, short.
    Tiktok,
    /// Upright, short.
    Instagram,
    /// Wide.
    Youtube,
    /// Any feed.
    Social,
}

/// The shape of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreatmentAspect {
    /// The platform decides.
    SmartAuto,
    /// Width and height as a ratio, such as 16 and 9.
    Ratio(u32, u32),
}

impl TreatmentAspect {
    /// Returns the name: `16:9`, or `Smart Auto`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::SmartAuto => "Smart Auto".to_owned(),
            Self::Ratio(width, height) => format!("{width}:{height}"),
        }
    }
}

/// How the camera moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraWish {
    /// Not at all.
    Static,
    /// Towards the subject.
    Push,
    /// Away from it.
    Pull,
    /// To the side.
    Pan,
    /// Up or down.
    Tilt,
}

/// How much is in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FocalWish {
    /// A detail or a face.
    Tight,
    /// A person to the waist.
    Mid,
    /// A place.
    Wide,
}

/// Who makes a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisualSource {
    /// It is drawn.
    Generated,
    /// It is a file of the user's, by the words that name it.
    User(String),
    /// A library of stock pictures would have it, and there is none.
    Stock,
}

/// One picture of a scene, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneVisual {
    /// What is seen.
    pub description: Spanned<String>,
    /// Who makes it.
    pub source: VisualSource,
    /// How the camera moves. `None` if no word says so.
    pub camera: Option<CameraWish>,
    /// How much is in the picture. `None` if no word says so.
    pub focal: Option<FocalWish>,
    /// Whether people are seen in it.
    pub has_person: bool,
}

/// What one voice says in a scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneNarration {
    /// Who says it. `None` for the narrator.
    pub speaker: Option<Spanned<String>>,
    /// The words.
    pub text: Spanned<String>,
}

/// A kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Bars, one for each row.
    Bar,
    /// A line through the rows.
    Line,
    /// Parts of a whole.
    Pie,
    /// Rows and columns as they are.
    Table,
    /// One number and what it means.
    Kpi,
}

impl ChartKind {
    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Pie => "pie",
            Self::Table => "table",
            Self::Kpi => "kpi",
        }
    }
}

/// One row of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartRow {
    /// What the row is about.
    pub label: Spanned<String>,
    /// The cells behind the label, as written.
    pub cells: Vec<Spanned<String>>,
    /// The number of the first cell that has one. `None` in a table of words.
    pub value: Option<f64>,
    /// What is behind the number, such as `%`.
    pub unit: String,
}

/// A chart with its data. It is only ever drawn from these.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneChart {
    /// Its kind.
    pub kind: ChartKind,
    /// Its title. `None` if none is written.
    pub title: Option<Spanned<String>>,
    /// The names of the columns, that of the labels first. Empty without a header.
    pub columns: Vec<Spanned<String>>,
    /// The rows, in order.
    pub rows: Vec<ChartRow>,
    /// The bytes of the data.
    pub origin: FileSpan,
}

/// A kind of text over, or in place of, the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayKind {
    /// A line or a few.
    Text,
    /// A name and what it is.
    LowerThird,
    /// Points that build.
    List,
    /// A quotation, with its source last.
    Quote,
    /// Code, line by line.
    Code,
    /// The logo.
    Logo,
}

impl OverlayKind {
    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LowerThird => "lower_third",
            Self::List => "list",
            Self::Quote => "quote",
            Self::Code => "code",
            Self::Logo => "logo",
        }
    }
}

/// A text over the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneOverlay {
    /// Its kind.
    pub kind: OverlayKind,
    /// Its lines: points of a list, lines of code. The last of a quote is its source, if
    /// `is_attributed`.
    pub lines: Vec<Spanned<String>>,
    /// Whether the last line names the source of the others.
    pub is_attributed: bool,
    /// The language of code. `None` for anything else, and if none is written.
    pub code_language: Option<String>,
    /// When it appears, from the start of its scene. `None`: with the scene.
    pub at: Option<TreatmentTime>,
}

/// What a file of the user's is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceRole {
    /// The picture of a scene.
    Primary,
    /// It is only looked at.
    Reference,
    /// What is behind something else.
    Background,
    /// A logo or an icon.
    Graphic,
}

/// A file that a treatment refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreatmentReference {
    /// Its path, or its URL without anything that could be a secret.
    pub location: Spanned<String>,
    /// The words beside it.
    pub about: String,
    /// What it is for.
    pub role: ReferenceRole,
    /// Whether it is a file beside the treatment and not somewhere on a network.
    pub is_local: bool,
}

/// One scene as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TreatmentScene {
    /// The name that stays when other scenes come and go.
    pub slug: String,
    /// The bytes that begin it.
    pub origin: FileSpan,
    /// The number that is written. `None` if none is.
    pub number: Option<Spanned<String>>,
    /// The heading, without number and time.
    pub heading: Option<Spanned<String>>,
    /// When it is seen.
    pub timing: Option<Spanned<WrittenTiming>>,
    /// The part that it plays, if it is written.
    pub purpose: Option<Spanned<ScenePurpose>>,
    /// The spoken words.
    pub narration: Vec<SceneNarration>,
    /// The language of its narration, if it differs.
    pub language: Option<Spanned<String>>,
    /// What is seen.
    pub visuals: Vec<SceneVisual>,
    /// Effects and transitions, in the words of the treatment.
    pub effects: Vec<Spanned<String>>,
    /// Sounds, in the words of the treatment.
    pub sounds: Vec<Spanned<String>>,
    /// The music, in the words of the treatment.
    pub music: Option<Spanned<String>>,
    /// Charts.
    pub charts: Vec<SceneChart>,
    /// Where its numbers are from.
    pub source: Option<Spanned<String>>,
    /// Texts over the picture.
    pub overlays: Vec<SceneOverlay>,
    /// Files that belong to it.
    pub references: Vec<TreatmentReference>,
    /// Whether its words are shown. `None` if that is not written.
    pub subtitles: Option<Spanned<bool>>,
    /// What is written and has no place above, for people.
    pub notes: Vec<Spanned<String>>,
}

/// What a treatment says about the whole film.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TreatmentBrief {
    /// The title.
    pub title: Option<Spanned<String>>,
    /// How long the film is to be.
    pub duration: Option<Spanned<TreatmentTime>>,
    /// The language, as in BCP 47.
    pub language: Option<Spanned<String>>,
    /// Where it is shown.
    pub platform: Option<Spanned<TreatmentPlatform>>,
    /// The shape of the picture.
    pub aspect: Option<Spanned<TreatmentAspect>>,
    /// The look, in the words of the treatment.
    pub style: Option<Spanned<String>>,
    /// The tone, in the words of the treatment.
    pub tone: Option<Spanned<String>>,
    /// The name of a profile.
    pub profile: Option<Spanned<String>>,
    /// The voice, in the words of the treatment.
    pub voice: Option<Spanned<String>>,
    /// The provider's name of the voice.
    pub voice_id: Option<Spanned<String>>,
    /// The program that speaks.
    pub speech_provider: Option<Spanned<String>>,
    /// Whether the voice stays the same.
    pub voice_consistent: Option<Spanned<bool>>,
    /// Whether faces stay the same.
    pub faces_locked: Option<Spanned<bool>>,
    /// Colours as `rrggbb`, the most important first.
    pub colours: Vec<Spanned<String>>,
    /// The logo, as a path or in words.
    pub logo: Option<Spanned<String>>,
    /// The font.
    pub font: Option<Spanned<String>>,
    /// The music of the whole film.
    pub music: Option<Spanned<String>>,
    /// Whether the words are shown.
    pub subtitles: Option<Spanned<bool>>,
    /// What people are asked to do, each as lines: shown at the end of the film.
    pub calls_to_action: Vec<Vec<Spanned<String>>>,
    /// Files that belong to no scene.
    pub references: Vec<TreatmentReference>,
    /// What is written about the whole film and has no place above.
    pub notes: Vec<Spanned<String>>,
}

/// A treatment: what the text says, without URLs and secrets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Treatment {
    /// Facts about the whole film.
    pub brief: TreatmentBrief,
    /// The scenes, in order.
    pub scenes: Vec<TreatmentScene>,
    /// What was taken out of the text.
    pub redactions: Vec<TextRedaction>,
}
