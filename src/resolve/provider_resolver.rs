//! Resolves a command provider from its preset. Placeholders, patterns and amounts are checked at
//! their place in the preset file.

use super::context::ResolveContext;
use crate::base::paths::MAX_NAME_BYTES;
use crate::base::signal_names::signal_number;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostics, FileSpan, Spanned};
use crate::document::RawScalar;
use crate::document::draft::{FailuresDraft, PriceDraft, ProviderDraft};
use crate::document::quote::quote_value;
use crate::library::Library;
use crate::model::frame_padding::FramePadding;
use crate::model::placeholder::{PLACEHOLDER_NAMES, TemplatePiece, parse_pieces};
use crate::model::provider::{ProviderFailure, SCENE_FILE};
use crate::model::{Provider, ProviderPrice, value_ranges};
use std::collections::BTreeMap;

/// Returns the provider of a preset. `None`: it has errors, which were reported. `named` is the
/// place where the document names it.
pub(super) fn resolve_provider(
    context: &mut ResolveContext<'_>,
    named: &Spanned<String>,
    draft: &ProviderDraft,
) -> Option<Provider> {
    // Files come first, because the words of the command may refer to them as `{file.NAME}`.
    let files: BTreeMap<String, _> = named_texts(draft.files.as_ref())
        .map(|(n, t)| (n, t.value.into()))
        .collect();
    let mut reader = ProviderReader {
        context,
        files: files.keys().cloned().collect(),
        is_valid: true,
    };
    let (command, output) = reader.read_command(named, draft);
    let writes = reader.read_writes(draft);
    let set = reader.read_templates(named_texts(draft.set.as_ref()));
    let version_line = draft.version_line.as_ref();
    let version_line = version_line.and_then(|text| reader.read_pattern(text));
    let progress = draft.progress.as_ref();
    let progress = progress.and_then(|text| reader.read_pattern(text));
    let warnings = reader.read_patterns(draft.warnings.as_deref());
    let success = reader.read_success(draft.success.as_deref());
    let failures = reader.read_failures(draft.failures.clone().unwrap_or_default());
    let price = draft
        .price
        .as_ref()
        .and_then(|price| reader.read_price(named, price));
    // A provider with a mistake is not used in part: a pattern that is left out would turn a
    // licence shortage into a crash.
    if !reader.is_valid {
        return None;
    }
    Some(Provider {
        name: named.value.clone(),
        command,
        shell: is_shell_command(draft),
        per: draft.per.map(|per| per.value).unwrap_or_default(),
        output: output?,
        files,
        writes,
        version: plain_texts(draft.version.as_ref()),
        version_line,
        env: plain_texts(draft.env.as_ref()),
        env_ignored: plain_texts(draft.env_ignored.as_ref()),
        set,
        success: success.codes,
        success_signals: success.signals,
        trust_exit_code: draft.trust_exit_code.is_some_and(|trust| trust.value),
        progress,
        warnings,
        failures,
        cores: draft.cores.map(|cores| to_thousandths(cores.value)),
        tokens: token_amounts(draft),
        description: None,
        references: draft.references.is_some_and(|draws| draws.value),
        // A price is not part of the job's digest, so a new price renders nothing again.
        price,
    })
}

/// Returns every command provider of the library with its name. `None` in place of one whose preset
/// has errors, which are reported.
pub fn resolve_providers(
    library: &Library,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, Option<Provider>)> {
    let context = &mut ResolveContext::new(library, diagnostics);
    let named = library
        .providers
        .preset_names()
        .filter_map(|name| Some((name, library.providers.get(name)?)));
    named
        .map(|(name, draft)| {
            // No document names the provider here, so errors without a place point at its command.
            let place = draft
                .command
                .as_ref()
                .and_then(|words| words.first())
                .map(|word| word.origin);
            let named = Spanned::new(name.to_owned(), place.unwrap_or_default());
            (name.to_owned(), resolve_provider(context, &named, draft))
        })
        .collect()
}

fn plain_texts(list: Option<&Vec<Spanned<String>>>) -> Vec<String> {
    list.into_iter()
        .flatten()
        .map(|text| text.value.clone())
        .collect()
}

fn named_texts(
    entries: Option<&crate::document::OrderedMap<Spanned<String>>>,
) -> impl Iterator<Item = (String, Spanned<String>)> {
    entries
        .into_iter()
        .flat_map(|entries| &entries.0)
        .map(|(name, text)| (name.value.clone(), text.clone()))
}

fn is_shell_command(draft: &ProviderDraft) -> bool {
    draft.shell.as_ref().is_some_and(|shell| shell.value)
}

/// Returns the tokens that a job claims, each in thousandths.
fn token_amounts(draft: &ProviderDraft) -> BTreeMap<String, u32> {
    draft
        .tokens
        .iter()
        .flat_map(|entries| &entries.0)
        .map(|(name, amount)| (name.value.clone(), to_thousandths(amount.value)))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped"
)]
// Claims are compared and summed many times. Integers in thousandths do that without rounding.
fn to_thousandths(amount: f32) -> u32 {
    (amount.clamp(0.0, 1e6) * 1000.0).round() as u32
}

/// The ends of a command that are no failure.
struct SuccessEndings {
    codes: Vec<i32>,
    signals: Vec<i32>,
}

/// Reads the fields of one provider and notes whether any was wrong.
struct ProviderReader<'d, 'a> {
    context: &'d mut ResolveContext<'a>,
    files: Vec<String>,
    is_valid: bool,
}

impl ProviderReader<'_, '_> {
    /// Returns the words of the command, and the output.
    fn read_command(
        &mut self,
        named: &Spanned<String>,
        draft: &ProviderDraft,
    ) -> (Vec<String>, Option<String>) {
        let words = draft.command.as_deref().unwrap_or_default();
        let command = self.read_words(words);
        // Without a shell, words are passed as they are, and a quote is an ordinary character.
        if is_shell_command(draft) {
            self.reject_quoted_placeholders(words);
        }
        let output = draft.output.as_ref().map(|output| self.read_output(output));
        // One error for both: they are written together, and each alone is useless.
        if command.is_empty() || output.is_none() {
            self.report_incomplete(named);
        }
        (command, output)
    }

    fn read_words(&mut self, words: &[Spanned<String>]) -> Vec<String> {
        words.iter().map(|word| self.read_template(word)).collect()
    }

    /// Reports placeholders inside quotes. Each value is already quoted for the shell, and a second
    /// pair of quotes would end the first.
    fn reject_quoted_placeholders(&mut self, words: &[Spanned<String>]) {
        // The state runs over all words, since the shell gets them as one line.
        let mut quoting = ShellQuoting::default();
        for word in words {
            for piece in parse_pieces(&word.value).into_iter().flatten() {
                match piece {
                    TemplatePiece::Text(text) => text.chars().for_each(|c| quoting.consume_char(c)),
                    TemplatePiece::Placeholder(name, _) if !quoting.is_unquoted() => {
                        let message =
                            format!("`{{{name}}}` is between quotes that the shell reads");
                        let help = "remove the quotes: the value is already quoted for the shell";
                        let code = "production::provider::bad_placeholder";
                        self.report_mistake(code, word.origin, message, help.to_owned());
                    }
                    TemplatePiece::Placeholder(..) => {}
                }
            }
            // The words are joined with spaces; a space also ends an escape.
            quoting.consume_char(' ');
        }
    }

    /// Returns the files that are written for a job, by name.
    fn read_writes(&mut self, draft: &ProviderDraft) -> BTreeMap<String, String> {
        for (name, _) in draft.writes.iter().flat_map(|entries| &entries.0) {
            self.check_written_name(name);
        }
        self.read_templates(named_texts(draft.writes.as_ref()))
    }

    fn read_templates(
        &mut self,
        texts: impl Iterator<Item = (String, Spanned<String>)>,
    ) -> BTreeMap<String, String> {
        texts
            .map(|(name, text)| (name, self.read_template(&text)))
            .collect()
    }

    /// Returns the text after a check of its placeholders.
    fn read_template(&mut self, text: &Spanned<String>) -> String {
        match parse_pieces(&text.value) {
            Err(place) => {
                let message = format!("{} has an unpaired brace", quote_value(&text.value));
                let help = format!(
                    "at character {}; for a brace itself, write it twice",
                    place.start + 1
                );
                self.report_mistake(
                    "production::provider::bad_placeholder",
                    text.origin,
                    message,
                    help,
                );
            }
            Ok(parsed) => {
                let names = parsed.iter().filter_map(|piece| match piece {
                    TemplatePiece::Placeholder(name, _) if !self.is_known_placeholder(name) => {
                        Some(*name)
                    }
                    _ => None,
                });
                for name in names.collect::<Vec<_>>() {
                    let near = self.context.allowance.search(|| {
                        let files = self.files.iter().map(|file| format!("file.{file}"));
                        let files: Vec<String> = files.collect();
                        let files = files.iter().map(String::as_str);
                        did_you_mean(name, PLACEHOLDER_NAMES.iter().copied().chain(files))
                    });
                    let message = format!("unknown placeholder `{{{name}}}`");
                    let help = near
                        .unwrap_or_else(|| "docs/renderers.md lists the placeholders".to_owned());
                    self.report_mistake(
                        "production::provider::bad_placeholder",
                        text.origin,
                        message,
                        help,
                    );
                }
            }
        }
        text.value.clone()
    }

    fn is_known_placeholder(&self, name: &str) -> bool {
        let file = name.strip_prefix("file.");
        PLACEHOLDER_NAMES.contains(&name)
            // The inputs of a job are known only when it is planned, so any name is accepted here.
            || name.starts_with("input.")
            || file.is_some_and(|file| self.files.iter().any(|known| known == file))
    }

    fn read_output(&mut self, output: &Spanned<String>) -> String {
        // Each job runs in a folder of its own and collects its files there. A folder in the name
        // could lead out of it.
        let has_folder = output.value.contains(['/', '\\']);
        let padding = FramePadding::find_last(&output.value);
        let length = padding.map_or(0, |padding| padding.longest_name(&output.value));
        if length > MAX_NAME_BYTES || output.value.chars().any(char::is_control) {
            let message = format!(
                "{} gives names that no file system can take",
                quote_value(&output.value)
            );
            let help = format!(
                "write a name of at most {MAX_NAME_BYTES} bytes, its frame number included, such as `frame.####.exr`"
            );
            self.report_mistake(
                "production::provider::bad_output",
                output.origin,
                message,
                help,
            );
        } else if FramePadding::find_last(&output.value).is_none() || has_folder {
            let message = format!(
                "{} is not a file name with a frame number",
                quote_value(&output.value)
            );
            let help = "write a plain file name with `####`, such as `frame.####.exr`".to_owned();
            self.report_mistake(
                "production::provider::bad_output",
                output.origin,
                message,
                help,
            );
        }
        output.value.clone()
    }

    /// Reports a name under `writes` that is not one file in the job's own folder.
    fn check_written_name(&mut self, name: &Spanned<String>) {
        let text = name.value.as_str();
        let is_plain = !text.trim().is_empty()
            && !text.contains(['/', '\\', ':'])
            && !text.chars().any(char::is_control)
            && !matches!(text, "." | "..");
        // The scene is written there too, and one of the two would be lost.
        if is_plain && text != SCENE_FILE {
            return;
        }
        let message = format!("{} is not a file name of its own", quote_value(text));
        let help = format!(
            "write a plain file name without folders, such as `camera.inc`, and not `{SCENE_FILE}`"
        );
        let code = "production::provider::bad_written_name";
        self.report_mistake(code, name.origin, message, help);
    }

    /// Returns the exit codes and signals that mean success.
    fn read_success(&mut self, endings: Option<&[RawScalar]>) -> SuccessEndings {
        let mut success = SuccessEndings {
            codes: Vec::new(),
            signals: Vec::new(),
        };
        let Some(endings) = endings else {
            success.codes.push(0);
            return success;
        };
        for ending in endings.iter().filter(|ending| !ending.is_placeholder) {
            let text = ending.value.trim();
            match (text.parse::<i32>(), signal_number(text)) {
                // Python and its farms write the signal that ended a process as a negative code.
                (Ok(code), _) if (-64..0).contains(&code) => success.signals.push(-code),
                (Ok(code), _) => success.codes.push(code),
                (Err(_), Some(signal)) => success.signals.push(signal),
                (Err(_), None) => {
                    let message = format!("{} is no exit code and no signal", quote_value(text));
                    let help = "write a number, such as `3`, or a signal, such as `SIGSEGV`";
                    let code = "production::provider::bad_success";
                    self.report_mistake(code, ending.origin, message, help.to_owned());
                }
            }
        }
        success
    }

    fn read_pattern(&mut self, text: &Spanned<String>) -> Option<String> {
        match regex::Regex::new(&text.value) {
            Ok(_) => Some(text.value.clone()),
            Err(error) => {
                // The last line of a regex error is the reason. The lines before it draw the
                // pattern with a caret, which our own report does.
                let reason = error.to_string();
                let reason = reason
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ")
                    .to_owned();
                let message = format!("{} is not a regular expression", quote_value(&text.value));
                self.report_mistake(
                    "production::provider::bad_pattern",
                    text.origin,
                    message,
                    reason,
                );
                None
            }
        }
    }

    fn read_patterns(&mut self, list: Option<&[Spanned<String>]>) -> Vec<String> {
        list.into_iter()
            .flatten()
            // All patterns are read even if one fails, so that one run reports every mistake.
            .filter_map(|text| self.read_pattern(text))
            .collect()
    }

    fn read_failures(&mut self, draft: FailuresDraft) -> BTreeMap<ProviderFailure, Vec<String>> {
        let causes = [
            (ProviderFailure::Licence, draft.licence),
            (ProviderFailure::OutOfMemory, draft.out_of_memory),
            (ProviderFailure::MissingInput, draft.missing_input),
            (ProviderFailure::MissingTool, draft.missing_tool),
            (ProviderFailure::Crash, draft.crash),
        ];
        causes
            .into_iter()
            .filter_map(|(cause, list)| Some((cause, self.read_patterns(Some(&list?)))))
            .collect()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in its range"
    )]
    fn read_price(&mut self, named: &Spanned<String>, draft: &PriceDraft) -> Option<ProviderPrice> {
        let (Some(amount), Some(currency)) = (&draft.amount, &draft.currency) else {
            let message = format!(
                "the price of {} lacks `amount` or `currency`",
                quote_value(&named.value)
            );
            let help = "write both, such as `{amount: 0.04, currency: EUR, per: frame}`".to_owned();
            self.report_mistake(
                "production::provider::bad_price",
                named.origin,
                message,
                help,
            );
            return None;
        };
        // The form is checked, not the list of ISO 4217: new codes must not need a new version.
        if !(currency.value.len() == 3
            && currency.value.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            let message = format!("{} is not a currency", quote_value(&currency.value));
            let help = "write the three capital letters of ISO 4217, such as `EUR`".to_owned();
            self.report_mistake(
                "production::provider::bad_price",
                currency.origin,
                message,
                help,
            );
            return None;
        }
        let Some(amount) = self.context.in_range("amount", amount, value_ranges::PRICE) else {
            self.is_valid = false;
            return None;
        };
        // The amount goes through its decimal digits: the f32 for 1234.56 is 1234.56006, and
        // the excess would show in millionths.
        let digits = amount.to_string();
        let amount: f64 = digits.parse().expect("the digits of a number are a number");
        // Millionths of the unit, so that sums over many frames are exact.
        let amount = (amount * 1e6).round() as u64;
        let currency = currency.value.clone();
        Some(ProviderPrice {
            amount,
            currency,
            per: draft.per.map(|per| per.value).unwrap_or_default(),
        })
    }

    fn report_incomplete(&mut self, named: &Spanned<String>) {
        let message = format!(
            "the provider {} lacks `command` or `output`",
            quote_value(&named.value)
        );
        let help =
            "write both: `command` starts the program, `output` names its pictures".to_owned();
        self.report_mistake(
            "production::provider::incomplete",
            named.origin,
            message,
            help,
        );
    }

    // Every report makes the provider invalid; no caller can forget it.
    fn report_mistake(
        &mut self,
        code: crate::base::DiagnosticCode,
        origin: FileSpan,
        message: String,
        help: String,
    ) {
        self.is_valid = false;
        self.context.report_error(code, origin, message, Some(help));
    }
}

/// The quoting state of a POSIX shell after some characters.
#[derive(Debug, Default)]
struct ShellQuoting {
    quote: Option<char>,
    escaped: bool,
}

impl ShellQuoting {
    const fn is_unquoted(&self) -> bool {
        self.quote.is_none() && !self.escaped
    }

    fn consume_char(&mut self, c: char) {
        match (self.quote, c) {
            // An escaped character is never special.
            _ if self.escaped => self.escaped = false,
            // Between single quotes a backslash is an ordinary character.
            (None | Some('"'), '\\') => self.escaped = true,
            (None, '\'' | '"') => self.quote = Some(c),
            (Some(quote), c) if quote == c => self.quote = None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::SourceMap;
    use crate::library::Library;
    use crate::project::{ProjectOptions, open};
    use std::path::Path;

    /// Resolves a production whose engine is `sketch`, with `provider` as its preset.
    fn found(provider: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(
            folder.path().join("presets/providers.yaml"),
            format!("sketch: {provider}\n"),
        )
        .unwrap();
        let document = "production:\n  title: T\n  render_settings: {engine: sketch}\n";
        std::fs::write(folder.path().join("production.yaml"), document).unwrap();
        let opened = open(folder.path(), &ProjectOptions::default()).unwrap();
        let ours = opened
            .diagnostics
            .as_slice()
            .iter()
            .filter(|found| found.code.contains("::provider::"));
        let lines = ours.map(|found| {
            let written = opened.sources.span_text(found.origin);
            format!(
                "{} | {written} | {}",
                found.message,
                found.help.clone().unwrap_or_default()
            )
        });
        lines.collect()
    }

    #[test]
    fn every_mistake_is_reported_at_its_words() {
        let lines = found(
            "{command: [sketch, '{frme}', '{file.scen}', 'a}'], output: frame.exr, files: {scene: s.x}, \
             progress: '(', failures: {licence: ['[']}}",
        );
        insta::assert_snapshot!(lines.join("\n"));
        assert_eq!(found("{command: [sketch]}").len(), 1);
    }

    #[test]
    fn files_are_written_only_into_the_folder_of_the_job() {
        let sketch = |name: &str| {
            found(&format!(
                "{{command: [sketch], output: f.####.png, writes: {{\"{name}\": x}}}}"
            ))
        };
        for name in [
            "../camera.inc",
            "a/b",
            "a\\\\b",
            "/tmp/x",
            "..",
            ".",
            "",
            " ",
            "C:x",
            "a\\nb",
            "scene.json",
        ] {
            let lines = sketch(name);
            assert!(
                lines.len() == 1 && lines[0].contains("file name"),
                "{name}: {lines:?}"
            );
        }
        for name in ["camera.inc", "..camera", "with space.txt", "é"] {
            assert_eq!(sketch(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn success_names_codes_and_signals() {
        let sketch = |success: &str| {
            found(&format!(
                "{{command: [sketch], output: f.####.png, success: {success}}}"
            ))
        };
        assert_eq!(sketch("[0, 3, SIGSEGV, abrt, -11]"), [""; 0]);
        assert_eq!(
            sketch("[crash, 1.5]"),
            [
                "`crash` is no exit code and no signal | crash | write a number, such as `3`, or a signal, such as `SIGSEGV`",
                "`1.5` is no exit code and no signal | 1.5 | write a number, such as `3`, or a signal, such as `SIGSEGV`",
            ]
        );
    }

    #[test]
    fn a_placeholder_between_quotes_that_a_shell_reads_is_refused() {
        let refused = |words: &str| {
            found(&format!(
                "{{shell: true, output: f.####.png, command: [{words}]}}"
            ))
            .len()
        };
        assert_eq!(
            refused(r#"sketch, '{output}', '"a text"', '>', '{scratch}/log'"#),
            0
        );
        assert_eq!(refused(r#"sketch, '"{output}"'"#), 1);
        assert_eq!(
            refused(r#"sketch, "it's", '{output}'"#),
            1,
            "an apostrophe opens quotes"
        );
        assert_eq!(refused(r"sketch, '\{output}'"), 1);
        assert_eq!(refused(r"sketch, '\\{output}'"), 0);
    }

    #[test]
    fn a_price_has_an_amount_and_a_currency() {
        let sketch = |price: &str| {
            found(&format!(
                "{{command: [sketch, '{{output}}'], output: f.####.exr, price: {price}}}"
            ))
        };
        assert_eq!(sketch("{amount: 0.04, currency: EUR, per: hour}"), [""; 0]);
        let lines = [
            sketch("{amount: 0.04}"),
            sketch("{amount: 0.04, currency: euros}"),
        ]
        .concat();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn every_built_in_provider_can_be_named() {
        let library = Library::read(
            Path::new("no-such-folder"),
            &mut SourceMap::default(),
            &mut Default::default(),
        );
        for name in library.providers.preset_names() {
            let found = &mut Default::default();
            let desk = &mut super::ResolveContext::new(&library, found);
            let named = crate::base::Spanned::new(name.to_owned(), Default::default());
            let provider =
                super::resolve_provider(desk, &named, library.providers.get(name).unwrap());
            assert!(provider.is_some() && found.is_empty(), "{name}: {found:?}");
        }
    }
}
