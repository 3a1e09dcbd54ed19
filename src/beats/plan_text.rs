//! The plan of an ad in words, for people.

use super::ad_plan::AdPlan;
use super::ad_spec::AdSpec;
use crate::base::count_text::format_count;
use std::fmt::Write;

/// Returns the plan in words.
#[must_use]
pub fn plan_text(plan: &AdPlan) -> String {
    let spec = AdSpec::from_plan(plan);
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<12}{value}");
        }
    };
    row(
        "length",
        &format!(
            "{} s, {}, {}",
            spec.duration,
            format_count(spec.beats.len(), "beat"),
            format_count(spec.chunks.len(), "chunk")
        ),
    );
    let [width, height] = spec.resolution;
    row("shape", &format!("{}, {width}x{height}", spec.aspect));
    row(
        "product",
        &format!("{} ({})", spec.product.name, spec.product.category),
    );
    row("archetype", &plan.archetype_why);
    row("look", &spec.style.aesthetic);
    row("mood", &spec.style.mood);
    row("palette", &spec.style.color_palette.join(", "));
    row("light", &spec.style.lighting);
    row("message", &spec.key_message);
    row("narrator", spec.voice_over.as_deref().unwrap_or_default());
    row("end card", &spec.call_to_action);
    for assumption in &plan.assumptions {
        row("assumed", assumption);
    }
    row("note", &plan.unknown_words_note().unwrap_or_default());
    text.push('\n');
    for beat in &plan.beats {
        let _ = writeln!(
            text,
            "{:>4} s  {:<27} {}",
            beat.start, beat.beat.name, beat.why
        );
    }
    for cost in &spec.cost {
        let _ = write!(
            text,
            "\n{} at prices of `{}`",
            dollars(cost.total),
            cost.prices
        );
    }
    text.push('\n');
    text
}

fn dollars(amount: f64) -> String {
    format!("${amount:.4}")
}
