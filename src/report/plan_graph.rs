//! The graph of a plan for people and programs: nodes by phase, edges from what is needed to what
//! needs it; as Graphviz, Mermaid and data.
//!
//! A node is a job, or all jobs of one shot in one phase: a film has thousands of jobs, and nobody
//! reads a picture of them.

use crate::model::{Job, Phase};
use crate::plan::{Plan, needed_jobs};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most jobs that are drawn one by one, unless an option says so.
pub const MOST_SINGLE_JOBS: usize = 60;

/// The graph of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GraphFacts {
    /// Title of the production.
    pub production: String,
    /// Whether a node is all jobs of a shot in a phase.
    pub collapsed: bool,
    /// The nodes, by phase and then in document order.
    pub nodes: Vec<GraphNode>,
    /// The edges, in the order of the nodes.
    pub edges: Vec<GraphEdge>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GraphNode {
    /// The name of its job, or phase and shot.
    pub id: String,
    /// Its phase.
    pub phase: Phase,
    /// Its shot, if it has one.
    pub shot: Option<String>,
    /// Jobs of the node.
    pub jobs: usize,
    /// Those of them that will run.
    pub run: usize,
}

/// One edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GraphEdge {
    /// The node that is needed.
    pub from: String,
    /// The node that needs it.
    pub to: String,
}

impl GraphFacts {
    /// Returns the graph of the wanted jobs of a plan. `collapsed` is `None` for a choice by their
    /// number.
    #[must_use]
    pub fn from_plan(plan: &Plan, production: &str, collapsed: Option<bool>) -> Self {
        let wanted = || plan.jobs().filter(|(_, planned)| planned.wanted);
        let collapsed = collapsed.unwrap_or_else(|| wanted().count() > MOST_SINGLE_JOBS);
        let mut nodes: Vec<GraphNode> = Vec::new();
        // Nodes in the order of the plan, and found by their id: jobs of one node are not
        // neighbours.
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut edges = BTreeSet::new();
        for (_, planned) in wanted() {
            let id = node_id(&planned.job, collapsed);
            let place = *places.entry(id).or_insert_with_key(|id| {
                nodes.push(GraphNode {
                    id: id.clone(),
                    phase: planned.job.phase,
                    shot: planned.job.shot.clone(),
                    jobs: 0,
                    run: 0,
                });
                nodes.len() - 1
            });
            nodes[place].jobs += 1;
            nodes[place].run += usize::from(planned.reason.is_dirty());
        }
        for (_, planned) in wanted() {
            let to = node_id(&planned.job, collapsed);
            for need in needed_jobs(&planned.job) {
                let need = plan.job(need);
                let from = node_id(&need.job, collapsed);
                // What a pinned job needs may be no part of the run.
                if need.wanted && from != to {
                    edges.insert((places[&from], places[&to]));
                }
            }
        }
        let edges = edges.into_iter().map(|(from, to)| GraphEdge {
            from: nodes[from].id.clone(),
            to: nodes[to].id.clone(),
        });
        Self {
            production: production.to_owned(),
            collapsed,
            edges: edges.collect(),
            nodes: by_phase(nodes),
        }
    }

    /// Returns the graph in the language of Graphviz, a cluster for each phase.
    #[must_use]
    pub fn to_dot(&self) -> String {
        let mut text = format!(
            "digraph {} {{\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n",
            dot_quoted(&self.production)
        );
        for (phase, nodes) in self.clusters() {
            let name = phase.name();
            text += &format!(
                "  subgraph cluster_{name} {{\n    label={};\n",
                dot_quoted(name)
            );
            for node in nodes {
                // What is made already is drawn grey.
                let style = if node.run == 0 {
                    ", color=gray, fontcolor=gray"
                } else {
                    ""
                };
                text += &format!(
                    "    {} [label={}{style}];\n",
                    dot_quoted(&node.id),
                    dot_quoted(&node.label())
                );
            }
            text += "  }\n";
        }
        for edge in &self.edges {
            text += &format!(
                "  {} -> {};\n",
                dot_quoted(&edge.from),
                dot_quoted(&edge.to)
            );
        }
        text + "}\n"
    }

    /// Returns the graph as a flowchart of Mermaid, a subgraph for each phase.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        // Ids of Mermaid are words without punctuation, and `end` is a keyword: numbers are safe.
        let numbers: HashMap<&str, usize> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(number, node)| (node.id.as_str(), number))
            .collect();
        let mut text = "flowchart LR\n  classDef made stroke:#aaa,color:#aaa\n".to_owned();
        for (phase, nodes) in self.clusters() {
            text += &format!("  subgraph {}\n", phase.name());
            for node in nodes {
                let class = if node.run == 0 { ":::made" } else { "" };
                let number = numbers[node.id.as_str()];
                let label = mermaid_escaped(&node.label());
                text += &format!("    n{number}[\"{label}\"]{class}\n");
            }
            text += "  end\n";
        }
        for edge in &self.edges {
            let from = numbers[edge.from.as_str()];
            let to = numbers[edge.to.as_str()];
            text += &format!("  n{from} --> n{to}\n");
        }
        text
    }

    fn clusters(&self) -> BTreeMap<Phase, Vec<&GraphNode>> {
        let mut clusters: BTreeMap<Phase, Vec<&GraphNode>> = BTreeMap::new();
        for node in &self.nodes {
            clusters.entry(node.phase).or_default().push(node);
        }
        clusters
    }
}

impl GraphNode {
    fn label(&self) -> String {
        if self.jobs == 1 {
            self.id.clone()
        } else {
            format!("{} ({} jobs)", self.id, self.jobs)
        }
    }
}

/// Returns the node of a job: its name, or its phase with its shot. Jobs of no shot are one node
/// for each kind of work.
fn node_id(job: &Job, collapsed: bool) -> String {
    match (collapsed, &job.shot) {
        (false, _) => job.name.to_string(),
        (true, Some(shot)) => format!("{}/{shot}", job.phase.name()),
        (true, None) => job.work.kind().to_string(),
    }
}

/// Returns the nodes by phase, each phase in the order that they had.
fn by_phase(mut nodes: Vec<GraphNode>) -> Vec<GraphNode> {
    nodes.sort_by_key(|node| node.phase);
    nodes
}

/// Returns a string of Graphviz.
fn dot_quoted(text: &str) -> String {
    // The backslash first, or those of the quotes would be doubled.
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace(['\n', '\r'], " "))
}

/// Returns the text of a label of Mermaid, which reads entities with `#` in place of `&`.
fn mermaid_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' => {
                escaped += &format!("#{};", u32::from(c));
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    fn graph(collapsed: bool) -> GraphFacts {
        GraphFacts::from_plan(
            &test_plan::sample_plan(),
            "The \"Last\" Tape",
            Some(collapsed),
        )
    }

    #[test]
    fn every_job_and_every_need_is_in_the_graph() {
        let plan = test_plan::sample_plan();
        let facts = graph(false);
        assert_eq!(facts.nodes.len(), plan.len());
        let needs: usize = plan
            .jobs()
            .map(|(_, planned)| needed_jobs(&planned.job).len())
            .sum();
        assert_eq!(facts.edges.len(), needs);
        assert!(facts.nodes.is_sorted_by_key(|node| node.phase));
    }

    #[test]
    fn a_collapsed_graph_has_a_node_for_each_shot_and_phase() {
        let facts = graph(true);
        let ids: BTreeSet<&str> = facts.nodes.iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids.len(), facts.nodes.len());
        assert!(
            ids.contains("shots/sh010") && ids.contains("asset.import"),
            "{ids:?}"
        );
        let jobs: usize = facts.nodes.iter().map(|node| node.jobs).sum();
        assert_eq!(jobs, test_plan::sample_plan().len());
        assert!(facts.edges.iter().all(|edge| edge.from != edge.to));
    }

    #[test]
    fn a_graph_for_graphviz_is_stable() {
        insta::assert_snapshot!(graph(true).to_dot());
    }

    #[test]
    fn a_graph_for_mermaid_is_stable() {
        insta::assert_snapshot!(graph(true).to_mermaid());
    }

    #[test]
    fn a_name_cannot_leave_its_label() {
        assert_eq!(dot_quoted("a\"; b\\\n"), "\"a\\\"; b\\\\ \"");
        assert_eq!(mermaid_escaped("a\"]<b>"), "a#34;]#60;b#62;");
    }
}
