//! What a document changes of a model before anything sees it: its unit, its axes, its variant, its
//! expression.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The axis of a model's file that is upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpAxis {
    /// +Y, as glTF has it.
    Y,
    /// +Z, as Blender, CAD and printing have it.
    Z,
}

/// The axis of a model's file that its front looks along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForwardAxis {
    /// +X.
    X,
    /// +Y.
    Y,
    /// +Z.
    Z,
    /// -X.
    #[serde(rename = "-x")]
    MinusX,
    /// -Y.
    #[serde(rename = "-y")]
    MinusY,
    /// -Z.
    #[serde(rename = "-z")]
    MinusZ,
}

/// What a document changes of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
// What is unset is not written, because it is a part of identities.
pub struct ModelMend {
    /// Factor on every length. `None`: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f32>,
    /// The axis that is upwards. `None`: as the format says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up: Option<UpAxis>,
    /// The axis that the front looks along. `None`: as the format says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward: Option<ForwardAxis>,
    /// The variant of its materials by name. `None`: the materials that the file shows first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The expression of its face by name. `None`: as at rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
}

// A scale is from a range of the document, and no range has what is no number.
impl Eq for ModelMend {}

impl UpAxis {
    /// Returns the axis as a direction in the file.
    #[must_use]
    pub const fn direction(self) -> [f32; 3] {
        match self {
            Self::Y => [0.0, 1.0, 0.0],
            Self::Z => [0.0, 0.0, 1.0],
        }
    }

    /// Returns the word that documents use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Y => "y",
            Self::Z => "z",
        }
    }

    /// Returns the axis that the front looks along in programs with this one upwards.
    #[must_use]
    pub const fn usual_forward(self) -> ForwardAxis {
        match self {
            Self::Y => ForwardAxis::Z,
            Self::Z => ForwardAxis::MinusY,
        }
    }
}

impl ForwardAxis {
    /// Returns the axis as a direction in the file.
    #[must_use]
    pub const fn direction(self) -> [f32; 3] {
        match self {
            Self::X => [1.0, 0.0, 0.0],
            Self::Y => [0.0, 1.0, 0.0],
            Self::Z => [0.0, 0.0, 1.0],
            Self::MinusX => [-1.0, 0.0, 0.0],
            Self::MinusY => [0.0, -1.0, 0.0],
            Self::MinusZ => [0.0, 0.0, -1.0],
        }
    }

    /// Returns the word that documents use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Y => "y",
            Self::Z => "z",
            Self::MinusX => "-x",
            Self::MinusY => "-y",
            Self::MinusZ => "-z",
        }
    }

    /// Returns whether it is on the line of an axis that is upwards.
    #[must_use]
    pub const fn is_along(self, up: UpAxis) -> bool {
        matches!(
            (self, up),
            (Self::Y | Self::MinusY, UpAxis::Y) | (Self::Z | Self::MinusZ, UpAxis::Z)
        )
    }
}

impl ModelMend {
    /// Returns whether the model stays as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether its places change: their unit or their axes.
    #[must_use]
    pub const fn moves_places(&self) -> bool {
        self.scale.is_some() || self.up.is_some() || self.forward.is_some()
    }

    /// Returns the factor on every length.
    #[must_use]
    pub fn factor(&self) -> f32 {
        self.scale.unwrap_or(1.0)
    }

    /// Returns the same with the values of `other` where this one has none.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            scale: self.scale.or(other.scale),
            up: self.up.or(other.up),
            forward: self.forward.or(other.forward),
            variant: self.variant.or_else(|| other.variant.clone()),
            expression: self.expression.or_else(|| other.expression.clone()),
        }
    }

    /// Returns what differs from the file in words, such as `scale 0.01, up z`. Empty: nothing.
    #[must_use]
    pub fn words(&self) -> String {
        let scale = self.scale.map(|scale| format!("scale {scale}"));
        let up = self.up.map(|up| format!("up {}", up.id()));
        let forward = self.forward.map(|axis| format!("forward {}", axis.id()));
        let variant = self.variant.as_ref().map(|name| format!("variant {name}"));
        let face = self
            .expression
            .as_ref()
            .map(|name| format!("expression {name}"));
        let words: Vec<String> = [scale, up, forward, variant, face]
            .into_iter()
            .flatten()
            .collect();
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unset_is_not_written() {
        assert_eq!(serde_json::to_string(&ModelMend::default()).unwrap(), "{}");
        let mend = ModelMend {
            scale: Some(0.01),
            forward: Some(ForwardAxis::MinusX),
            ..ModelMend::default()
        };
        let text = serde_json::to_string(&mend).unwrap();
        assert_eq!(text, r#"{"scale":0.01,"forward":"-x"}"#);
        assert_eq!(serde_json::from_str::<ModelMend>(&text).unwrap(), mend);
        assert_eq!(mend.words(), "scale 0.01, forward -x");
    }

    #[test]
    fn an_axis_is_along_itself_and_its_opposite() {
        assert!(ForwardAxis::MinusZ.is_along(UpAxis::Z));
        assert!(!UpAxis::Z.usual_forward().is_along(UpAxis::Z));
        assert!(!UpAxis::Y.usual_forward().is_along(UpAxis::Y));
    }
}
