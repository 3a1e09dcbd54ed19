//! Engines: the built-in renderer, those of Blender, and commands.

use super::pass::RenderPass;
use super::provider::Provider;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A renderer. Part of the identity of every job that renders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// The built-in renderer.
    Previz,
    /// Blender's path tracer.
    Cycles,
    /// Blender's rasteriser.
    Eevee,
    /// Blender's viewport renderer: shapes and colours under plain light.
    Workbench,
    /// A command, from the library or from the user.
    // Shared: every chunk of every shot has its engine, and a provider is a large value.
    Command(Arc<Provider>),
}

impl Engine {
    /// The names that documents use, besides those of commands.
    pub const NAMES: [&str; 4] = ["previz", "cycles", "eevee", "workbench"];

    /// Returns the engine of this name, in any case. `None`: no built-in engine has the name; it
    /// may be a command.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        // Users copy Blender's own identifiers, such as `BLENDER_EEVEE_NEXT`.
        let bare = name.strip_prefix("blender_").unwrap_or(&name);
        match bare.strip_suffix("_next").unwrap_or(bare) {
            "previz" => Some(Self::Previz),
            "cycles" => Some(Self::Cycles),
            "eevee" => Some(Self::Eevee),
            "workbench" => Some(Self::Workbench),
            _ => None,
        }
    }

    /// Returns the name that documents use.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Previz => "previz",
            Self::Cycles => "cycles",
            Self::Eevee => "eevee",
            Self::Workbench => "workbench",
            Self::Command(provider) => &provider.name,
        }
    }

    /// Returns whether it is one of Blender's engines.
    #[must_use]
    pub const fn is_blender(&self) -> bool {
        matches!(self, Self::Cycles | Self::Eevee | Self::Workbench)
    }

    /// Returns the passes that it can render.
    #[must_use]
    pub const fn supported_passes(&self) -> &'static [RenderPass] {
        match self {
            Self::Cycles => &RenderPass::ALL,
            Self::Eevee => &EEVEE_PASSES,
            Self::Previz => &PREVIZ_PASSES,
            Self::Workbench => &[RenderPass::Depth, RenderPass::Position],
            // The interface of a command has one picture a frame, and no files beside it.
            Self::Command(_) => &[],
        }
    }
}

/// Eevee has no pass for transmission.
const EEVEE_PASSES: [RenderPass; 8] = [
    RenderPass::Depth,
    RenderPass::Normal,
    RenderPass::Position,
    RenderPass::AmbientOcclusion,
    RenderPass::Albedo,
    RenderPass::Diffuse,
    RenderPass::Specular,
    RenderPass::Emission,
];

/// The passes that follow from geometry alone.
const PREVIZ_PASSES: [RenderPass; 3] =
    [RenderPass::Depth, RenderPass::Normal, RenderPass::Position];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_understood_in_any_case_and_as_blender_spells_it() {
        for name in Engine::NAMES {
            assert_eq!(
                Engine::from_name(name).as_ref().map(Engine::name),
                Some(name)
            );
            assert_eq!(
                Engine::from_name(&name.to_uppercase())
                    .as_ref()
                    .map(Engine::name),
                Some(name)
            );
        }
        assert_eq!(Engine::from_name("BLENDER_EEVEE_NEXT"), Some(Engine::Eevee));
        assert_eq!(
            Engine::from_name("BLENDER_WORKBENCH"),
            Some(Engine::Workbench)
        );
        assert_eq!(Engine::from_name("blender"), None);
    }

    #[test]
    fn the_passes_of_an_engine_are_in_the_order_in_which_they_are_drawn() {
        for name in Engine::NAMES {
            let engine = Engine::from_name(name).unwrap();
            assert!(engine.supported_passes().is_sorted(), "{name}");
        }
    }
}
