//! Two revisions side by side: changed pictures before and after.

use super::embedded_image::EmbeddedImage;
use super::report_page::page_head;
use crate::report::text_format::format_count;
use maud::{DOCTYPE, Markup, html};

/// A picture in two revisions; `None` where it does not exist or is no longer stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagePair {
    /// What it shows.
    pub title: String,
    /// As it was.
    pub before: Option<EmbeddedImage>,
    /// As it is.
    pub after: Option<EmbeddedImage>,
}

/// Returns the page that compares two revisions.
#[must_use]
pub fn comparison_page(from: &str, to: &str, pairs: &[ImagePair]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (page_head(&format!("{from} and {to}")))
            body {
                header {
                    p.eyebrow { "Comparison" span.revision { (from) " → " (to) } }
                    h1 { (format_count(pairs.len(), "changed picture")) }
                }
                main {
                    @for pair in pairs {
                        h3 { code { (pair.title) } }
                        div.pair { (side_figure(pair.before.as_ref(), from)) (side_figure(pair.after.as_ref(), to)) }
                    }
                }
            }
        }
    };
    page.into_string()
}

fn side_figure(picture: Option<&EmbeddedImage>, revision: &str) -> Markup {
    html! {
        figure {
            @match picture {
                Some(picture) => img src=(picture.data_uri()) alt=(revision);,
                None => p.aside { "not there" },
            }
            figcaption { small { (revision) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_picture_is_marked_and_names_are_escaped() {
        let after = Some(EmbeddedImage {
            mime: "image/jpeg".into(),
            bytes: vec![1, 2, 3],
        });
        let page = comparison_page(
            "rev-0001",
            "rev-0002",
            &[ImagePair {
                title: "<b>".into(),
                before: None,
                after,
            }],
        );
        assert!(page.contains("not there") && page.contains("data:image/jpeg;base64,AQID"));
        assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"));
    }
}
