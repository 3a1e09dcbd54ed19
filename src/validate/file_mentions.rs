//! Lists every file that a production names, with a description for messages.

use super::project_paths::quoted_path;
use crate::base::FileSpan;
use crate::model::Production;
use crate::model::production::{AssetRef, Character, Location};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One mention of a file in the document.
#[derive(Debug, Clone)]
pub(super) struct FileMention<'a> {
    /// Path and place.
    pub(super) asset: &'a AssetRef,
    /// Role of the file.
    pub(super) usage: FileUsage,
    /// Owner for messages, such as ``character `mara` ``. Empty for the whole production.
    owner: String,
}

/// Role of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileUsage {
    /// The screenplay.
    Script,
    /// Model of a character, in any costume.
    Character,
    /// Model of a prop.
    Prop,
    /// Model of a location.
    Set,
    /// Location as a whole Blender file.
    Setup,
    /// Panorama for image-based light.
    Hdri,
    /// File of a command provider.
    Renderer,
    /// Sound of the user's own: music, an effect, an ambience.
    Sound,
    /// Font of titles.
    TitleFont,
    /// File of a voice, or of a program that speaks.
    Voice,
    /// SoundFont of music.
    Font,
    /// Table of captions in other languages.
    CaptionTable,
}

impl FileUsage {
    /// Returns whether the renderer opens it as a model.
    // A custom setup is not one: Blender opens it as the scene, and no clips are read from it.
    pub(super) const fn is_model(self) -> bool {
        matches!(self, Self::Character | Self::Prop | Self::Set)
    }

    // The nouns are the keys of the document, so that an author finds the line by its word.
    const fn file_noun(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Character | Self::Prop => "model",
            Self::Set => "set",
            Self::Setup => "custom setup",
            Self::Hdri => "hdri",
            Self::Renderer | Self::Voice => "file",
            Self::Sound => "sound file",
            Self::TitleFont => "font",
            Self::Font => "SoundFont",
            Self::CaptionTable => "table",
        }
    }
}

impl FileMention<'_> {
    /// Returns the description, such as ``model `assets/mara.glb` of character `mara` ``.
    pub(super) fn describe_mention(&self) -> String {
        // The script has no owner: "script `x` of " would dangle.
        let separator = if self.owner.is_empty() { "" } else { " of " };
        format!(
            "{} {}{separator}{}",
            self.usage.file_noun(),
            quoted_path(&self.asset.path),
            self.owner
        )
    }
}

/// A file with all its mentions.
#[derive(Debug, Clone)]
// A problem of a file is reported once. Ten shots with one missing model are one mistake.
pub(super) struct FileMentions<'a> {
    pub(super) first: FileMention<'a>,
    pub(super) others: Vec<FileSpan>,
}

/// Returns every mention of a file.
pub(super) fn file_mentions(production: &Production) -> Vec<FileMention<'_>> {
    let script = production.script.iter().map(|asset| FileMention {
        asset,
        usage: FileUsage::Script,
        owner: String::new(),
    });
    let props = production.props.iter().filter_map(|prop| {
        let owner = format!("prop `{}`", prop.name.value);
        prop.model.as_ref().map(|asset| FileMention {
            asset,
            usage: FileUsage::Prop,
            owner,
        })
    });
    let characters = production.characters.iter().flat_map(character_files);
    let renderers = production.renderers().flat_map(|renderer| {
        let owner = format!("renderer `{}`", renderer.name.value);
        // Files of a provider are written in its preset, but the finding points at the engine in
        // the document.
        renderer.files.iter().map(move |asset| FileMention {
            asset,
            usage: FileUsage::Renderer,
            owner: owner.clone(),
        })
    });
    // The order decides which mention carries the finding. What the whole production needs comes
    // first.
    let places = production.locations.iter().flat_map(location_files);
    script
        .chain(renderers)
        .chain(characters)
        .chain(places)
        .chain(props)
        .chain(sound_files(production))
        .chain(font_files(production))
        .chain(caption_table(production))
        .collect()
}

fn caption_table(production: &Production) -> impl Iterator<Item = FileMention<'_>> {
    let table = production.captions.table.iter();
    table.map(|asset| FileMention {
        asset,
        usage: FileUsage::CaptionTable,
        owner: "captions".to_owned(),
    })
}

fn font_files(production: &Production) -> impl Iterator<Item = FileMention<'_>> {
    production.font_files().map(|asset| FileMention {
        asset,
        usage: FileUsage::TitleFont,
        owner: "a title".to_owned(),
    })
}

fn sound_files(production: &Production) -> impl Iterator<Item = FileMention<'_>> {
    let mention = |usage, asset, owner| FileMention {
        asset,
        usage,
        owner,
    };
    let sound = production.sound.iter();
    let fonts = sound.clone().flat_map(|sound| &sound.sound_font);
    let fonts = fonts.map(move |asset| mention(FileUsage::Font, asset, String::new()));
    let voices = sound.clone().flat_map(|sound| &sound.files);
    let voices = voices.map(move |asset| mention(FileUsage::Voice, asset, "a voice".to_owned()));
    let music = sound.flat_map(|sound| &sound.music).filter_map(move |cue| {
        let owner = format!("music `{}`", cue.name.value);
        Some(mention(FileUsage::Sound, cue.file()?, owner))
    });
    let layers = production.locations.iter().flat_map(move |location| {
        let files = location
            .sound
            .ambience
            .iter()
            .filter_map(|layer| layer.source.file());
        files.map(move |asset| {
            let owner = format!("location `{}`", location.name.value);
            mention(FileUsage::Sound, asset, owner)
        })
    });
    let effects = production.shots.iter().flat_map(move |shot| {
        let files = shot
            .effects
            .iter()
            .filter_map(|effect| effect.source.file());
        files.map(move |asset| {
            let owner = format!("shot `{}`", shot.name.value);
            mention(FileUsage::Sound, asset, owner)
        })
    });
    let played = fonts.chain(voices).chain(music);
    played.chain(layers).chain(effects)
}

/// Returns the path of every file that the production names, as written.
#[must_use]
pub fn named_files(production: &Production) -> Vec<PathBuf> {
    file_mentions(production)
        .into_iter()
        .map(|mention| mention.asset.path.clone())
        .chain(production.footage_files().map(Path::to_owned))
        .collect()
}

fn character_files(character: &Character) -> impl Iterator<Item = FileMention<'_>> {
    let owner = format!("character `{}`", character.name.value);
    character.all_models().map(move |asset| FileMention {
        asset,
        usage: FileUsage::Character,
        owner: owner.clone(),
    })
}

fn location_files(location: &Location) -> impl Iterator<Item = FileMention<'_>> {
    let uses = [
        (&location.hdri, FileUsage::Hdri),
        (&location.set, FileUsage::Set),
        (&location.custom_setup, FileUsage::Setup),
    ];
    uses.into_iter().filter_map(move |(asset, usage)| {
        let owner = format!("location `{}`", location.name.value);
        asset.as_ref().map(|asset| FileMention {
            asset,
            usage,
            owner,
        })
    })
}

/// Returns every file with its mentions, in the order of the first one.
pub(super) fn mentions_by_file(production: &Production) -> Vec<FileMentions<'_>> {
    group_by_file(file_mentions(production))
}

/// Returns every file with its mentions, once for each way in which entries change it.
pub(super) fn mentions_by_import(production: &Production) -> Vec<FileMentions<'_>> {
    group_by(file_mentions(production), |asset| {
        (&asset.path, asset.mend.words())
    })
}

/// Returns every file with its mentions in one role.
pub(super) fn mentions_with_usage(
    usage: FileUsage,
    production: &Production,
) -> Vec<FileMentions<'_>> {
    group_by_file(
        file_mentions(production)
            .into_iter()
            .filter(|source| source.usage == usage)
            .collect(),
    )
}

fn group_by_file(sources: Vec<FileMention<'_>>) -> Vec<FileMentions<'_>> {
    group_by(sources, |asset| &asset.path)
}

fn group_by<'a, K: Ord>(
    sources: Vec<FileMention<'a>>,
    key: impl Fn(&'a AssetRef) -> K,
) -> Vec<FileMentions<'a>> {
    let mut files: Vec<FileMentions<'_>> = Vec::new();
    // A map beside the list: the list keeps the order of mentions, and the map finds a file in it.
    let mut seen = BTreeMap::new();
    for source in sources {
        let index = *seen.entry(key(source.asset)).or_insert(files.len());
        match files.get_mut(index) {
            Some(mentions) => mentions.others.push(source.asset.origin),
            None => files.push(FileMentions {
                first: source,
                others: Vec::new(),
            }),
        }
    }
    files
}
