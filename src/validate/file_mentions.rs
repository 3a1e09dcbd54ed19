//! Every file that a production is made from, with the words for it.

use super::project_paths::quoted_path;
use crate::base::FileSpan;
use crate::model::Production;
use crate::model::production::{AssetRef, Character, Location};
use std::collections::BTreeMap;

/// One mention of a file.
#[derive(Debug, Clone)]
pub(super) struct FileMention<'a> {
    /// The file.
    pub(super) asset: &'a AssetRef,
    /// What it is for.
    pub(super) usage: FileUsage,
    /// Whose it is, such as ``character `mara` ``; empty for the whole production.
    owner: String,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileUsage {
    /// The screenplay.
    Script,
    /// A character, in any costume.
    Character,
    /// A prop.
    Prop,
    /// A location's set.
    Set,
    /// A location as a Blender file.
    Setup,
    /// Light from all around.
    Hdri,
    /// What a command draws from.
    Renderer,
}

impl FileUsage {
    /// Returns whether it is a model that the renderer opens.
    pub(super) const fn is_model(self) -> bool {
        matches!(self, Self::Character | Self::Prop | Self::Set)
    }

    const fn file_noun(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Character | Self::Prop => "model",
            Self::Set => "set",
            Self::Setup => "custom setup",
            Self::Hdri => "hdri",
            Self::Renderer => "file",
        }
    }
}

impl FileMention<'_> {
    /// Returns the words for it, such as ``model `assets/mara.glb` of character `mara` ``.
    pub(super) fn describe_mention(&self) -> String {
        let separator = if self.owner.is_empty() { "" } else { " of " };
        format!(
            "{} {}{separator}{}",
            self.usage.file_noun(),
            quoted_path(&self.asset.path),
            self.owner
        )
    }
}

/// A file with all its mentions, so that one mistake is told once.
#[derive(Debug, Clone)]
pub(super) struct FileMentions<'a> {
    pub(super) first: FileMention<'a>,
    pub(super) others: Vec<FileSpan>,
}

/// Returns every mention of a file, in the order of the document's sections.
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
        renderer.files.iter().map(move |asset| FileMention {
            asset,
            usage: FileUsage::Renderer,
            owner: owner.clone(),
        })
    });
    let places = production.locations.iter().flat_map(location_files);
    script
        .chain(renderers)
        .chain(characters)
        .chain(places)
        .chain(props)
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

/// Returns every file with all its mentions, in the order of the first.
pub(super) fn mentions_by_file(production: &Production) -> Vec<FileMentions<'_>> {
    group_by_file(file_mentions(production))
}

/// Returns every file of one use with its mentions for it.
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
    let mut files: Vec<FileMentions<'_>> = Vec::new();
    let mut seen = BTreeMap::new();
    for source in sources {
        let index = *seen.entry(&source.asset.path).or_insert(files.len());
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
