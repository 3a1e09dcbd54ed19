//! The quality tier of a run, with what chose it, for people and for machines.

use crate::base::SourceMap;
use crate::base::printable::flatten_escaped;
use crate::model::TierSource;
use crate::model::production::RenderSettings;
use serde::Serialize;

/// The source of a tier that nothing names.
const DEFAULT_SOURCE: &str = "the default";

/// The quality tier of a plan or a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierFacts {
    /// Its name.
    #[serde(rename = "tier")]
    pub name: String,
    /// What chose it, for people: `--quality`, the place in the document or in settings, the last
    /// run, or `the default`.
    #[serde(rename = "tier_from")]
    pub source: String,
    /// What the line says about another tier.
    #[serde(skip)]
    pub remark: Option<String>,
}

impl TierFacts {
    /// Returns the tier of resolved render settings.
    #[must_use]
    pub fn from_render(render: &RenderSettings, sources: &SourceMap) -> Self {
        let source = match &render.tier_source {
            TierSource::Requested => "--quality".to_owned(),
            TierSource::Setting(place) => place.clone(),
            TierSource::Plan(path) => format!("the plan {}", path.display()),
            TierSource::LastRun { revision, .. } => format!("the last run ({revision})"),
            TierSource::Document(origin) => sources.format_position(*origin),
            TierSource::Default => DEFAULT_SOURCE.to_owned(),
        };
        let remark = match &render.tier_source {
            // A reader of the last run must not take its tier for that of the next one.
            TierSource::LastRun { settings_tier, .. } => {
                let next = settings_tier.as_ref().unwrap_or(&render.document_tier);
                (*next != render.tier).then(|| {
                    let next = flatten_escaped(next);
                    format!("a run without --quality makes {next}")
                })
            }
            _ => (render.document_tier != render.tier).then(|| {
                let document = flatten_escaped(&render.document_tier);
                format!("the document has {document}")
            }),
        };
        Self {
            name: render.tier.clone(),
            source,
            remark,
        }
    }

    /// Returns the tier and what chose it as one line.
    #[must_use]
    pub fn line(&self) -> String {
        let remark = self.remark.as_ref().map(|remark| format!("; {remark}"));
        let from = if self.source == DEFAULT_SOURCE {
            ""
        } else {
            "from "
        };
        format!(
            "tier {}, {from}{}{}",
            flatten_escaped(&self.name),
            flatten_escaped(&self.source),
            remark.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;
    use crate::report::test_plan;

    fn line(tier: &str, tier_source: TierSource) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add_file("film/production.yaml", "a:\n  tier: preview\n");
        let place = FileSpan::new(file, 11, 18);
        let tier_source = match tier_source {
            TierSource::Document(_) => TierSource::Document(place),
            other => other,
        };
        let render = RenderSettings {
            tier: tier.to_owned(),
            tier_source,
            document_tier: "preview".to_owned(),
            ..test_plan::sample_production().render
        };
        TierFacts::from_render(&render, &sources).line()
    }

    #[test]
    fn the_line_names_the_tier_its_source_and_that_of_the_document() {
        let last = |settings_tier: Option<&str>| TierSource::LastRun {
            revision: "rev-0003".to_owned(),
            settings_tier: settings_tier.map(str::to_owned),
        };
        assert_eq!(
            line("draft", last(None)),
            "tier draft, from the last run (rev-0003); a run without --quality makes preview"
        );
        assert_eq!(
            line("draft", last(Some("archive"))),
            "tier draft, from the last run (rev-0003); a run without --quality makes archive"
        );
        assert_eq!(
            line("draft", last(Some("draft"))),
            "tier draft, from the last run (rev-0003)"
        );
        assert_eq!(
            line("draft", TierSource::Requested),
            "tier draft, from --quality; the document has preview"
        );
        let setting = TierSource::Setting("settings.yaml:3:5".to_owned());
        assert_eq!(
            line("preview", setting),
            "tier preview, from settings.yaml:3:5"
        );
        let document = TierSource::Document(FileSpan::default());
        assert_eq!(
            line("preview", document),
            "tier preview, from film/production.yaml:2:9"
        );
        assert_eq!(
            line("preview", TierSource::Default),
            "tier preview, the default"
        );
    }
}
