//! Parses budgets: text such as `8h` and `200GB` to seconds and bytes.

use super::context::ResolveContext;
use crate::base::Spanned;
use crate::document::RawScalar;
use crate::document::draft::BudgetDraft;
use crate::document::quote::quote_value;
use crate::model::production::Budget;

/// Units of time, in seconds.
pub(super) const TIME_UNITS: [(&str, f64); 4] =
    [("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0)];
/// Units of disk space, in bytes.
// Decimal units, as disks are sold and as every other size in reports is shown.
const DISK_UNITS: [(&str, f64); 3] = [("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];

pub(super) fn resolve_budget(
    context: &mut ResolveContext<'_>,
    draft: Option<&BudgetDraft>,
) -> Budget {
    let mut read = |text: &Option<RawScalar>, units: &[(&str, f64)], help: &str| {
        // A placeholder marks a value that has an error already. A second one about it would only
        // repeat it.
        let text = text.as_ref().filter(|text| !text.is_placeholder)?;
        let amount = parse_amount(&text.value, units);
        if amount.is_none() {
            let message = format!("{} is not a budget", quote_value(&text.value));
            context.report_error(
                "production::value::bad_budget",
                text.origin,
                message,
                Some(help.to_owned()),
            );
        }
        amount.map(|amount| Spanned::new(amount, text.origin))
    };
    let Some(draft) = draft else {
        return Budget::default();
    };
    Budget {
        seconds: read(
            &draft.time,
            &TIME_UNITS,
            "write a time with its unit, such as `90m`, `8h` or `2d`",
        ),
        bytes: read(
            &draft.disk,
            &DISK_UNITS,
            "write an amount with its unit, such as `500MB`, `200GB` or `2TB`",
        ),
    }
}

/// Parses a positive number with its unit.
pub(super) fn parse_amount(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim();
    // A bare number is refused: `time: 8` could be minutes or hours, and a wrong guess costs a
    // night.
    let unit_start = text.find(|c: char| c.is_alphabetic())?;
    let (number, unit) = text.split_at(unit_start);
    let (_, factor) = units
        .iter()
        .find(|(known, _)| unit.trim().eq_ignore_ascii_case(known))?;
    let number: f64 = number.trim().parse().ok()?;
    // The upper bound also refuses infinity and NaN, which `f64` parses.
    (number > 0.0 && number <= 1e6).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_number_and_a_unit() {
        assert_eq!(parse_amount("8h", &TIME_UNITS), Some(28_800.0));
        assert_eq!(parse_amount("1.5 gb", &DISK_UNITS), Some(1.5e9));
        for wrong in ["8", "h", "-1h", "0h", "8x", "overnight", "1e400h"] {
            assert_eq!(parse_amount(wrong, &TIME_UNITS), None, "{wrong}");
        }
    }
}
