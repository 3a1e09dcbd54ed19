//! Scalars and comments of YAML.

use crate::document::variables::escape_references;
use crate::document::yaml_edit::yaml_inline_scalar;

pub(super) use crate::document::yaml_edit::yaml_comment as comment;

/// Returns text between double quotes, in which YAML reads JSON's escapes.
pub(super) fn quoted(text: &str) -> String {
    crate::base::json::to_json_string(&escape_references(text))
}

/// Returns lines as a list inside of brackets.
pub(super) fn list<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<String> = lines.map(yaml_inline_scalar).collect();
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_inside_of_braces_is_quoted_where_it_must_be() {
        assert_eq!(yaml_inline_scalar("bees"), "bees");
        assert_eq!(yaml_inline_scalar("a, b"), "\"a, b\"");
        assert_eq!(
            yaml_inline_scalar("say \"x\": ${y}"),
            "\"say \\\"x\\\": $${y}\""
        );
        assert_ne!(yaml_inline_scalar("42"), "42");
    }
}
