//! A renderer that is a command, from its preset: words with placeholders, patterns, amounts, each proven where it is
//! written.

use super::desk::Desk;
use crate::base::{Origin, Spanned};
use crate::document::draft::{FailuresDraft, ProviderDraft};
use crate::document::quote::quoted;
use crate::model::Provider;
use crate::model::padding::Padding;
use crate::model::placeholder::{NAMES, Piece, pieces};
use crate::model::provider::Cause;
use std::collections::BTreeMap;

/// Returns the renderer that this preset describes; what is wrong with it is reported, and `named` is where the document
/// asks for it.
pub(super) fn provider(
    desk: &mut Desk<'_>,
    named: &Spanned<String>,
    draft: &ProviderDraft,
) -> Option<Provider> {
    let files: BTreeMap<String, _> = texts(draft.files.as_ref()).map(|(n, t)| (n, t.value.into())).collect();
    let mut reader = Reader { desk, files: files.keys().cloned().collect(), sound: true };
    let command = reader.words(draft.command.as_deref().unwrap_or_default());
    let output = draft.output.as_ref().map(|output| reader.output(output));
    if command.is_empty() || output.is_none() {
        reader.incomplete(named);
    }
    let writes = reader.templates(texts(draft.writes.as_ref()));
    let set = reader.templates(texts(draft.set.as_ref()));
    let version_line = draft.version_line.as_ref().and_then(|text| reader.pattern(text));
    let progress = draft.progress.iter().filter_map(|text| reader.pattern(text)).next();
    let warnings = reader.patterns(draft.warnings.as_deref());
    let failures = reader.failures(draft.failures.clone().unwrap_or_default());
    if !reader.sound {
        return None;
    }
    Some(Provider {
        name: named.value.clone(),
        command,
        shell: draft.shell.is_some_and(|shell| shell.value),
        per: draft.per.map(|per| per.value).unwrap_or_default(),
        output: output?,
        files,
        writes,
        version: plain(draft.version.as_ref()),
        version_line,
        env: plain(draft.env.as_ref()),
        set,
        success: draft
            .success
            .as_ref()
            .map_or(vec![0], |codes| codes.iter().map(|code| code.value).collect()),
        progress,
        warnings,
        failures,
        cores: draft.cores.map(|cores| thousandths(cores.value)),
        tokens: draft
            .tokens
            .iter()
            .flat_map(|all| &all.0)
            .map(|(name, n)| (name.value.clone(), thousandths(n.value)))
            .collect(),
    })
}

fn plain(list: Option<&Vec<Spanned<String>>>) -> Vec<String> {
    list.into_iter().flatten().map(|text| text.value.clone()).collect()
}

fn texts(
    entries: Option<&crate::document::Entries<Spanned<String>>>,
) -> impl Iterator<Item = (String, Spanned<String>)> {
    entries.into_iter().flat_map(|all| &all.0).map(|(name, text)| (name.value.clone(), text.clone()))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn thousandths(amount: f32) -> u32 {
    (amount.clamp(0.0, 1e6) * 1000.0).round() as u32
}

/// Reads the parts of one provider.
struct Reader<'d, 'a> {
    desk: &'d mut Desk<'a>,
    files: Vec<String>,
    sound: bool,
}

impl Reader<'_, '_> {
    fn words(&mut self, words: &[Spanned<String>]) -> Vec<String> {
        words.iter().map(|word| self.template(word)).collect()
    }

    fn templates(
        &mut self,
        texts: impl Iterator<Item = (String, Spanned<String>)>,
    ) -> BTreeMap<String, String> {
        texts.map(|(name, text)| (name, self.template(&text))).collect()
    }

    /// Returns the text, after looking at its placeholders.
    fn template(&mut self, text: &Spanned<String>) -> String {
        match pieces(&text.value) {
            Err(place) => {
                let message = format!("{} has a brace without its partner", quoted(&text.value));
                let help = format!("at character {}; a brace itself is written twice", place.start + 1);
                self.report("production::provider::bad_placeholder", text.origin, message, help);
            }
            Ok(found) => {
                let names = found.iter().filter_map(|piece| match piece {
                    Piece::Placeholder(name, _) if !self.knows(name) => Some(*name),
                    _ => None,
                });
                for name in names.collect::<Vec<_>>() {
                    let files = self.files.iter().map(|file| format!("file.{file}")).collect::<Vec<_>>();
                    let known = NAMES.iter().copied().chain(files.iter().map(String::as_str));
                    let near = crate::base::nearest::did_you_mean(name, known);
                    let message = format!("there is nothing called `{{{name}}}`");
                    let help = near.unwrap_or_else(|| "docs/renderers.md lists the placeholders".to_owned());
                    self.report("production::provider::bad_placeholder", text.origin, message, help);
                }
            }
        }
        text.value.clone()
    }

    fn knows(&self, name: &str) -> bool {
        let file = name.strip_prefix("file.");
        NAMES.contains(&name)
            || name.starts_with("input.")
            || file.is_some_and(|file| self.files.iter().any(|known| known == file))
    }

    fn output(&mut self, output: &Spanned<String>) -> String {
        let leaves = output.value.contains(['/', '\\']);
        if Padding::find(&output.value).is_none() || leaves {
            let message =
                format!("{} is not the name of a file with a place for the frame", quoted(&output.value));
            let help = "write a name without folders, such as `frame.####.exr`".to_owned();
            self.report("production::provider::bad_output", output.origin, message, help);
        }
        output.value.clone()
    }

    fn pattern(&mut self, text: &Spanned<String>) -> Option<String> {
        match regex::Regex::new(&text.value) {
            Ok(_) => Some(text.value.clone()),
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let message = format!("{} is not a regular expression", quoted(&text.value));
                self.report("production::provider::bad_pattern", text.origin, message, why);
                None
            }
        }
    }

    fn patterns(&mut self, list: Option<&[Spanned<String>]>) -> Vec<String> {
        list.into_iter().flatten().filter_map(|text| self.pattern(text)).collect()
    }

    fn failures(&mut self, draft: FailuresDraft) -> BTreeMap<Cause, Vec<String>> {
        let all = [
            (Cause::Licence, draft.licence),
            (Cause::OutOfMemory, draft.out_of_memory),
            (Cause::MissingInput, draft.missing_input),
            (Cause::MissingTool, draft.missing_tool),
            (Cause::Crash, draft.crash),
        ];
        all.into_iter().filter_map(|(cause, list)| Some((cause, self.patterns(Some(&list?))))).collect()
    }

    fn incomplete(&mut self, named: &Spanned<String>) {
        let message = format!("the provider {} says no `command`, or no `output`", quoted(&named.value));
        let help = "both are needed: how it is called, and where its pictures are".to_owned();
        self.report("production::provider::incomplete", named.origin, message, help);
    }

    fn report(&mut self, code: crate::base::Code, origin: Origin, message: String, help: String) {
        self.sound = false;
        self.desk.error(code, origin, message, Some(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Sources;
    use crate::library::Library;
    use crate::project::{Options, open};
    use std::path::Path;

    /// Opens a production whose engine is `sketch`, with this as its provider, and returns what was found.
    fn found(provider: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(folder.path().join("presets/providers.yaml"), format!("sketch: {provider}\n"))
            .unwrap();
        let document = "production:\n  title: T\n  render_settings: {engine: sketch}\n";
        std::fs::write(folder.path().join("production.yaml"), document).unwrap();
        let opened = open(folder.path(), &Options::default()).unwrap();
        let ours = opened.found.as_slice().iter().filter(|found| found.code.contains("::provider::"));
        let told = ours.map(|found| {
            let written = opened.sources.text(found.origin);
            format!("{} | {written} | {}", found.message, found.help.clone().unwrap_or_default())
        });
        told.collect()
    }

    #[test]
    fn every_mistake_is_told_under_the_words_that_make_it() {
        let told = found(
            "{command: [sketch, '{frme}', '{file.scen}', 'a}'], output: frame.exr, files: {scene: s.x}, \
             progress: '(', failures: {licence: ['[']}}",
        );
        insta::assert_snapshot!(told.join("\n"));
        assert_eq!(found("{command: [sketch]}").len(), 1);
    }

    #[test]
    fn every_built_in_provider_can_be_named() {
        let library =
            Library::read(Path::new("no-such-folder"), &mut Sources::default(), &mut Default::default());
        for name in library.providers.names() {
            let found = &mut Default::default();
            let desk = &mut super::Desk::new(&library, found);
            let named = crate::base::Spanned::new(name.to_owned(), Default::default());
            let provider = super::provider(desk, &named, library.providers.get(name).unwrap());
            assert!(provider.is_some() && found.is_empty(), "{name}: {found:?}");
        }
    }
}
