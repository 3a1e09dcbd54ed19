//! How results are printed.

use clap::ValueEnum;

/// How to print results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ResultFormat {
    /// For people.
    Text,
    /// One line for each thing, without drawings.
    Short,
    /// One JSON object for machines.
    Json,
}

/// How to print findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FindingFormat {
    /// Source lines with the mistake underlined.
    Text,
    /// One `file:line:column: severity[code]: message` line each.
    Short,
    /// One JSON object for machines.
    Json,
    /// GitHub workflow commands, which GitHub shows beside the changed lines.
    Github,
    /// A SARIF 2.1.0 log for code scanning.
    Sarif,
    /// JUnit XML for continuous integration.
    Junit,
}

/// How to print pages of explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PageFormat {
    /// For people.
    Text,
    /// One JSON object for machines.
    Json,
    /// For documentation.
    Markdown,
}

/// How to print metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum MetricsFormat {
    /// For people.
    Text,
    /// One JSON object for machines.
    Json,
    /// The text format that Prometheus reads.
    Prometheus,
}
