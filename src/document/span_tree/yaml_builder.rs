//! Builds a [`SpanTree`] from the events of the YAML parser. No other file uses the parser.
//!
//! Owns syntax: limits of depth and size, duplicate keys, anchors and aliases, tags, the single
//! document of a file. Findings go to the diagnostics. One syntax error ends the file, because the
//! parser cannot recover.

use super::nodes::{NodeId, ScalarRef, ScalarStorage, SpanNodeKind, SpanTree, to_index};
use crate::base::suggestions::{SearchAllowance, nearest_match};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan};
use crate::document::input_limits::{InputLimits, SIZE_HELP, VALUES_HELP};
use crate::document::quote::quote_value;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};
use std::collections::HashMap;
use std::sync::Arc;

/// Reads a YAML text.
///
/// Returns `None` if the text cannot become a tree (syntax error, limit). Then the diagnostics say
/// why.
pub fn parse_yaml(
    file: FileId,
    source: Arc<str>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<SpanTree> {
    // Checked before parsing, so that a huge file costs no memory for nodes.
    if let Some(refused) = reject_text(file, &source, limits) {
        diagnostics.push(refused);
        return None;
    }
    let text = Arc::clone(&source);
    let mut builder = YamlTreeBuilder::new(file, source, limits, diagnostics);
    // The parser's events have places. A value that is loaded through serde would have lost them.
    for event in Parser::new_from_str_with_options(&text, parser_options(limits)) {
        let outcome = match event {
            Ok((event, span)) => builder.accept_event(event, &span),
            Err(error) => Err(builder.syntax_error(&error)),
        };
        match outcome {
            Ok(true) => {}
            // A second document was reported. The first one is complete and is still read.
            Ok(false) => break,
            Err(diagnostic) => {
                builder.diagnostics.push(*diagnostic);
                return None;
            }
        }
    }
    Some(builder.tree)
}

fn reject_text(file: FileId, text: &str, limits: &InputLimits) -> Option<Diagnostic> {
    // Spans are 32-bit, so no setting can allow more than 4 GiB.
    if text.len() as u64 > limits.file_bytes.min(u64::from(u32::MAX)) {
        let message = format!("the file is larger than {} bytes", limits.file_bytes);
        let diagnostic = Diagnostic::error(
            "production::yaml::too_large",
            FileSpan::new(file, 0, 0),
            message,
        );
        return Some(diagnostic.with_help(SIZE_HELP));
    }
    // No path and no argument of a command can hold a NUL, so no value may.
    let offset = to_index(text.find('\0')?);
    let origin = FileSpan::new(file, offset, offset + 1);
    let diagnostic = Diagnostic::error(
        "production::yaml::nul",
        origin,
        format!("NUL character at byte {offset}"),
    );
    Some(diagnostic.with_help("remove it: a document is plain text"))
}

fn parser_options(limits: &InputLimits) -> granit_parser::Options {
    granit_parser::options! {
        // An undefined alias as an event, not an error, lets the rest of the file be checked.
        emit_unresolved_aliases: true,
        // The names of anchors are needed to suggest one for an undefined alias.
        emit_anchor_events: true,
        // The parser has a limit as well, so it stops at the depth at which the tree would.
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    }
}

/// A list or map whose end was not read yet.
struct OpenCollection {
    node: NodeId,
    flow: bool,
    map: bool,
    /// Index of its first child in `pending_children`.
    first: usize,
}

/// The keys of one map. For few keys, comparing all is faster; many must be hashed.
struct SeenKeys<'t> {
    few: Vec<(&'t str, NodeId)>,
    many: HashMap<&'t str, NodeId>,
}

impl<'t> SeenKeys<'t> {
    const FEW: usize = 24;

    /// Returns an empty set for a map of `count` keys.
    fn for_keys(count: usize) -> Self {
        Self {
            few: Vec::with_capacity(count.min(Self::FEW)),
            many: HashMap::new(),
        }
    }

    /// Returns the first key of this text, or records this one as the first.
    fn first_or_insert(&mut self, text: &'t str, key: NodeId) -> Option<NodeId> {
        let few = self
            .few
            .iter()
            .find(|(known, _)| *known == text)
            .map(|(_, first)| *first);
        if few.is_some() {
            return few;
        }
        // The few stay in the list when the map grows, so a key is looked for in both.
        if self.few.len() < Self::FEW {
            self.few.push((text, key));
            return None;
        }
        if let Some(first) = self.many.get(text) {
            return Some(*first);
        }
        self.many.insert(text, key);
        None
    }
}

struct YamlTreeBuilder<'a> {
    tree: SpanTree,
    limits: &'a InputLimits,
    diagnostics: &'a mut Diagnostics,
    open: Vec<OpenCollection>,
    /// Children of all open collections, those of the innermost last.
    pending_children: Vec<NodeId>,
    anchors: HashMap<usize, NodeId>,
    names: Vec<String>,
    allowance: SearchAllowance,
    documents: usize,
}

/// Whether to read on. An error ends the file. It is boxed, because a diagnostic is large and rare.
type EventResult = Result<bool, Box<Diagnostic>>;

impl<'a> YamlTreeBuilder<'a> {
    fn new(
        file: FileId,
        source: Arc<str>,
        limits: &'a InputLimits,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let open = Vec::new();
        let pending_children = Vec::new();
        let anchors = HashMap::new();
        let names = Vec::new();
        let tree = SpanTree {
            may_repeat_keys: false,
            ..SpanTree::new_empty(file, source)
        };
        Self {
            tree,
            limits,
            diagnostics,
            open,
            pending_children,
            anchors,
            names,
            allowance: SearchAllowance::default(),
            documents: 0,
        }
    }

    fn accept_event(&mut self, event: Event<'_>, span: &Span) -> EventResult {
        match event {
            Event::DocumentStart(..) => return Ok(self.start_document(span)),
            Event::Scalar(text, style, anchor, tag) => {
                self.add_scalar(&text, style, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.start_collection(false, style, anchor, tag.as_deref(), span)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.start_collection(true, style, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end_collection(span),
            Event::Alias(anchor) => self.add_alias(anchor, span)?,
            Event::UnresolvedAlias(name) => self.add_undefined_alias(&name, span)?,
            Event::Anchor(_, name) => self.names.push(name.into_owned()),
            // Other events, such as the end of a document, have no value.
            _ => {}
        }
        Ok(true)
    }

    fn start_document(&mut self, span: &Span) -> bool {
        // The first document has a start too, with or without `---`.
        self.documents += 1;
        if self.documents == 1 {
            return true;
        }
        let origin = self.span_origin(span);
        let message = "a file holds one document, and a second one starts here";
        let diagnostic = Diagnostic::error("production::yaml::second_document", origin, message);
        self.diagnostics.push(
            diagnostic.with_help("remove the `---`, or move what follows to a file of its own"),
        );
        false
    }

    fn add_scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Box<Diagnostic>> {
        // The parser's span of a block scalar includes the line break, and of a plain one trailing
        // blanks.
        let origin = self.trim_trailing(self.span_origin(span));
        if text.len() > self.limits.scalar_bytes {
            let message = format!("a value is longer than {} bytes", self.limits.scalar_bytes);
            // Only the first byte is marked: the whole value would fill the terminal.
            let head = FileSpan {
                end: origin.start + 1,
                ..origin
            };
            return Err(Box::new(Diagnostic::error(
                "production::yaml::too_large",
                head,
                message,
            )));
        }
        // `!!str 24` and `! 24` make text of what would be a number.
        let text_tag = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str") || is_bare(tag));
        let plain = style == ScalarStyle::Plain && !text_tag;
        let storage = self.store_scalar(text);
        let kind = SpanNodeKind::scalar(ScalarRef { text, plain }, storage);
        let node = self.add_node(origin, kind, anchor)?;
        self.check_tag(node, tag, span, &["str", "int", "float", "bool", "null"]);
        self.attach_node(node);
        Ok(())
    }

    fn start_collection(
        &mut self,
        map: bool,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Box<Diagnostic>> {
        let origin = self.span_origin(span);
        // The parser has its own limit, but its error has no help. This one is ours to phrase.
        if self.open.len() >= self.limits.depth {
            return Err(Box::new(nesting_too_deep(origin, self.limits.depth)));
        }
        // The node is added before its children, so that nodes are in the order in which they
        // begin, and an alias inside of it is found to be a cycle.
        let node = self.add_node(origin, SpanNodeKind::Open, anchor)?;
        self.check_tag(node, tag, span, if map { &["map"] } else { &["seq"] });
        let flow = style == StructureStyle::Flow;
        self.open.push(OpenCollection {
            node,
            flow,
            map,
            first: self.pending_children.len(),
        });
        Ok(())
    }

    fn end_collection(&mut self, span: &Span) {
        let Some(open) = self.open.pop() else { return };
        // Children of all depths share one vector, so that no collection allocates a list of its
        // own.
        let children = &self.pending_children[open.first..];
        let last = children.last().map(|child| self.tree.origin(*child).end);
        // The parser ends a block collection at the next token, which may be many lines below.
        let end = if open.flow {
            self.span_origin(span).end
        } else {
            last.unwrap_or_default()
        };
        let own_origin = self.tree.origin(open.node);
        // Only the first line counts: it is what diagnostics underline.
        let end = first_line(
            &self.tree.source,
            FileSpan {
                end: end.max(own_origin.start),
                ..own_origin
            },
        )
        .end;
        let (first, count) = self.tree.add_children(children);
        if open.map {
            self.check_keys(first, count);
        }
        self.pending_children.truncate(open.first);
        let node = &mut self.tree.nodes[open.node.0 as usize];
        node.end = end;
        // A node with an unknown tag stays broken, although its children were read and checked.
        if !matches!(node.kind, SpanNodeKind::Broken) {
            node.kind = if open.map {
                SpanNodeKind::Map { first, count }
            } else {
                SpanNodeKind::List { first, count }
            };
        }
        self.attach_node(open.node);
    }

    fn add_alias(&mut self, anchor: usize, span: &Span) -> Result<(), Box<Diagnostic>> {
        let origin = self.span_origin(span);
        let Some(target) = self.anchors.get(&anchor).copied() else {
            return self.add_undefined_alias("", span);
        };
        let kind = match self.tree.node(target).kind {
            // An alias inside its own anchor would make the decoder recurse without end.
            SpanNodeKind::Open => self.report_alias_cycle(origin, target),
            _ => SpanNodeKind::Alias(target),
        };
        let node = self.add_node(origin, kind, 0)?;
        self.attach_node(node);
        Ok(())
    }

    fn report_alias_cycle(&mut self, origin: FileSpan, target: NodeId) -> SpanNodeKind {
        let message = "an alias inside the value that it names never ends";
        let diagnostic = Diagnostic::error("production::yaml::cycle", origin, message);
        let anchor_origin = first_line(
            &self.tree.source,
            FileSpan {
                end: u32::MAX,
                ..self.tree.origin(target)
            },
        );
        self.diagnostics.push(
            diagnostic
                .with_label("names the value around it")
                .with_related(anchor_origin, "the value begins here"),
        );
        SpanNodeKind::Broken
    }

    fn add_undefined_alias(&mut self, name: &str, span: &Span) -> Result<(), Box<Diagnostic>> {
        let origin = self.span_origin(span);
        let diagnostic = Diagnostic::error(
            "production::yaml::undefined_anchor",
            origin,
            format!("undefined anchor {}", quote_value(name)),
        );
        let names = self.names.iter().map(String::as_str);
        let near = self.allowance.search(|| nearest_match(name, names));
        let help = match near {
            Some(near) => format!("did you mean `*{near}`?"),
            None => {
                format!("define it earlier in this file as `&{name}`; anchors do not cross files")
            }
        };
        self.diagnostics.push(
            diagnostic
                .with_label("no anchor of this name comes before")
                .with_help(help),
        );
        // A broken node takes its place, so that keys and values stay in pairs.
        let node = self.add_node(origin, SpanNodeKind::Broken, 0)?;
        self.attach_node(node);
        Ok(())
    }

    fn add_node(
        &mut self,
        origin: FileSpan,
        kind: SpanNodeKind,
        anchor: usize,
    ) -> Result<NodeId, Box<Diagnostic>> {
        // A file of one-byte values needs many times its size as nodes, so the size limit is not
        // enough.
        if self.tree.nodes.len() >= self.limits.nodes {
            let message = format!("the file holds more than {} values", self.limits.nodes);
            let diagnostic =
                Diagnostic::error("production::yaml::too_many_values", origin, message);
            return Err(Box::new(diagnostic.with_help(VALUES_HELP)));
        }
        let node = self.tree.add_node(origin, kind);
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
        Ok(node)
    }

    fn attach_node(&mut self, node: NodeId) {
        // Only the first root counts.
        if self.open.is_empty() {
            self.tree.root = self.tree.root.or(Some(node));
        } else {
            self.pending_children.push(node);
        }
    }

    /// Reports a tag without meaning here. Only the core tags that fit the node are accepted.
    fn check_tag(&mut self, node: NodeId, tag: Option<&Tag>, span: &Span, fitting: &[&str]) {
        let Some(tag) = tag else { return };
        if is_bare(tag)
            || fitting
                .iter()
                .any(|suffix| tag.is_yaml_core_schema_tag(suffix))
        {
            return;
        }
        let origin = span
            .tag_span()
            .map_or_else(|| self.tree.origin(node), |span| self.span_origin(&span));
        let message = format!("unknown tag {}", quote_value(&tag.original()));
        let diagnostic = Diagnostic::error("production::yaml::unknown_tag", origin, message);
        self.diagnostics
            .push(diagnostic.with_help("remove the tag: the field decides the type"));
        // The value becomes a placeholder: its type would be guessed otherwise.
        self.tree.nodes[node.0 as usize].kind = SpanNodeKind::Broken;
    }

    fn check_keys(&mut self, first: u32, count: u32) {
        let mut is_repeated = false;
        let mut seen = SeenKeys::for_keys(count as usize / 2);
        for key in self
            .tree
            .child_slice(first, count)
            .iter()
            .copied()
            .step_by(2)
        {
            let Some(scalar) = self.tree.scalar(key) else {
                // A list or map as a key has no name that a field or a pointer could use.
                self.diagnostics.push(key_not_text(self.tree.origin(key)));
                continue;
            };
            let Some(first) = seen.first_or_insert(scalar.text, key) else {
                continue;
            };
            is_repeated = true;
            self.diagnostics.push(duplicate_key(
                scalar.text,
                self.tree.origin(key),
                self.tree.origin(first),
            ));
        }
        self.tree.may_repeat_keys |= is_repeated;
    }

    /// Stores a scalar as a slice of the file if the parser returned one, as it does for nearly
    /// all. Else the text is copied.
    fn store_scalar(&mut self, text: &str) -> ScalarStorage {
        let source = &self.tree.source;
        // The parser borrows from the file's text when nothing had to be unescaped. The address
        // shows that without comparing or searching the text.
        let start = text.as_ptr().addr().wrapping_sub(source.as_ptr().addr());
        let end = start.wrapping_add(text.len());
        if source
            .get(start..end)
            .is_some_and(|slice| std::ptr::eq(slice, text))
        {
            return ScalarStorage::Slice(to_index(start), to_index(end));
        }
        self.tree.store_text(text.into())
    }

    fn span_origin(&self, span: &Span) -> FileSpan {
        // The parser counts characters as well; only byte offsets can slice the text.
        let byte =
            |marker: granit_parser::Marker| to_index(marker.byte_offset().unwrap_or_default());
        let start = byte(span.start);
        let end = byte(span.end);
        FileSpan::new(self.tree.file, start, end.max(start))
    }

    /// Cuts trailing blanks and line breaks. The parser ends a block scalar where the next line
    /// begins.
    fn trim_trailing(&self, origin: FileSpan) -> FileSpan {
        let text = self
            .tree
            .source
            .get(origin.start as usize..origin.end as usize)
            .unwrap_or_default();
        FileSpan {
            end: origin.start + to_index(text.trim_end().len()),
            ..origin
        }
    }

    fn syntax_error(&self, error: &ScanError) -> Box<Diagnostic> {
        let start = error
            .marker()
            .byte_offset()
            .unwrap_or_default()
            .min(self.tree.source.len());
        let rest = self.tree.source.get(start..).unwrap_or_default();
        // The parser may stop before the tab, but the tab is the place to edit.
        let (start, width) = if is_tab(error.kind()) {
            find_tab(start, rest)
        } else {
            (start, visible_width(rest))
        };
        let origin = FileSpan::new(self.tree.file, to_index(start), to_index(start + width));
        // The same limit as ours, found by the parser first. One message serves both.
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return Box::new(nesting_too_deep(origin, self.limits.depth));
        }
        let (message, help) = syntax_words(error.kind());
        let end = start + visible_width(self.tree.source.get(start..).unwrap_or_default());
        let line = self
            .tree
            .source
            .get(..end)
            .and_then(|before| before.lines().last())
            .unwrap_or_default();
        // Inside of brackets, `${name}` is parsed as a map, and the parser's message speaks of
        // braces that the user did not mean.
        let in_flow = self.open.iter().any(|open| open.flow);
        let variable = (in_flow && line.contains("${")).then_some(QUOTE_VARIABLES);
        let help = variable.or(help);
        let message = message.map_or_else(|| error.info(), str::to_owned);
        let diagnostic =
            Diagnostic::error("production::yaml::syntax", origin, message).with_label("here");
        let diagnostic = diagnostic.with_optional_help(help.map(str::to_owned));
        // The error is often far below the bracket that was never closed, so the bracket is shown
        // as well.
        Box::new(match self.open.iter().rev().find(|open| open.flow) {
            Some(open) => {
                diagnostic.with_related(self.bracket_origin(open.node), "this bracket is open")
            }
            None => diagnostic,
        })
    }

    fn bracket_origin(&self, node: NodeId) -> FileSpan {
        let origin = self.tree.origin(node);
        FileSpan {
            end: origin.start + 1,
            ..origin
        }
    }
}

/// The help for `{title: ${name}}`. Between brackets, YAML reads the braces as a map.
const QUOTE_VARIABLES: &str = "between brackets, put quotes around a variable: \"${name}\"";

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind::{
        TabAtBlockScalarStart, TabInBlockIndentation, TabInIndentation, TabInPlainScalar,
        TabNotAllowed,
    };
    matches!(
        kind,
        TabNotAllowed
            | TabInBlockIndentation
            | TabInIndentation
            | TabInPlainScalar
            | TabAtBlockScalarStart
    )
}

/// Returns offset and width of the first tab that begins a line at or after `start`. The parser may
/// stop before the tab.
fn find_tab(start: usize, rest: &str) -> (usize, usize) {
    let offset = if rest.starts_with('\t') {
        Some(0)
    } else {
        rest.find("\n\t").map(|offset| offset + 1)
    };
    offset.map_or((start, visible_width(rest)), |offset| (start + offset, 1))
}

/// Returns the bytes of the first character. A control character or the end of the file has none to
/// underline.
fn visible_width(text: &str) -> usize {
    text.chars()
        .next()
        .filter(|c| !c.is_control())
        .map_or(0, char::len_utf8)
}

fn is_bare(tag: &Tag) -> bool {
    tag.original() == "!"
}

fn nesting_too_deep(origin: FileSpan, depth: usize) -> Diagnostic {
    let message = format!("lists and maps are nested more than {depth} deep");
    Diagnostic::error("production::yaml::too_deep", origin, message)
}

fn key_not_text(origin: FileSpan) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "production::yaml::key_not_text",
        origin,
        "a key must be text",
    );
    diagnostic.with_help("write keys as plain words, such as `name: value`")
}

fn duplicate_key(key: &str, second: FileSpan, first: FileSpan) -> Diagnostic {
    let message = format!("duplicate key {}", quote_value(key));
    let diagnostic = Diagnostic::error("production::yaml::duplicate_key", second, message)
        .with_label("written again");
    diagnostic
        .with_related(first, "first written here")
        .with_help("keep one of them")
}

/// Returns the part of `origin` that is on its first line, without trailing blanks.
fn first_line(text: &str, origin: FileSpan) -> FileSpan {
    let end = (origin.end as usize).min(text.len());
    let written = text.get(origin.start as usize..end).unwrap_or_default();
    let line = written
        .split(['\n', '\r'])
        .next()
        .unwrap_or_default()
        .trim_end();
    FileSpan {
        end: origin.start + to_index(line.len()),
        ..origin
    }
}

/// Returns the message for a syntax error where ours is clearer than the parser's, and the likely
/// fix.
fn syntax_words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    match kind {
        kind if is_tab(kind) => (Some("a tab may not indent"), Some("indent with spaces")),
        ErrorKind::UnclosedQuotedScalar => (None, Some("close the quote")),
        ErrorKind::InvalidQuotedScalarIndent => {
            let message = "a quoted text goes on here, but is not indented";
            (
                Some(message),
                Some("close the quote on a line above, or indent this line"),
            )
        }
        ErrorKind::UnclosedFlowCollection { .. } => (None, Some("close the bracket")),
        ErrorKind::InvalidColonPlacement => (
            Some("a key may not begin here"),
            Some("close the bracket, or write the key on one line"),
        ),
        ErrorKind::MappingValueNotAllowed => {
            let help = "put quotes around text that contains `: `, and begin keys of one map in the same column";
            (Some("a second value may not begin here"), Some(help))
        }
        ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockMappingKey => (
            None,
            Some("begin this line in the same column as its neighbours"),
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            None,
            Some("write `key: value`, with a space after the colon"),
        ),
        _ => (None, None),
    }
}
