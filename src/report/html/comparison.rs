//! Two revisions side by side: the pictures that changed, before and after.

use super::page::head;
use super::picture::Picture;
use crate::report::figures::count;
use maud::{DOCTYPE, Markup, html};

/// One picture before and after; none where it did not exist or is no longer kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What it shows.
    pub title: String,
    /// As it was.
    pub before: Option<Picture>,
    /// As it is.
    pub after: Option<Picture>,
}

/// Returns the page that compares two revisions.
#[must_use]
pub fn comparison(from: &str, to: &str, pairs: &[Pair]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&format!("{from} and {to}")))
            body {
                header {
                    p.eyebrow { "Comparison" span.revision { (from) " → " (to) } }
                    h1 { (count(pairs.len(), "changed picture")) }
                }
                main {
                    @for pair in pairs {
                        h3 { code { (pair.title) } }
                        div.pair { (side(pair.before.as_ref(), from)) (side(pair.after.as_ref(), to)) }
                    }
                }
            }
        }
    };
    page.into_string()
}

fn side(picture: Option<&Picture>, revision: &str) -> Markup {
    html! {
        figure {
            @match picture {
                Some(picture) => img src=(picture.address()) alt=(revision);,
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
    fn a_picture_that_is_gone_says_so_and_names_are_escaped() {
        let after = Some(Picture {
            mime: "image/jpeg".into(),
            bytes: vec![1, 2, 3],
        });
        let page = comparison(
            "rev-0001",
            "rev-0002",
            &[Pair {
                title: "<b>".into(),
                before: None,
                after,
            }],
        );
        assert!(page.contains("not there") && page.contains("data:image/jpeg;base64,AQID"));
        assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"));
    }
}
