//! Scalars and comments of YAML.

use crate::document::variables::escape_references;

pub(super) use crate::document::yaml_edit::yaml_comment as comment;

/// Returns text between double quotes, in which YAML reads JSON's escapes.
pub(super) fn quoted(text: &str) -> String {
    crate::base::json::to_json_string(&escape_references(text))
}

#[cfg(test)]
mod tests {
    use crate::document::yaml_edit::yaml_inline_scalar;

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
