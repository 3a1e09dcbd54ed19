//! Every file that a production is made from, with the words for it.

use super::findings::Findings;
use super::paths::shown;
use crate::base::FileSpan;
use crate::model::Production;
use crate::model::production::{AssetRef, Character, Location};
use std::collections::BTreeMap;

/// One mention of a file.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    /// The file.
    pub(super) asset: &'a AssetRef,
    /// What it is for.
    pub(super) usage: Use,
    /// Whose it is, such as ``character `mara` ``; empty for the whole production.
    owner: String,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
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

impl Use {
    /// Returns whether it is a model that the renderer opens.
    pub(super) const fn is_model(self) -> bool {
        matches!(self, Self::Character | Self::Prop | Self::Set)
    }

    const fn word(self) -> &'static str {
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

impl Source<'_> {
    /// Returns the words for it, such as ``model `assets/mara.glb` of character `mara` ``.
    pub(super) fn words(&self) -> String {
        let of = if self.owner.is_empty() { "" } else { " of " };
        format!(
            "{} {}{of}{}",
            self.usage.word(),
            shown(&self.asset.path),
            self.owner
        )
    }
}

/// A file with all its mentions, so that one mistake is told once.
#[derive(Debug, Clone)]
pub(super) struct Mentions<'a> {
    first: Source<'a>,
    others: Vec<FileSpan>,
}

/// What is wrong with a file.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// Words that follow those for the file, such as `is empty`.
    said: String,
    label: String,
    help: Option<String>,
}

impl Problem {
    /// Returns a problem without a fix.
    pub(super) fn new(said: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            said: said.into(),
            label: label.into(),
            help: None,
        }
    }

    /// Offers the fix, when there is one.
    pub(super) fn help(self, help: impl Into<Option<String>>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }
}

/// Reports every one of these files that has a problem, once, with all its mentions.
pub(super) fn report(
    files: Vec<Mentions<'_>>,
    findings: &mut Findings,
    problem: impl Fn(&Source<'_>) -> Option<Problem>,
) {
    for Mentions { first, others } in files {
        let Some(Problem { said, label, help }) = problem(&first) else {
            continue;
        };
        let found = findings.at(first.asset.origin, format!("{} {said}", first.words()));
        let found = found.with_label(label).with_optional_help(help);
        let found = others.iter().fold(found, |found, origin| {
            found.with_related(*origin, "named here too")
        });
        findings.push(found);
    }
}

/// Returns every mention of a file, in the order of the document's sections.
pub(super) fn all(production: &Production) -> Vec<Source<'_>> {
    let script = production.script.iter().map(|asset| Source {
        asset,
        usage: Use::Script,
        owner: String::new(),
    });
    let props = production.props.iter().filter_map(|prop| {
        let owner = format!("prop `{}`", prop.name.value);
        prop.model.as_ref().map(|asset| Source {
            asset,
            usage: Use::Prop,
            owner,
        })
    });
    let characters = production.characters.iter().flat_map(of_character);
    let renderers = production.renderers().flat_map(|renderer| {
        let owner = format!("renderer `{}`", renderer.name.value);
        renderer.files.iter().map(move |asset| Source {
            asset,
            usage: Use::Renderer,
            owner: owner.clone(),
        })
    });
    let places = production.locations.iter().flat_map(of_location);
    script
        .chain(renderers)
        .chain(characters)
        .chain(places)
        .chain(props)
        .collect()
}

fn of_character(character: &Character) -> impl Iterator<Item = Source<'_>> {
    let owner = format!("character `{}`", character.name.value);
    character.all_models().map(move |asset| Source {
        asset,
        usage: Use::Character,
        owner: owner.clone(),
    })
}

fn of_location(location: &Location) -> impl Iterator<Item = Source<'_>> {
    let uses = [
        (&location.hdri, Use::Hdri),
        (&location.set, Use::Set),
        (&location.custom_setup, Use::Setup),
    ];
    uses.into_iter().filter_map(move |(asset, usage)| {
        let owner = format!("location `{}`", location.name.value);
        asset.as_ref().map(|asset| Source {
            asset,
            usage,
            owner,
        })
    })
}

/// Returns every file with all its mentions, in the order of the first.
pub(super) fn by_file(production: &Production) -> Vec<Mentions<'_>> {
    grouped(all(production))
}

/// Returns every file of one use with its mentions for it.
pub(super) fn used_as(usage: Use, production: &Production) -> Vec<Mentions<'_>> {
    grouped(
        all(production)
            .into_iter()
            .filter(|source| source.usage == usage)
            .collect(),
    )
}

fn grouped(sources: Vec<Source<'_>>) -> Vec<Mentions<'_>> {
    let mut files: Vec<Mentions<'_>> = Vec::new();
    let mut seen = BTreeMap::new();
    for source in sources {
        let at = *seen.entry(&source.asset.path).or_insert(files.len());
        match files.get_mut(at) {
            Some(mentions) => mentions.others.push(source.asset.origin),
            None => files.push(Mentions {
                first: source,
                others: Vec::new(),
            }),
        }
    }
    files
}
