//! Names within one list: which repeat an earlier one, which are blank, which were probably meant by a misspelt one.

use super::findings::Findings;
use crate::base::Spanned;
use crate::base::nearest::nearest;
use std::collections::HashMap;

/// Reports every name that an earlier entry has; `what` is the entry's noun.
pub(super) fn report_repeats<'a>(
    what: &str,
    names: impl Iterator<Item = &'a Spanned<String>>,
    findings: &mut Findings,
) {
    let most = names.size_hint().1.unwrap_or_default();
    let mut seen: HashMap<&str, &Spanned<String>> = HashMap::with_capacity(most);
    for name in names.filter(|name| !name.hole && !is_blank(name)) {
        let first = *seen.entry(&name.value).or_insert(name);
        if !std::ptr::eq(first, name) {
            let found = findings.at(name.origin, format!("two {what}s are called `{}`", name.value));
            let found = found.label("already taken").related(first.origin, "first used here");
            findings.push(found.help(format!("give this {what} a name of its own")));
        }
    }
}

/// Reports every name without a letter or digit; `what` is the entry's noun.
pub(super) fn report_blanks<'a>(
    what: &str,
    names: impl Iterator<Item = &'a Spanned<String>>,
    findings: &mut Findings,
) {
    for name in names.filter(|name| !name.hole && is_blank(name)) {
        let found =
            findings.at(name.origin, format!("a {what} has an empty name")).label("nothing to call it by");
        findings.push(found.help("name it in letters, digits and underscores"));
    }
}

/// Returns whether an earlier entry has this name.
pub(super) fn is_repeat<'a>(
    at: usize,
    mut names: impl Iterator<Item = &'a Spanned<String>>,
    name: &str,
) -> bool {
    names.position(|first| first.value == name).is_some_and(|first| first < at)
}

/// Returns whether one of the unknown names was probably meant to be `name`, so that it is not unused.
pub(super) fn is_meant_by<'a>(name: &str, mut unknown: impl Iterator<Item = &'a str>) -> bool {
    unknown.any(|unknown| nearest(unknown, [name]).is_some())
}

/// Returns whether a name has neither letter nor digit.
pub(super) fn is_blank(name: &Spanned<String>) -> bool {
    !name.value.chars().any(char::is_alphanumeric)
}
