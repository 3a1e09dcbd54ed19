//! What a fuzz target does with its bytes, and what must hold for all of them: no panic, bounded
//! work, and every finding inside the text. Shared by the targets and by `tests/seeds.rs`.

use production::base::paths::normalized_path;
use production::base::{Diagnostics, Digest, FileId, FileSpan, SourceMap};
use production::document::caption_table::{CaptionTable, read_caption_table};
use production::document::draft::{ProductionDraft, ProfileDraft, ShotDraft};
use production::document::{
    DecodeScope, InputLimits, SourceTrees, TextOr, decode_node, json_pointer, shot_table, span_tree,
};
use production::event::{Event, JobSucceeded};
use production::interchange::{ReelEntry, read_reel_table};
use production::library::Library;
use production::media::blend::blend_file_references;
use production::media::gltf::{self, GltfModel};
use production::media::{integrity, picture};
use production::model::cut::TextExportKind;
use production::model::graphics::IconWords;
use production::model::model_format::ModelFormat;
use production::model::{FileStamp, FrameList, ModelMend};
use production::resolve::{DraftSource, RecutSource, ResolveOverrides, resolve_production};
use production::store::disk::{
    AppendFile, DiskEntryKind, FileLockGuard, FileMetadata, LockWait, StoreDisk,
};
use production::store::garbage_collection::{collect_garbage, require_recorded, revisions_to_keep};
use production::store::job_history::JobHistory;
use production::store::provenance::ProvenanceArchive;
use production::store::publish_recovery::interrupted_publication;
use production::store::store_owner::require_store;
use production::store::verify_store::verify_store;
use production::store::{Manifest, Revision, RunHistory, StoreLayout, journal};
use production::story::breakdown::ScriptBreakdown;
use production::story::{Screenplay, final_draft, fountain};
use production::treatment::{
    ProfileFacts, TreatmentFormat, TreatmentOptions, parse_treatment, plan_treatment,
    treatment_text, write_production,
};
use production::validate::{ExternalFacts, validate_production};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Limits that keep one input below a second, and are reached by small inputs.
fn limits() -> InputLimits {
    InputLimits {
        scalar_bytes: 1 << 12,
        nodes: 20_000,
        visits: 20_000,
        problems: 100,
        passes: 8,
        ..InputLimits::default()
    }
}

/// What is read before, beside the input.
struct Reader {
    sources: SourceMap,
    found: Diagnostics,
}

/// A file beside a document, which says more about its shots.
#[derive(Default)]
struct SideFile<'a> {
    recut: Option<&'a RecutSource>,
    captions: Option<&'a CaptionTable>,
}

/// The built-in library, read once, with its files.
fn library() -> &'static (Library, SourceMap) {
    static LIBRARY: OnceLock<(Library, SourceMap)> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let mut sources = SourceMap::default();
        let library = Library::read(
            Path::new("no-such-folder"),
            &mut sources,
            &mut Diagnostics::default(),
        );
        (library, sources)
    })
}

impl Reader {
    fn new() -> Self {
        Self {
            sources: library().1.clone(),
            found: Diagnostics::default(),
        }
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> (FileId, Arc<str>) {
        let text: Arc<str> = String::from_utf8_lossy(bytes).into_owned().into();
        (self.sources.add_file(name, Arc::clone(&text)), text)
    }

    /// Resolves and validates, without looking at the disk.
    fn check(&mut self, draft: &ProductionDraft, screenplay: Option<&Screenplay>) {
        self.check_beside(draft, screenplay, &SideFile::default());
    }

    fn check_beside(
        &mut self,
        draft: &ProductionDraft,
        screenplay: Option<&Screenplay>,
        beside: &SideFile<'_>,
    ) {
        let source = DraftSource {
            footage: &Default::default(),
            speech: &Default::default(),
            fonts: &Default::default(),
            recut: beside.recut,
            caption_table: beside.captions,
            root: PathBuf::from("no-such-folder"),
            origin: FileSpan::default(),
            screenplay,
        };
        let production = resolve_production(
            draft,
            source,
            &library().0,
            &ResolveOverrides::default(),
            &mut self.found,
        );
        let broken = validate_production(production, &ExternalFacts::default()).findings;
        self.found.extend(broken);
    }

    /// Every finding lies inside of its file, on character boundaries.
    fn finish(self) {
        let mut trees = SourceTrees::new(&self.sources, &limits());
        let found = json_pointer::add_pointers(self.found.into_sorted(), &mut trees, &[]);
        for diagnostic in found.as_slice() {
            let range = diagnostic.origin.start as usize..diagnostic.origin.end as usize;
            let source = self.sources.get(diagnostic.origin.file);
            assert!(
                source.is_some_and(|source| source.text.get(range).is_some()),
                "{diagnostic:?}"
            );
        }
    }
}

/// A YAML document: read, decoded, resolved, checked by every rule.
pub fn document(bytes: &[u8]) {
    let mut reader = Reader::new();
    let (file, text) = reader.add("production.yaml", bytes);
    if let Some(tree) = span_tree::parse_yaml(file, text, &limits(), &mut reader.found) {
        let top = tree.root().map(|root| {
            tree.find_key(root, "production")
                .map_or(root, |(_, top)| top)
        });
        let scope = DecodeScope {
            path: "/production",
            free_keys: &["include"],
        };
        let draft: Option<ProductionDraft> =
            top.and_then(|top| decode_node(&tree, top, scope, &limits(), &mut reader.found));
        draft.iter().for_each(|draft| reader.check(draft, None));
    }
    reader.finish();
}

/// A shot list as a table: read, decoded, resolved, checked.
pub fn table(bytes: &[u8]) {
    let mut reader = Reader::new();
    let (file, text) = reader.add("shots.csv", bytes);
    if let Some(table) = shot_table::read_shot_table(file, &text, &limits(), &mut reader.found) {
        let root = table.tree.root();
        let shots: Option<Vec<ShotDraft>> = root.and_then(|root| {
            decode_node(
                &table.tree,
                root,
                DecodeScope::default(),
                &limits(),
                &mut reader.found,
            )
        });
        let draft = ProductionDraft {
            shots: shots.map(TextOr::Full),
            ..ProductionDraft::default()
        };
        reader.check(&draft, None);
    }
    reader.finish();
}

/// A document with what timelines and tables of captions are about.
const FILM: &str = "production:
  title: The Lamp
  characters: [{name: mara, model: mara.glb, played_by: Ada Berg, voice: en-gb}]
  locations: [{name: pier, preset: harbour_dusk}]
  defaults: {template: character_full, character: mara, location: pier}
  shots:
    - {name: sh010, duration: 48, transition_out: dissolve 12, lines: [{who: mara, text: It went out.}]}
    - {name: sh020, duration: 48, lines: [{who: mara, text: 'At four, in the dark.'}]}
    - {name: sh030, duration: 48}
  titles:
    - {text: THE LAMP, over: black, for: 24}
    - {text: Mara, style: lower_third, shot: sh020, at: 6, for: 60, until: sh030}
  credits: {sections: [{heading: Cast, cast: true}]}
  captions: {table: captions.csv}
  outputs:
    - {name: film, codec: h264, resolution: 640x360, frame_rate: 24, path: out/film.mp4, captions: {track: [en, de]}}
    - {name: part, codec: h264, resolution: 640x360, frame_rate: 24, path: out/part.mp4, shots: [sh010..sh020]}
    - {name: cut, format: edl, path: out/film.edl}
";

impl Reader {
    /// Returns the document that timelines and tables of captions are about.
    fn add_film(&mut self) -> ProductionDraft {
        let (file, text) = self.add("production.yaml", FILM.as_bytes());
        let tree = span_tree::parse_yaml(file, text, &limits(), &mut self.found);
        let tree = tree.expect("a document");
        let root = tree.root().expect("a map");
        let (_, top) = tree.find_key(root, "production").expect("a production");
        let scope = DecodeScope {
            path: "/production",
            free_keys: &[],
        };
        let draft = decode_node(&tree, top, scope, &limits(), &mut self.found);
        assert!(!self.found.has_errors(), "{:?}", self.found);
        draft.expect("a draft")
    }
}

/// A cut of another program, as each of the formats: read, laid over the shots, checked. Its text is
/// the table of reels too.
pub fn timeline(bytes: &[u8]) {
    for (kind, name) in [
        (TextExportKind::Otio, "cut.otio"),
        (TextExportKind::Edl, "cut.edl"),
        (TextExportKind::Fcpxml, "cut.fcpxml"),
    ] {
        let mut reader = Reader::new();
        let draft = reader.add_film();
        let (file, text) = reader.add(name, bytes);
        let most_values = limits().nodes;
        let reels: Vec<ReelEntry> = read_reel_table(&text, most_values).unwrap_or_default();
        let recut = RecutSource {
            kind,
            file,
            text,
            reels,
            most_values,
        };
        let beside = SideFile {
            recut: Some(&recut),
            captions: None,
        };
        reader.check_beside(&draft, None, &beside);
        reader.finish();
    }
}

/// A table of captions: read, laid over the lines, checked.
pub fn captions(bytes: &[u8]) {
    let mut reader = Reader::new();
    let draft = reader.add_film();
    let (file, text) = reader.add("captions.csv", bytes);
    let table = read_caption_table(file, &text, &limits(), &mut reader.found);
    let beside = SideFile {
        recut: None,
        captions: table.as_ref(),
    };
    reader.check_beside(&draft, None, &beside);
    reader.finish();
}

/// A screenplay: read, and covered with shots.
pub fn fountain(bytes: &[u8]) {
    let mut reader = Reader::new();
    let (file, text) = reader.add("script.fountain", bytes);
    let screenplay = fountain::parse_screenplay(file, &text, &mut reader.found);
    reader.check(&ProductionDraft::default(), Some(&screenplay));
    reader.finish();
}

/// A script of Final Draft: read, covered with shots, counted, and written as Fountain.
pub fn fdx(bytes: &[u8]) {
    let mut reader = Reader::new();
    let (file, text) = reader.add("script.fdx", bytes);
    if let Some(screenplay) = final_draft::parse_final_draft(file, &text, &mut reader.found) {
        reader.check(&ProductionDraft::default(), Some(&screenplay));
        assert!(ScriptBreakdown::new(&screenplay).seconds.is_finite());
        let written = fountain::fountain_text(&screenplay);
        let again = fountain::parse_screenplay(file, &written, &mut Diagnostics::default());
        assert_eq!(again.scenes.len(), screenplay.scenes.len());
    }
    reader.finish();
}

/// A treatment, as Markdown and as plain text: read, planned, and written as a document, which must
/// be one that a production can be.
pub fn treatment(bytes: &[u8]) {
    for format in [TreatmentFormat::Markdown, TreatmentFormat::PlainText] {
        let mut reader = Reader::new();
        let path = Path::new("treatment.md");
        let (sources, found) = (&mut reader.sources, &mut reader.found);
        let Some(text) = treatment_text(path, bytes, format, sources, found) else {
            continue;
        };
        let treatment = parse_treatment(&text, &mut reader.found);
        let profile = ProfileFacts::from_draft("usual", &ProfileDraft::default());
        let options = TreatmentOptions {
            usual_title: "Untitled".to_owned(),
            ..TreatmentOptions::default()
        };
        let plan = plan_treatment(&treatment, &profile, &options, &mut reader.found);
        if let Some(plan) = plan {
            let icons = IconWords::default();
            let written = write_production(&plan, "treatment.md", None, &icons, &mut reader.found);
            require_document(&written.text);
        }
        reader.finish();
    }
}

/// A document that was written by the program is read without a mistake.
fn require_document(document: &str) {
    let mut reader = Reader::new();
    let (file, text) = reader.add("production.yaml", document.as_bytes());
    let limits = InputLimits::default();
    let tree = span_tree::parse_yaml(file, text, &limits, &mut reader.found);
    let draft = tree.as_ref().and_then(|tree| {
        let (_, top) = tree.find_key(tree.root()?, "production")?;
        let scope = DecodeScope {
            path: "/production",
            free_keys: &[],
        };
        decode_node::<ProductionDraft>(tree, top, scope, &limits, &mut reader.found)
    });
    assert!(draft.is_some(), "{document}");
    assert!(
        !reader.found.has_errors(),
        "{:?} in {document}",
        reader.found
    );
}

/// A model, as GLB or as JSON: read, posed, measured, packed. Files beside it are not there.
pub fn gltf(bytes: &[u8]) {
    let path = Path::new("no-such-folder/model.glb");
    if let Ok(model) = GltfModel::from_bytes(bytes, path) {
        let clips = model.clips.iter().map(|clip| Some(clip.name.as_str()));
        for clip in clips.take(4).chain([None]) {
            for seconds in [-1.0, 0.0, 0.3, 1e9] {
                let pose = model.pose_at(clip, seconds);
                let _ = (model.bounds_in_pose(&pose), model.head_bounds(&pose));
            }
        }
        // What cannot be framed is refused: no camera stands before what has no size.
        let bounds = model.bounds_in_pose(&model.rest_pose());
        assert!(bounds.is_empty() || bounds.size().is_finite());
    }
    with_file(bytes, |path| {
        if let Ok(packed) = gltf::pack_glb(path, ModelFormat::Gltf, &ModelMend::default()) {
            // Packing checks a picture's size and end, and reading decodes it: it may still fail.
            let _ = GltfModel::from_bytes(&packed, path);
        }
        let _ = (gltf::model_facts(path), gltf::gltf_file_references(path));
    });
}

/// A picture in OpenEXR.
pub fn exr(bytes: &[u8]) {
    picture(bytes);
}

/// A picture in Radiance HDR.
pub fn hdr(bytes: &[u8]) {
    picture(bytes);
}

/// A picture of any kind: what is read has the pixels that it says.
fn picture(bytes: &[u8]) {
    with_file(bytes, |path| {
        let _ = (
            integrity::check_file_complete(path),
            picture::check_light_picture(path),
        );
        if let Ok(read) = picture::read_picture(path) {
            assert_eq!(read.pixels.len() as u64, read.size.pixel_count());
            assert!(picture::check_light_picture(path).is_ok());
        }
    });
}

/// A Blender file: the files that it refers to.
pub fn blend(bytes: &[u8]) {
    with_file(bytes, |path| {
        let _ = (
            blend_file_references(path),
            integrity::check_file_complete(path),
        );
    });
}

/// Calls `act` with a file of these bytes. Each process has its own.
fn with_file(bytes: &[u8], act: impl FnOnce(&Path)) {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("production-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for inputs");
        folder
    });
    // Tests run on threads, which must not share a file.
    let name = format!("{:?}", std::thread::current().id());
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("an input as a file");
    act(&path);
}

/// A frame range: what is read can be written, and read back as the same.
pub fn frames(bytes: &[u8]) {
    let Ok(frames) = FrameList::parse(&String::from_utf8_lossy(bytes)) else {
        return;
    };
    let ends = (frames.first(), frames.last());
    if frames.len() > 10_000 {
        return;
    }
    let list: Vec<i32> = frames.iter().collect();
    assert_eq!(
        (list.len(), list.first().copied(), list.last().copied()),
        (frames.len(), ends.0, ends.1)
    );
    let joined: Vec<i32> = frames
        .chunks(7)
        .iter()
        .flat_map(|chunk| chunk.iter().collect::<Vec<_>>())
        .collect();
    assert_eq!(joined, list);
    assert!(frames.is_empty() || FrameList::parse(&frames.to_string()).as_ref() == Ok(&frames));
    assert_eq!(list.into_iter().collect::<FrameList>(), frames);
}

/// The folder of the store on the disk of a target.
const STORE: &str = "film/.production";

/// A disk of a few files that can be read.
#[derive(Debug, Default)]
struct ArchiveDisk(BTreeMap<PathBuf, Vec<u8>>);

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

fn read_only() -> io::Error {
    io::ErrorKind::ReadOnlyFilesystem.into()
}

impl StoreDisk for ArchiveDisk {
    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let kind = match self.0.get(path) {
            Some(_) => DiskEntryKind::File,
            None if self.0.keys().any(|file| file.starts_with(path)) => DiskEntryKind::Folder,
            None => return Err(not_found()),
        };
        let size = self.0.get(path).map_or(0, |bytes| bytes.len() as u64);
        let stamp = FileStamp {
            size,
            modified: 0,
            inode: 0,
        };
        Ok(FileMetadata { kind, stamp })
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn require_writable(&self, _: &Path) -> io::Result<()> {
        Err(read_only())
    }

    fn list_folder(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut inner: Vec<PathBuf> = self
            .0
            .keys()
            .filter_map(|file| {
                let name = file.strip_prefix(folder).ok()?.components().next()?;
                Some(folder.join(name))
            })
            .collect();
        inner.dedup();
        if inner.is_empty() {
            Err(not_found())
        } else {
            Ok(inner)
        }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read>> {
        let bytes = self.0.get(path).ok_or_else(not_found)?.clone();
        Ok(Box::new(io::Cursor::new(bytes)))
    }

    fn create(&self, _: &Path) -> io::Result<Box<dyn AppendFile>> {
        Err(read_only())
    }

    fn open_append(&self, _: &Path) -> io::Result<Box<dyn AppendFile>> {
        Err(read_only())
    }

    fn truncate_file(&self, _: &Path, _: u64) -> io::Result<()> {
        Err(read_only())
    }

    fn sync(&self, _: &Path) -> io::Result<()> {
        Err(read_only())
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Err(read_only())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(read_only())
    }

    fn exchange(&self, _: &Path, _: &Path) -> io::Result<bool> {
        Err(read_only())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(read_only())
    }

    fn set_read_only(&self, _: &Path) -> io::Result<()> {
        Err(read_only())
    }

    fn lock_file(&self, _: &Path, _: LockWait) -> io::Result<Option<Box<dyn FileLockGuard>>> {
        Err(read_only())
    }

    fn is_locked(&self, _: &Path) -> bool {
        false
    }
}

/// Returns the layout of a store with these files.
fn archive_layout(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> StoreLayout {
    let below = |(path, bytes): (PathBuf, Vec<u8>)| (Path::new(STORE).join(path), bytes);
    let disk = ArchiveDisk(files.into_iter().map(below).collect());
    StoreLayout::on_disk(Arc::new(disk), STORE)
}

/// Returns a line of a journal with its checksum.
fn checked_line(json: &[u8]) -> Vec<u8> {
    let sum = &Digest::hash_bytes(json).hex_string()[..16];
    [sum.as_bytes(), b" ", json, b"\n"].concat()
}

/// Every name in the events stays below the folder that it is joined to.
fn assert_names_inside(events: &[Event]) {
    let is_inside =
        |path: &Path| normalized_path(path).is_some_and(|inside| !inside.as_os_str().is_empty());
    for event in events {
        match event {
            Event::JobSucceeded(JobSucceeded { outputs, log, .. }) => {
                let mut outputs = outputs.iter();
                assert!(outputs.all(|output| is_inside(Path::new(&output.name))));
                assert!(log.iter().all(|log| is_inside(log)));
            }
            Event::Published { deliverables, .. } => {
                let mut deliverables = deliverables.iter();
                assert!(deliverables.all(|delivered| is_inside(&delivered.path)));
            }
            _ => {}
        }
    }
}

/// A journal: as it is, and with the right checksum before each line.
pub fn journal(bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n');
    let checked = lines.flat_map(checked_line).collect();
    for content in [bytes.to_vec(), checked] {
        let layout = archive_layout([("events/rev-0001.jsonl".into(), content)]);
        if let Ok(events) = journal::read_events(&layout, &layout.journal_path("rev-0001")) {
            assert_names_inside(&events);
            let history = RunHistory::replay_journals(&layout);
            assert!(history.is_ok() && Revision::read_all(&layout).is_ok());
            assert!(Manifest::rebuild(&layout, "rev-0001").is_ok());
        }
    }
}

/// A manifest, with the digest that it has.
pub fn manifest(bytes: &[u8]) {
    let layout = archive_layout([("manifests/rev-0001.json".into(), bytes.to_vec())]);
    let Ok(manifest) = Manifest::read(&layout, "rev-0001", Digest::hash_bytes(bytes)) else {
        return;
    };
    for deliverable in manifest.deliverables_below(Path::new("film")) {
        assert!(normalized_path(&deliverable.path).is_some_and(|path| path.starts_with("film")));
        for file in &deliverable.files {
            assert!(normalized_path(Path::new(&file.name)).is_some());
        }
    }
}

/// The compacted history, with the right digest.
pub fn fold(bytes: &[u8]) {
    // It covers no journal, so that what follows is decoded.
    let body = [&[0], bytes].concat();
    let digest = Digest::hash_bytes(&body);
    let fold = [b"production fold 1\n", digest.as_bytes().as_slice(), &body].concat();
    let layout = archive_layout([("fold.bin".into(), fold)]);
    if let Ok(history) = RunHistory::replay_journals(&layout) {
        let identities: Vec<Digest> = history
            .records
            .last_identities()
            .map(|(_, identity)| identity)
            .collect();
        for identity in identities {
            let _ = history.reusable_record(&identity);
        }
        let _ = history.next_revision();
    }
}

/// A store: each file begins with a line `@PATH`. Lines of journals get their checksums.
pub fn store(bytes: &[u8]) {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    let mut path = PathBuf::from("current.json");
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(b"@") {
            let name = String::from_utf8_lossy(name);
            let Some(inside) = normalized_path(Path::new(name.trim_end())) else {
                return;
            };
            path = inside;
        } else if path.starts_with("events") {
            let json = line.strip_suffix(b"\n").unwrap_or(line);
            let lines = files.entry(path.clone()).or_default();
            lines.extend(checked_line(json));
        } else {
            files.entry(path.clone()).or_default().extend(line);
        }
    }
    let layout = archive_layout(files);
    let _ = require_store(&layout);
    let _ = interrupted_publication(&layout);
    let _ = ProvenanceArchive::read_all(&layout);
    let _ = JobHistory::read_journals(&layout);
    let _ = verify_store(&layout, Path::new("film"), false);
    if let Ok(revisions) = Revision::read_all(&layout) {
        let _ = require_recorded(&layout, &revisions);
        let names = revisions_to_keep(&revisions, 1);
        let _ = collect_garbage(&layout, &revisions, &names, true);
    }
}
