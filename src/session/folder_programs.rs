//! The programs that the folder of a production brings: its providers, the shell lines of its
//! farms, its hooks, and folders in it that are on the search path. Commands that only look start
//! none of them.
//!
//! Programs of the machine, such as ffmpeg or Blender, and the providers of the built-in library
//! are not among them: an administrator installed those, and the folder has no say in it.

use super::loaded_library::LoadedLibrary;
use super::program_files::ProgramFiles;
use crate::base::bounded_text::read_bounded;
use crate::base::printable::flatten_escaped;
use crate::base::{Diagnostics, Digest, SourceMap, Spanned, split_search_path};
use crate::library::PresetInfo;
use crate::model::sound::SpeechCommand;
use crate::model::{Engine, Job, JobAction};
use crate::process::SecretRedactor;
use crate::project::{HOOKS_FILE, HookAction, RunHooks};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

/// Preset files that can name programs.
const PROGRAM_FILES: [&str; 2] = ["providers.yaml", "farms.yaml"];
/// The file with options for the production of its folder. Its options may write files and start
/// programs, so trust in the folder covers it.
pub const FOLDER_SETTINGS: &str = "production.settings.yaml";
/// The largest settings file that is read.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;
/// Characters of a command line that are shown.
const MOST_SHOWN: usize = 100;

/// What names a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramSource {
    /// The provider of this name.
    Provider(String),
    /// The farm of this name.
    Farm(String),
    /// A hook for this event.
    Hook(&'static str),
    /// A folder of the search path.
    SearchPath,
    /// The options in the settings of the folder.
    Settings,
}

/// A program that a folder brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderProgram {
    /// What names it.
    pub source: ProgramSource,
    /// What is started, on one line, with hidden characters escaped.
    pub command: String,
}

impl fmt::Display for FolderProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = &self.command;
        match &self.source {
            ProgramSource::Provider(name) => {
                write!(f, "provider `{}`: {command}", flatten_escaped(name))
            }
            ProgramSource::Farm(name) => write!(f, "farm `{}`: {command}", flatten_escaped(name)),
            ProgramSource::Hook(event) => write!(f, "hook `{event}`: {command}"),
            ProgramSource::SearchPath => write!(f, "PATH: every program in {command}"),
            ProgramSource::Settings => write!(f, "settings: every option in {command}"),
        }
    }
}

/// Every program that one folder brings.
#[derive(Debug, Clone)]
pub struct FolderPrograms {
    /// The folder, with links followed.
    pub folder: PathBuf,
    /// The programs: those of providers and farms by name, then folders of the search path.
    pub programs: Vec<FolderProgram>,
    /// The digest of what names the programs, and of those that are files of the folder.
    pub digest: Digest,
    providers: BTreeSet<String>,
    hooks: RunHooks,
    search_path: OsString,
}

impl FolderPrograms {
    /// Finds what `folder` brings. `search_path` is in the syntax of `PATH`.
    #[must_use]
    pub fn find(folder: &Path, search_path: &OsStr) -> Self {
        // By the real path: a link to the folder would otherwise look like another one that nobody
        // trusts.
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let (inside, search_path) = split_search_path(search_path, &folder);
        let mut found = ProgramFinder::new(&folder);
        // The presets are read only if there are any: most productions bring nothing, and to read
        // the library takes longer than to look for the files.
        if PROGRAM_FILES.iter().any(|name| found.has_preset_file(name)) {
            found.add_presets(&LoadedLibrary::read(&folder));
        }
        found.add_hooks();
        for path in inside.into_iter().filter(|path| path.is_dir()) {
            found.add_search_folder(&path);
        }
        if folder.join(FOLDER_SETTINGS).exists() {
            found.add_settings();
        }
        found.add_program_files();
        let digest = Digest::hash_bytes(&found.bytes);
        let ProgramFinder {
            programs,
            providers,
            hooks,
            ..
        } = found;
        Self {
            folder,
            programs,
            digest,
            providers,
            hooks,
            search_path,
        }
    }

    /// Returns them with the speech engines that the document of the folder names, in their digest
    /// too.
    // They come from outside: the document may be any file of the folder, and only the code that
    // opened it knows which of its engines speak.
    #[must_use]
    pub fn with_speech_commands<'c>(
        mut self,
        commands: impl IntoIterator<Item = &'c SpeechCommand>,
    ) -> Self {
        let by_name: BTreeMap<&str, &SpeechCommand> = commands
            .into_iter()
            .map(|command| (command.name.as_str(), command))
            .collect();
        if by_name.is_empty() {
            return self;
        }
        // A finder of its own, whose bytes are those of the additions.
        let mut found = ProgramFinder::new(&self.folder);
        // Over the digest so far, so that a change of either set of programs asks for trust again.
        found.add_field("others", self.digest.as_bytes());
        for (name, command) in by_name {
            found.add_speech_command(name, command);
        }
        found.add_program_files();
        let digest = Digest::hash_bytes(&found.bytes);
        self.digest = digest;
        self.providers.append(&mut found.providers);
        self.programs.append(&mut found.programs);
        self
    }

    /// Returns whether the folder brings no programs.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// Returns the names of its providers.
    #[must_use]
    pub const fn providers(&self) -> &BTreeSet<String> {
        &self.providers
    }

    /// Returns its hooks.
    #[must_use]
    pub const fn hooks(&self) -> &RunHooks {
        &self.hooks
    }

    /// Returns the search path without relative folders and folders of the production.
    #[must_use]
    pub fn outside_search_path(&self) -> &OsStr {
        &self.search_path
    }

    /// Returns those that are started when these jobs run, here or on `farm`.
    #[must_use]
    pub fn started_by(&self, jobs: &[Job], farm: Option<&str>) -> Vec<FolderProgram> {
        let renderers = jobs
            .iter()
            .filter_map(|job| job.work.engine())
            .filter(|engine| matches!(engine, Engine::Command(_)))
            .map(Engine::name);
        let speakers = speech_commands(jobs).map(|command| command.name.as_str());
        let engines: BTreeSet<&str> = renderers.chain(speakers).collect();
        let is_started = |program: &&FolderProgram| match &program.source {
            ProgramSource::Provider(name) => engines.contains(name.as_str()),
            ProgramSource::Farm(name) => farm == Some(name),
            // Any job may start a program by its name, and hooks follow every run.
            ProgramSource::Hook(_) | ProgramSource::SearchPath => true,
            // Options start nothing by themselves: what they name is among the others.
            ProgramSource::Settings => false,
        };
        self.programs.iter().filter(is_started).cloned().collect()
    }
}

/// Returns the speech engines of jobs that are commands, once for each line.
pub(super) fn speech_commands(jobs: &[Job]) -> impl Iterator<Item = &SpeechCommand> {
    jobs.iter().filter_map(|job| match &job.work {
        JobAction::Speech(work) => work.voice.engine.command(),
        _ => None,
    })
}

/// Returns a command line without the values of secret options: lists of programs are printed, and
/// stored with each run.
fn shown_command(words: &[String]) -> String {
    SecretRedactor::default().redact_arguments(words).join(" ")
}

/// Collects the programs of one folder, and the bytes of which the digest is made.
struct ProgramFinder<'a> {
    folder: &'a Path,
    programs: Vec<FolderProgram>,
    providers: BTreeSet<String>,
    /// The files of the folder that the programs consist of.
    files: ProgramFiles<'a>,
    hooks: RunHooks,
    bytes: Vec<u8>,
}

impl<'a> ProgramFinder<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            programs: Vec::new(),
            providers: BTreeSet::new(),
            files: ProgramFiles::new(folder),
            hooks: RunHooks::default(),
            bytes: Vec::new(),
        }
    }

    fn has_preset_file(&self, name: &str) -> bool {
        // A look at two names, and not at the library.
        self.folder.join("presets").join(name).exists()
    }

    fn add_presets(&mut self, loaded: &LoadedLibrary) {
        let library = &loaded.library;
        for info in library
            .providers
            .preset_infos()
            .filter(|info| !info.built_in)
        {
            let name = &info.name.value;
            let Some(draft) = library.providers.get(name) else {
                continue;
            };
            self.providers.insert(name.clone());
            self.add_preset(info, &loaded.sources);
            // Texts of the preset may name scripts, which are programs too.
            for (_, text) in [&draft.writes, &draft.set].into_iter().flatten().flatten() {
                self.files.add_words(&text.value);
            }
            for (_, name) in draft.files.iter().flatten() {
                self.files.add_named(Path::new(&name.value));
            }
            // A command without words is a mistake of the preset, and starts nothing.
            for words in [&draft.command, &draft.version].into_iter().flatten() {
                let words: Vec<String> = words.iter().map(|word| word.value.clone()).collect();
                words.iter().for_each(|word| self.files.add_words(word));
                self.add_program(
                    ProgramSource::Provider(name.clone()),
                    &shown_command(&words),
                );
            }
        }
        for info in library.farms.preset_infos().filter(|info| !info.built_in) {
            let name = &info.name.value;
            let Some(draft) = library.farms.get(name) else {
                continue;
            };
            let lines = [&draft.setup, &draft.options].into_iter().flatten();
            let lines = lines.flat_map(|lines| &lines.0).chain(&draft.program);
            let lines: Vec<&Spanned<String>> = lines.collect();
            // A farm without lines of its own starts nothing.
            if !lines.is_empty() {
                self.add_preset(info, &loaded.sources);
            }
            for line in lines {
                self.files.add_words(&line.value);
                let line = shown_command(std::slice::from_ref(&line.value));
                self.add_program(ProgramSource::Farm(name.clone()), &line);
            }
        }
    }

    fn add_speech_command(&mut self, name: &str, command: &SpeechCommand) {
        self.providers.insert(name.to_owned());
        for words in [&command.command, &command.version] {
            if words.is_empty() {
                continue;
            }
            for word in words {
                self.add_field("word", word.as_bytes());
                self.files.add_words(word);
            }
            self.add_program(
                ProgramSource::Provider(name.to_owned()),
                &shown_command(words),
            );
        }
        for path in command.files.values() {
            self.add_field("file", path.as_os_str().as_encoded_bytes());
            self.files.add_named(path);
        }
    }

    /// Adds the hooks of the folder. Mistakes in their file are reported by a run, which does not
    /// start then.
    fn add_hooks(&mut self) {
        let path = self.folder.join(HOOKS_FILE);
        let mut sources = SourceMap::default();
        let read = RunHooks::read(&path, &mut sources, &mut Diagnostics::default());
        let hooks = read.unwrap_or_default();
        for (_, source) in sources.iter() {
            // The text too, and not only the commands: any change of the file asks for trust again.
            self.add_field("hooks", source.text.as_bytes());
        }
        for (event, hook) in hooks.iter() {
            if let HookAction::Command(words) = &hook.action {
                words.iter().for_each(|word| self.files.add_words(word));
            }
            self.add_program(ProgramSource::Hook(event), &hook.action.to_string());
        }
        self.hooks = hooks;
    }

    fn add_program(&mut self, source: ProgramSource, command: &str) {
        let mut command = flatten_escaped(command);
        // Cut for the screen alone: the digest has the whole text.
        if let Some((end, _)) = command.char_indices().nth(MOST_SHOWN) {
            command.truncate(end);
            command.push('…');
        }
        self.programs.push(FolderProgram { source, command });
    }

    fn add_search_folder(&mut self, path: &Path) {
        self.add_field("path", path.as_os_str().as_encoded_bytes());
        self.files.add_named(path);
        self.add_program(ProgramSource::SearchPath, &path.to_string_lossy());
    }

    fn add_settings(&mut self) {
        let bytes = read_bounded(&self.folder.join(FOLDER_SETTINGS), MAX_SETTINGS_BYTES);
        // A file that cannot be read sets nothing. A command that reads it reports the fault.
        self.add_field("settings", &bytes.unwrap_or_default());
        self.add_program(ProgramSource::Settings, FOLDER_SETTINGS);
    }

    /// Adds the file of a preset to the digest.
    fn add_preset(&mut self, info: &PresetInfo, sources: &SourceMap) {
        // The whole file, because a preset may take parts of another one by an alias. The text is
        // the one that was decoded, so the file cannot have changed in between.
        if let Some(source) = sources.get(info.name.origin.file) {
            self.add_field("presets", source.text.as_bytes());
        }
    }

    /// Adds the files that the programs consist of to the digest.
    fn add_program_files(&mut self) {
        let files = std::mem::replace(&mut self.files, ProgramFiles::new(self.folder));
        for path in files.into_found() {
            self.add_field("file", path.as_os_str().as_encoded_bytes());
            // A program that cannot be read now is another one when it can.
            let content = std::fs::File::open(&path).and_then(Digest::hash_reader);
            let content = content.map_or_else(|_| Vec::new(), |digest| digest.as_bytes().to_vec());
            self.add_field("content", &content);
        }
    }

    fn add_field(&mut self, name: &str, value: &[u8]) {
        // With lengths, so that no two lists of fields are the same bytes.
        for part in [name.as_bytes(), value] {
            self.bytes.extend((part.len() as u64).to_le_bytes());
            self.bytes.extend(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct ProgramFolder(tempfile::TempDir);

    impl ProgramFolder {
        fn with_providers(text: &str) -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            folder.write("presets/providers.yaml", text);
            folder
        }

        fn write(&self, name: &str, text: &str) {
            let path = self.0.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn programs(&self) -> FolderPrograms {
            FolderPrograms::find(self.0.path(), OsStr::new("/usr/bin"))
        }
    }

    const COPY: &str =
        "copy: {command: [cp, a, b], output: f.####.png, version: [sh, tools/v.sh]}\n";

    #[test]
    fn providers_and_shell_lines_of_farms_are_programs_of_the_folder() {
        let folder = ProgramFolder::with_providers(COPY);
        folder.write(
            "presets/farms.yaml",
            "night: {engine: slurm, setup: [\". /env\"]}\nplain: {engine: slurm}\n",
        );
        let found = folder.programs();
        let commands: Vec<&str> = found.programs.iter().map(|p| p.command.as_str()).collect();
        assert_eq!(commands, ["cp a b", "sh tools/v.sh", ". /env"]);
        assert_eq!(
            found.programs[2].source,
            ProgramSource::Farm("night".to_owned())
        );
        assert!(found.providers().contains("copy"));
    }

    #[test]
    fn hooks_are_programs_of_the_folder_and_so_are_the_scripts_that_they_name() {
        let folder = ProgramFolder::with_providers("");
        folder.write(
            "hooks.yaml",
            "on_failure: [{command: [sh, tools/tell.sh]}, {webhook: 'https://user:pw@example.com/T0KEN'}]\n",
        );
        folder.write("tools/tell.sh", "echo 1\n");
        let found = folder.programs();
        let shown: Vec<String> = found.programs.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "hook `on_failure`: sh tools/tell.sh",
                "hook `on_failure`: webhook https://example.com"
            ]
        );
        assert_eq!(found.started_by(&[], None).len(), 2);
        let first = found.digest;
        folder.write("tools/tell.sh", "echo 2\n");
        assert_ne!(folder.programs().digest, first);
    }

    #[test]
    fn the_settings_of_a_folder_are_trusted_with_it_and_start_nothing() {
        let folder = ProgramFolder::with_providers("");
        let before = folder.programs().digest;
        folder.write(FOLDER_SETTINGS, "options: {store: /tmp/a}\n");
        let found = folder.programs();
        assert_eq!(found.programs[0].source, ProgramSource::Settings);
        assert!(found.started_by(&[], None).is_empty());
        assert_ne!(found.digest, before);
        folder.write(FOLDER_SETTINGS, "options: {store: /tmp/b}\n");
        assert_ne!(folder.programs().digest, found.digest);
    }

    #[test]
    fn speech_engines_of_the_document_are_programs_of_the_folder_with_their_scripts() {
        let folder = ProgramFolder::with_providers("");
        folder.write("tools/say.sh", "echo 1\n");
        let command = |name: &str| SpeechCommand {
            name: name.to_owned(),
            command: ["sh", "tools/say.sh", "{out}"].map(str::to_owned).to_vec(),
            version: Vec::new(),
            files: BTreeMap::new(),
        };
        let sayer = command("sayer");
        let found = || folder.programs().with_speech_commands([&sayer, &sayer]);
        assert!(folder.programs().is_empty());
        let shown: Vec<String> = found().programs.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["provider `sayer`: sh tools/say.sh {out}"]);
        assert!(found().providers().contains("sayer"));
        let first = found().digest;
        folder.write("tools/say.sh", "echo 2\n");
        assert_ne!(found().digest, first);
        let none = folder.programs().with_speech_commands([]);
        assert_eq!(none.digest, folder.programs().digest);
    }

    #[test]
    fn a_folder_without_programs_brings_none() {
        let folder = ProgramFolder::with_providers("");
        folder.write("presets/farms.yaml", "plain: {engine: slurm}\n");
        assert!(folder.programs().is_empty());
    }

    #[test]
    fn the_digest_changes_with_a_command_and_with_a_script_that_one_names() {
        let folder = ProgramFolder::with_providers(COPY);
        folder.write("tools/v.sh", "echo 1\n");
        folder.write("production.yaml", "production: {}\n");
        let first = folder.programs().digest;
        folder.write("production.yaml", "production: {title: Other}\n");
        assert_eq!(folder.programs().digest, first);
        folder.write("tools/v.sh", "echo 2\n");
        let second = folder.programs().digest;
        assert_ne!(second, first);
        folder.write("presets/providers.yaml", &COPY.replace("[cp,", "[mv,"));
        assert_ne!(folder.programs().digest, second);
    }

    #[test]
    fn the_digest_changes_with_every_file_that_a_program_reaches() {
        let folder = ProgramFolder::with_providers(
            "copy:\n  command: [cp, a, b]\n  output: f.####.png\n  files: {scene: scenes/a.pov, \
             picture: a.png}\n  set: {PYTHONPATH: lib}\n",
        );
        folder.write(
            "presets/farms.yaml",
            "night: {engine: slurm, setup: [\". site/env.sh\"]}\n",
        );
        std::fs::write(folder.0.path().join("a.png"), b"\x89PNG\r\n\x1a\n1").unwrap();
        let mut digests = BTreeSet::from([folder.programs().digest]);
        for (name, text) in [
            ("scenes/a.pov", "#include \"deep.inc\"\n"),
            ("scenes/deep.inc", "1\n"),
            ("scenes/deep.inc", "2\n"),
            ("lib/a.py", "\n"),
            ("site/env.sh", ". site/more.sh\n"),
            ("site/more.sh", "\n"),
        ] {
            folder.write(name, text);
            assert!(digests.insert(folder.programs().digest), "{name}");
        }
        std::fs::write(folder.0.path().join("a.png"), b"\x89PNG\r\n\x1a\n2").unwrap();
        assert!(
            !digests.insert(folder.programs().digest),
            "a picture runs nothing"
        );
    }

    #[test]
    fn a_program_in_a_folder_of_the_search_path_is_part_of_the_digest() {
        let folder = ProgramFolder::with_providers("");
        folder.write("bin/tool.sh", "1\n");
        let bin = folder.0.path().join("bin");
        let digest = || FolderPrograms::find(folder.0.path(), bin.as_os_str()).digest;
        let first = digest();
        folder.write("bin/tool.sh", "2\n");
        assert_ne!(digest(), first);
    }

    #[test]
    fn a_folder_of_the_search_path_inside_is_a_program_and_not_searched_by_looks() {
        let folder = ProgramFolder::with_providers("");
        folder.write("bin/ffmpeg", "");
        let bin = folder.0.path().join("bin");
        let search = std::env::join_paths([bin.as_path(), Path::new("/usr/bin")]).unwrap();
        let found = FolderPrograms::find(folder.0.path(), &search);
        assert_eq!(found.programs[0].source, ProgramSource::SearchPath);
        assert_eq!(found.outside_search_path(), "/usr/bin");
    }

    #[test]
    fn a_command_cannot_disguise_itself() {
        let folder = ProgramFolder::with_providers(
            "copy: {command: [\"a\\e[2K\\u202Eb\", \"\\n\"], output: f.####.png}\n",
        );
        let command = &folder.programs().programs[0].command;
        assert!(
            command
                .chars()
                .all(|c| !crate::base::printable::is_hidden(c)),
            "{command}"
        );
    }
}
