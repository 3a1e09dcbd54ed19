//! Diagnostics as workflow commands, which GitHub shows beside the changed lines.
//!
//! The runner reads `::error file=..,line=..,title=..::message`. It allows columns on one line
//! only, so a range over several lines has none.

use super::counts::{hidden_note, shown_diagnostics};
use super::message_text::escape_unprintable;
use super::region::{SourceRegion, strip_current_dir};
use crate::base::{Diagnostic, Diagnostics, Severity, SourceMap};

/// Returns a workflow command for each of the first `limit` diagnostics, and a notice that counts
/// the rest.
#[must_use]
pub fn github_commands(diagnostics: &Diagnostics, sources: &SourceMap, limit: usize) -> String {
    let commands = shown_diagnostics(diagnostics, limit)
        .iter()
        .map(|diagnostic| workflow_command(diagnostic, sources));
    let rest =
        hidden_note(diagnostics, limit).map(|more| format!("::notice::{}\n", escape_data(&more)));
    commands.chain(rest).collect()
}

fn workflow_command(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let place = SourceRegion::from_origin(diagnostic.origin, sources)
        .map(|region| place_properties(&region))
        .unwrap_or_default();
    let help = diagnostic
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    // The help is part of the message, because an annotation has no other field for it.
    let message = escape_unprintable(&format!("{}{help}", diagnostic.message));
    format!(
        "::{name} {place}title={}::{}\n",
        escape_property(diagnostic.code),
        escape_data(&message)
    )
}

fn place_properties(region: &SourceRegion) -> String {
    let SourceRegion {
        file,
        line,
        column,
        end_line,
        end_column,
    } = region;
    let file = escape_property(&escape_unprintable(strip_current_dir(file)));
    let columns = if line == end_line {
        format!("col={column},endColumn={end_column},")
    } else {
        String::new()
    };
    format!("file={file},line={line},endLine={end_line},{columns}")
}

/// Escapes the characters that end a command.
fn escape_data(text: &str) -> String {
    // The percent sign comes first, or it would escape the escapes.
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the characters that end a command or a property.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;

    fn written(path: &str, text: &str, found: impl Fn(FileSpan) -> Diagnostic) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add_file(path, text);
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(found(FileSpan::new(
            file,
            0,
            u32::try_from(text.trim_end().len()).unwrap(),
        )));
        github_commands(&diagnostics, &sources, 0)
    }

    #[test]
    fn characters_that_end_a_command_or_a_property_are_escaped() {
        let command = written("./a,b:c%.yaml", "é: 1\n", |origin| {
            Diagnostic::warning("production::test::w", origin, "100%: a, b")
                .with_help("first\nsecond")
        });
        assert_eq!(
            command,
            "::warning file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=5,\
             title=production%3A%3Atest%3A%3Aw::100%25: a, b%0Afirst%0Asecond\n"
        );
    }

    #[test]
    fn a_range_over_several_lines_has_no_columns() {
        let command = written("p.yaml", "a: |\n  b\n", |origin| {
            Diagnostic::info("production::test::i", origin, "long\r")
        });
        let title = "title=production%3A%3Atest%3A%3Ai";
        assert_eq!(
            command,
            format!("::notice file=p.yaml,line=1,endLine=2,{title}::long\\r\n")
        );
    }
}
