//! Checks the dates of a production. The production has them as they are written.

use super::context::ResolveContext;
use crate::base::{Diagnostic, Spanned};
use crate::document::draft::ProductionDraft;
use crate::document::quote::quote_value;

/// Days of the months of a year that is no leap year.
const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Reports dates that are none, and a change before the creation.
// Warnings: a production can be made without, and the fields were free text once.
pub(super) fn check_dates(context: &mut ResolveContext<'_>, draft: &ProductionDraft) {
    let created = read_date(context, "created", draft.created.as_ref());
    let modified = read_date(context, "modified", draft.modified.as_ref());
    let (Some(created), Some(modified)) = (created, modified) else {
        return;
    };
    // Days only: the times may be in different zones.
    if let Some(written) = draft.modified.as_ref().filter(|_| modified < created) {
        let message = format!(
            "`modified` {} is before `created`",
            quote_value(&written.value)
        );
        context.diagnostics.push(
            Diagnostic::warning("production::meta::bad_date", written.origin, message)
                .with_label("earlier")
                .with_help("correct one of the two"),
        );
    }
}

fn read_date(
    context: &mut ResolveContext<'_>,
    field: &str,
    written: Option<&Spanned<String>>,
) -> Option<(u32, u32, u32)> {
    let written = written.filter(|text| !text.is_placeholder && !text.value.trim().is_empty())?;
    let date = parse_date(written.value.trim());
    if date.is_none() {
        let message = format!("`{field}` {} is not a date", quote_value(&written.value));
        context.diagnostics.push(
            Diagnostic::warning("production::meta::bad_date", written.origin, message)
                .with_label("not a date")
                .with_help("write it as `2026-01-31`, or with a time as `2026-01-31T18:00:00Z`"),
        );
    }
    date
}

/// Returns year, month and day of `2026-01-31`, with or without a time behind it.
fn parse_date(text: &str) -> Option<(u32, u32, u32)> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date
        .split('-')
        .map(|part| (part.len(), part.parse::<u32>().ok()));
    let (Some((4, Some(year))), Some((2, Some(month))), Some((2, Some(day))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = *DAYS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    let days = days + u32::from(month == 2 && is_leap);
    let is_valid = (1..=days).contains(&day) && time.is_none_or(is_time);
    is_valid.then_some((year, month, day))
}

/// Returns whether a text is a time of RFC 3339; seconds and zone may be left out.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone);
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    let parts: Vec<&str> = clock.trim_end().split(':').collect();
    // Sixty seconds are a leap second.
    let limits = [24, 60, 61];
    let is_below = |(part, limit): (&&str, u32)| {
        part.len() == 2 && part.parse::<u32>().is_ok_and(|value| value < limit)
    };
    (2..=3).contains(&parts.len())
        && parts.iter().zip(limits).all(is_below)
        && (matches!(zone, "" | "Z" | "z") || zone.len() == 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_days_that_exist() {
        assert_eq!(parse_date("2026-01-31"), Some((2026, 1, 31)));
        assert_eq!(parse_date("2024-02-29"), Some((2024, 2, 29)));
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "31.01.2026",
            "yesterday",
            "2026-00-10",
            "2026-01-31-2",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_may_follow() {
        for text in [
            "2026-01-31T18:00:00Z",
            "2026-01-31 18:00",
            "2026-01-31T18:00:00.5+02:00",
        ] {
            assert_eq!(parse_date(text), Some((2026, 1, 31)), "{text}");
        }
        assert_eq!(parse_date("2026-01-31T25:00:00Z"), None);
        assert_eq!(parse_date("2026-01-31 soon"), None);
    }
}
