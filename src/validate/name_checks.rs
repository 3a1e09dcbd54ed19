//! Checks of names within one list: duplicate, blank, unknown and unused ones.

use super::rule::RuleFindings;
use crate::base::Spanned;
use crate::base::name_form::name_form;
use crate::base::suggestions::{SearchAllowance, did_you_mean, nearest_match};
use crate::model::production::EntryRef;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Reports every name that an earlier entry has. `what` is the noun for an entry.
pub(super) fn report_duplicate_names<'a>(
    what: &str,
    names: impl Iterator<Item = &'a Spanned<String>>,
    findings: &mut RuleFindings,
) {
    // A film has thousands of shots. One allocation, and borrowed names, keep this out of the
    // profile.
    let most = names.size_hint().1.unwrap_or_default();
    let mut seen: HashMap<Cow<'_, str>, &Spanned<String>> = HashMap::with_capacity(most);
    // Unreadable and blank names have findings of their own.
    for name in names.filter(|name| !name.is_placeholder && !is_blank_name(name)) {
        // Two names that only look different in bytes would mean the same entry.
        let first = *seen.entry(name_form(&name.value)).or_insert(name);
        if !std::ptr::eq(first, name) {
            let finding = findings.finding_at(
                name.origin,
                format!("two {what}s are called `{}`", name.value),
            );
            let finding = finding
                .with_label("already taken")
                .with_related(first.origin, "first used here");
            findings.push(finding.with_help(format!("give this {what} a name of its own")));
        }
    }
}

/// Reports every name without a letter or digit. `what` is the noun for an entry.
pub(super) fn report_blank_names<'a>(
    what: &str,
    names: impl Iterator<Item = &'a Spanned<String>>,
    findings: &mut RuleFindings,
) {
    for name in names.filter(|name| !name.is_placeholder && is_blank_name(name)) {
        let finding = findings
            .finding_at(name.origin, format!("a {what} has an empty name"))
            .with_label("nothing to call it by");
        findings.push(finding.with_help("name it in letters, digits and underscores"));
    }
}

/// Reports every reference to a name that no entry has. `what` is the noun for an entry, `section`
/// the key of the list.
pub(super) fn report_unknown_names<'a>(
    what: &str,
    section: &str,
    names: impl Iterator<Item = &'a Spanned<String>>,
    references: impl Iterator<Item = &'a EntryRef>,
    findings: &mut RuleFindings,
) {
    let names: Vec<&Spanned<String>> = names.collect();
    if names.iter().any(|name| name.is_placeholder) {
        // A name that could not be read may be the one that is meant.
        return;
    }
    let allowance = SearchAllowance::default();
    // A misspelt name is usually in many shots.
    let mut helps: HashMap<&str, Option<String>> = HashMap::new();
    for reference in unresolved_references(references) {
        let name = reference.name.value.as_str();
        let help = helps.entry(name).or_insert_with(|| {
            let names = names.iter().map(|name| name.value.as_str());
            allowance.search(|| did_you_mean(name, names))
        });
        let finding =
            findings.finding_at(reference.name.origin, format!("unknown {what} `{name}`"));
        let finding = finding.with_label(format!("not under `{section}`"));
        findings.push(finding.with_optional_help(help.clone()));
    }
}

/// Returns the references that match no entry, without unreadable ones.
pub(super) fn unresolved_references<'a>(
    references: impl Iterator<Item = &'a EntryRef>,
) -> impl Iterator<Item = &'a EntryRef> {
    references.filter(|reference| reference.index.is_none() && !reference.name.is_placeholder)
}

/// Returns the names that nothing uses, in the order of the list. Leaves out names that another
/// finding explains: blank and repeated ones, and those that a name in `misspelt` probably means.
pub(super) fn unused_names<'a>(
    names: impl Iterator<Item = &'a Spanned<String>>,
    is_used: impl Fn(usize) -> bool,
    misspelt: &[&str],
) -> Vec<&'a Spanned<String>> {
    let mut earlier = HashSet::new();
    // `unknown character marra` and `mara is unused` are one mistake. Reporting both sends the
    // author looking for two.
    let allowance = SearchAllowance::default();
    let misspelt: BTreeSet<&str> = misspelt.iter().copied().collect();
    let is_meant = |name: &str| {
        let search = || nearest_match(name, misspelt.iter().copied());
        allowance.search(search).is_some()
    };
    names
        .enumerate()
        .filter(|(index, name)| earlier.insert(&name.value) && !is_used(*index))
        .map(|(_, name)| name)
        .filter(|name| !name.is_placeholder && !is_blank_name(name) && !is_meant(&name.value))
        .collect()
}

/// Returns whether a name has neither letter nor digit.
fn is_blank_name(name: &Spanned<String>) -> bool {
    // Not only spaces: a name such as `---` gives no usable file name either.
    !name.value.chars().any(char::is_alphanumeric)
}
