//! Resolves what an entry changes of its model: its unit, its axes, its variant.

use super::context::ResolveContext;
use crate::base::{Diagnostic, Spanned};
use crate::document::draft::{CharacterDraft, CostumeDraft, LocationDraft, PropDraft};
use crate::model::model_mend::{ForwardAxis, UpAxis};
use crate::model::{ModelMend, value_ranges};

/// The fields of an entry about its model.
pub(super) struct MendFields<'a> {
    scale: &'a Option<Spanned<f32>>,
    up: Option<Spanned<UpAxis>>,
    forward: Option<Spanned<ForwardAxis>>,
    variant: Option<&'a Spanned<String>>,
}

/// Makes the fields of a draft with a model.
macro_rules! mend_fields {
    ($($draft:ty),*) => {$(
        impl<'a> From<&'a $draft> for MendFields<'a> {
            fn from(draft: &'a $draft) -> Self {
                Self {
                    scale: &draft.scale,
                    up: draft.up,
                    forward: draft.forward,
                    variant: draft.variant.as_ref(),
                }
            }
        }
    )*};
}

mend_fields!(CharacterDraft, CostumeDraft, LocationDraft, PropDraft);

/// Returns what an entry changes of its model, with `base` where it says nothing.
pub(super) fn resolve_mend<'a>(
    context: &mut ResolveContext<'_>,
    fields: impl Into<MendFields<'a>>,
    base: &ModelMend,
) -> ModelMend {
    let fields = fields.into();
    let scale = context.in_range_opt("scale", fields.scale, value_ranges::MODEL_SCALE);
    let up = fields.up.filter(|up| !up.is_placeholder);
    let forward = fields.forward.filter(|axis| !axis.is_placeholder);
    let variant = fields.variant.filter(|name| !name.is_placeholder);
    let mend = ModelMend {
        scale,
        up: up.map(|up| up.value),
        forward: forward.map(|axis| axis.value),
        variant: variant.map(|name| name.value.clone()),
        // Shots say it of their performers.
        expression: None,
    };
    let mut mend = mend.or(base);
    // Points at what the entry itself says; what it takes over has been reported there.
    let place = forward.map(|axis| axis.origin).or(up.map(|up| up.origin));
    let upwards = mend.up.unwrap_or(UpAxis::Y);
    if let (Some(axis), Some(place)) = (mend.forward, place)
        && axis.is_along(upwards)
    {
        let message = format!(
            "the front looks along `{}`, which is the axis that is upwards",
            axis.id()
        );
        let help = match upwards {
            UpAxis::Y => "write `x`, `-x`, `z` or `-z`; if z is upwards, write `up: z` too",
            UpAxis::Z => "write `x`, `-x`, `y` or `-y`; if y is upwards, leave out `up: z`",
        };
        context.diagnostics.push(
            Diagnostic::error("production::value::same_axis", place, message)
                .with_label("the same axis")
                .with_help(help),
        );
        mend.forward = None;
    }
    mend
}
