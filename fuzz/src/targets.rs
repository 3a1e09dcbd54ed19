//! What a fuzz target does with its bytes, and what must hold for all of them: no panic, bounded
//! work, and every finding inside the text. Shared by the targets and by `tests/seeds.rs`.

use production::base::{Diagnostics, FileId, FileSpan, SourceMap};
use production::document::draft::{ProductionDraft, ShotDraft};
use production::document::{
    DecodeScope, InputLimits, SourceTrees, TextOr, decode_node, json_pointer, shot_table, span_tree,
};
use production::library::Library;
use production::model::FrameList;
use production::resolve::{DraftSource, ResolveOverrides, resolve_production};
use production::story::{Screenplay, fountain};
use production::validate::{ExternalFacts, validate_production};
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
        let source = DraftSource {
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

/// A screenplay: read, and covered with shots.
pub fn fountain(bytes: &[u8]) {
    let mut reader = Reader::new();
    let (file, text) = reader.add("script.fountain", bytes);
    let screenplay = fountain::parse_screenplay(file, &text, &mut reader.found);
    reader.check(&ProductionDraft::default(), Some(&screenplay));
    reader.finish();
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
