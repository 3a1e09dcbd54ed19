//! Charts, numbers, lists, quotes and code of a scene, as graphics of the document.

use super::yaml_text::quoted;
use crate::base::{Diagnostic, Diagnostics};
use crate::document::yaml_edit::{yaml_inline_list, yaml_inline_scalar};
use crate::model::cut::ScreenColour;
use crate::model::graphics::{
    IconWords, LEAST_CONTRAST, colour_contrast, decimals_of, mixed_colour, number_text,
    number_with_unit, readable_on,
};
use crate::treatment::planning::{FilmFonts, ScenePlan, TreatmentPlan};
use crate::treatment::treatment_value::{
    ChartKind, ChartRow, OverlayKind, SceneChart, SceneOverlay,
};
use crate::treatment::words::parse_number;

/// Longest text that is the title of a graphic.
const MAX_TITLE: usize = 60;
/// The largest number that a chart draws.
const MOST_NUMBER: f64 = 1e15;

/// Graphics of a scene, and what they leave to its titles.
pub(super) struct SceneGraphics {
    /// Entries of the document, each with its indent.
    pub(super) entries: Vec<String>,
    /// Whether a graphic shows the text of the scene as its title.
    pub(super) has_text: bool,
}

/// A graphic before it has its place in the picture.
struct GraphicFields {
    kind: &'static str,
    title: Option<String>,
    /// The frame at which it is written to appear.
    at: Option<u64>,
    lines: Vec<String>,
}

/// Returns the graphics of a scene. What cannot be drawn is noted.
pub(super) fn scene_graphics(
    plan: &TreatmentPlan,
    planned: &ScenePlan,
    icons: &IconWords,
    diagnostics: &mut Diagnostics,
) -> SceneGraphics {
    let scene = &planned.scene;
    let fonts = &plan.fonts;
    let mut graphics = Vec::new();
    let (numbers, charts): (Vec<&SceneChart>, Vec<&SceneChart>) = scene
        .charts
        .iter()
        .partition(|chart| chart.kind == ChartKind::Kpi);
    for chart in charts {
        note_chart_letters(chart, fonts, diagnostics);
        graphics.extend(chart_fields(chart, fonts, diagnostics));
    }
    graphics.extend(number_fields(&numbers, (fonts, icons), diagnostics));
    for overlay in &scene.overlays {
        graphics.extend(overlay_fields(plan, overlay, icons));
    }
    // A table without rows has no lines.
    graphics.retain(|graphic| !graphic.lines.is_empty());
    let mut has_text = false;
    if let [only] = graphics.as_mut_slice()
        && only.title.is_none()
    {
        let text = short_text(planned, fonts);
        has_text = text.is_some();
        only.title = text.or_else(|| heading_title(planned, fonts, only.kind));
    }
    // A text that became the title of a graphic is not in its way.
    let is_covered = !has_text && has_other_text(planned);
    let count = graphics.len();
    let places = graphic_places(plan, planned, count, is_covered);
    let entries = graphics.into_iter().zip(places);
    SceneGraphics {
        entries: entries
            .map(|(graphic, place)| graphic_entry(plan, planned, graphic, &place))
            .collect(),
        has_text,
    }
}

/// Returns the text of a scene, if it is a single short one.
fn short_text(planned: &ScenePlan, fonts: &FilmFonts) -> Option<String> {
    let texts = planned.scene.overlays.iter();
    let mut texts = texts.filter(|overlay| overlay.kind == OverlayKind::Text);
    let only = texts.next().filter(|_| texts.next().is_none())?;
    let [line] = only.lines.as_slice() else {
        return None;
    };
    let text = fonts.drawable(&line.value);
    (!text.is_empty() && text.chars().count() <= MAX_TITLE).then_some(text)
}

fn heading_title(planned: &ScenePlan, fonts: &FilmFonts, kind: &str) -> Option<String> {
    // Words of somebody and numbers need no heading to be understood.
    let heading = planned.scene.heading.as_ref().filter(|_| kind != "quote")?;
    let text = fonts.drawable(&heading.value);
    (!text.is_empty() && text.chars().count() <= MAX_TITLE).then_some(text)
}

/// Returns whether a scene has texts that are titles, beside its graphics.
fn has_other_text(planned: &ScenePlan) -> bool {
    let overlays = planned.scene.overlays.iter();
    let mut kinds = overlays.map(|overlay| overlay.kind);
    kinds.any(|kind| matches!(kind, OverlayKind::Text | OverlayKind::LowerThird))
}

/// Returns the fields that say where and when each graphic of a scene is.
fn graphic_places(
    plan: &TreatmentPlan,
    planned: &ScenePlan,
    count: usize,
    is_covered: bool,
) -> Vec<String> {
    let (width, height) = plan.settings.aspect;
    match count {
        1 if is_covered => vec!["place: bottom".to_owned()],
        2 if !is_covered && width > height => {
            vec!["place: left".to_owned(), "place: right".to_owned()]
        }
        2 if !is_covered => vec!["place: top".to_owned(), "place: bottom".to_owned()],
        _ => (0..count)
            .map(|index| turn_fields(planned, index, count, is_covered))
            .collect(),
    }
}

/// Returns the fields of a graphic that is seen in its turn.
fn turn_fields(planned: &ScenePlan, index: usize, count: usize, is_covered: bool) -> String {
    let number = |value: usize| i64::try_from(value).unwrap_or(1);
    let turn = (planned.frames / number(count).max(1)).max(1);
    let mut fields = Vec::new();
    if is_covered {
        fields.push("place: bottom".to_owned());
    }
    if index > 0 {
        fields.push(format!("at: {}", turn * number(index)));
    }
    // The last one ends with the scene, however long that becomes.
    if index + 1 < count {
        fields.push(format!("for: {turn}"));
    }
    fields.join("\n")
}

fn graphic_entry(
    plan: &TreatmentPlan,
    planned: &ScenePlan,
    graphic: GraphicFields,
    place: &str,
) -> String {
    let mut lines = vec![
        format!("kind: {}", graphic.kind),
        format!("shot: {}", yaml_inline_scalar(&planned.scene.slug)),
    ];
    lines.extend(
        graphic
            .title
            .map(|title| format!("title: {}", yaml_inline_scalar(&title))),
    );
    lines.extend(graphic.lines);
    let source = planned
        .scene
        .source
        .as_ref()
        .filter(|_| has_numbers(graphic.kind));
    let source = source.map(|source| plan.fonts.drawable(&source.value));
    let source = source.filter(|source| has_letters(source));
    lines.extend(source.map(|source| {
        format!(
            "source: {}",
            yaml_inline_scalar(&format!("Source: {source}"))
        )
    }));
    // One that waits for its turn does not come earlier.
    let at = graphic.at.filter(|_| !place.contains("at: "));
    lines.extend(at.map(|at| format!("at: {at}")));
    lines.extend(place.lines().map(str::to_owned));
    let colours = GraphicPalette::new(&plan.settings.palette);
    lines.push(format!("accent: \"{}\"", colours.accent));
    lines.push(format!("panel: \"{}\"", colours.panel));
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let mark = if index == 0 { "    - " } else { "      " };
        text.push_str(&format!("{mark}{line}\n"));
    }
    text
}

/// Returns whether a kind of graphic has numbers that are from somewhere.
fn has_numbers(kind: &str) -> bool {
    matches!(kind, "bar" | "line" | "pie" | "table" | "kpi")
}

/// The colours of graphics, in the colours of the film.
struct GraphicPalette {
    accent: String,
    panel: String,
}

impl GraphicPalette {
    fn new(palette: &[String]) -> Self {
        let colour = |index: usize| {
            let hex = palette.get(index).map_or("808080", String::as_str);
            ScreenColour::from_hex(&format!("#{hex}")).unwrap_or(ScreenColour::BLACK)
        };
        // A shade apart from what is behind it.
        let behind = colour(0);
        let is_dark = readable_on(behind) == ScreenColour::WHITE;
        let away = if is_dark {
            ScreenColour::BLACK
        } else {
            ScreenColour::WHITE
        };
        let panel = mixed_colour(behind, away, 0.45);
        // A colour of a brand may be near to its background. Bars must be seen.
        let accents = [colour(2), colour(3), colour(1), readable_on(panel)];
        let seen = accents
            .into_iter()
            .find(|accent| colour_contrast(*accent, panel) >= LEAST_CONTRAST);
        let hex = |colour: ScreenColour| colour.to_string().trim_start_matches('#').to_owned();
        Self {
            accent: hex(seen.unwrap_or(ScreenColour::WHITE)),
            panel: hex(panel),
        }
    }
}

/// Returns a chart, or a table of its words where it has no numbers.
fn chart_fields(
    chart: &SceneChart,
    fonts: &FilmFonts,
    diagnostics: &mut Diagnostics,
) -> Option<GraphicFields> {
    let title = chart
        .title
        .as_ref()
        .map(|title| fonts.drawable(&title.value))
        .filter(|title| !title.is_empty());
    let rows: Vec<&ChartRow> = chart.rows.iter().filter(|row| has_number(row)).collect();
    if chart.kind == ChartKind::Table || rows.is_empty() {
        return Some(GraphicFields {
            kind: "table",
            title,
            at: None,
            // Words in the place of numbers are still worth showing.
            lines: table_lines(chart, fonts),
        });
    }
    for row in chart.rows.iter().filter(|row| !has_number(row)) {
        let code = "production::treatment::not_drawn";
        let message = "this row has no number that can be drawn";
        let note = Diagnostic::info(code, row.label.origin, message);
        diagnostics.push(note.with_label(format!("left out of the {} chart", chart.kind.name())));
    }
    if chart.kind == ChartKind::Pie {
        warn_no_whole(chart, &rows, diagnostics);
    }
    let kind = match chart.kind {
        // Bars show the numbers as they are; slices would show shares that nobody wrote.
        ChartKind::Pie if !is_whole(&rows) => "bar",
        kind => kind.name(),
    };
    Some(GraphicFields {
        kind,
        title,
        at: None,
        lines: data_lines(&rows, fonts, None),
    })
}

fn has_number(row: &ChartRow) -> bool {
    row.value
        .is_some_and(|value| value.is_finite() && value.abs() <= MOST_NUMBER)
}

/// Whether rows are the parts of one whole: 0 or more, and percentages that add up to 100.
fn is_whole(rows: &[&ChartRow]) -> bool {
    let values = rows.iter().filter_map(|row| row.value);
    let is_complete = percent_sum(rows).is_none_or(|sum| {
        // Each may be rounded.
        let most = 0.5 * f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX)) + 0.01;
        (sum - 100.0).abs() <= most.max(1.0)
    });
    values.clone().all(|value| value >= 0.0) && values.sum::<f64>() > 0.0 && is_complete
}

/// Returns the sum of rows that are percentages. `None`: they are something else.
fn percent_sum(rows: &[&ChartRow]) -> Option<f64> {
    let is_percent = rows.iter().all(|row| row.unit == "%");
    is_percent.then(|| rows.iter().filter_map(|row| row.value).sum())
}

/// Warns about a pie of parts that are no whole: as a pie they would show shares that nobody wrote.
fn warn_no_whole(chart: &SceneChart, rows: &[&ChartRow], diagnostics: &mut Diagnostics) {
    if is_whole(rows) {
        return;
    }
    let message = match percent_sum(rows) {
        Some(sum) => format!(
            "the parts of this pie add up to {} %",
            number_text(sum, decimals_of(sum).min(2))
        ),
        None => "the parts of this pie are no parts of a whole".to_owned(),
    };
    let code = "production::treatment::no_whole";
    let warning = Diagnostic::warning(code, chart.origin, message);
    let help = "correct the numbers, or add what is missing as a part; of numbers that overlap, bars say more";
    diagnostics.push(warning.with_label("drawn as bars").with_help(help));
}

/// Returns the numbers of a scene, side by side.
fn number_fields(
    charts: &[&SceneChart],
    (fonts, icons): (&FilmFonts, &IconWords),
    diagnostics: &mut Diagnostics,
) -> Option<GraphicFields> {
    let mut rows: Vec<ChartRow> = Vec::new();
    for chart in charts {
        note_chart_letters(chart, fonts, diagnostics);
        for row in chart.rows.iter().filter(|row| has_number(row)) {
            let mut row = row.clone();
            // A number alone says nothing; the title of its chart says what it counts.
            let title = chart.title.as_ref().filter(|_| row.label.value.is_empty());
            if let Some(title) = title {
                row.label.value.clone_from(&title.value);
            }
            rows.push(row);
        }
    }
    let rows: Vec<&ChartRow> = rows.iter().collect();
    (!rows.is_empty()).then(|| GraphicFields {
        kind: "kpi",
        title: None,
        at: None,
        lines: data_lines(&rows, fonts, Some(icons)),
    })
}

/// Returns the numbers of a chart. They are shown as they are written, unless they are written as
/// they would be shown anyway.
fn data_lines(rows: &[&ChartRow], fonts: &FilmFonts, icons: Option<&IconWords>) -> Vec<String> {
    let values = || rows.iter().filter_map(|row| row.value);
    let decimals = values().map(decimals_of).max().unwrap_or(0);
    let unit = rows.first().map_or("", |row| row.unit.as_str());
    let is_usual = rows.iter().all(|row| {
        let shown = number_with_unit(&number_text(row.value.unwrap_or(0.0), decimals), unit);
        row.unit == unit && plain_form(&shown) == plain_form(&written_number(row))
    });
    let mut lines = Vec::new();
    if is_usual && !unit.is_empty() {
        lines.push(format!(
            "unit: {}",
            yaml_inline_scalar(&fonts.drawable(unit))
        ));
    }
    lines.push("data:".to_owned());
    for row in rows {
        let label = fonts.drawable(&row.label.value);
        let mut fields = Vec::new();
        if !label.is_empty() {
            fields.push(format!("label: {}", yaml_inline_scalar(&label)));
        }
        fields.push(format!("value: {}", row.value.unwrap_or(0.0)));
        if !is_usual {
            let shown = fonts.drawable(&written_number(row));
            fields.push(format!("shown: {}", yaml_inline_scalar(&shown)));
        }
        let icon = icons.and_then(|icons| icons.icon_for(&label));
        fields.extend(icon.map(|icon| format!("icon: {}", yaml_inline_scalar(icon))));
        lines.push(format!("  - {{{}}}", fields.join(", ")));
    }
    lines
}

/// Returns the cell with the number of a row. Its unit may be in the title of its column.
fn written_number(row: &ChartRow) -> String {
    let cells = row.cells.iter();
    let mut cells = cells.filter(|cell| cell.value.contains(|c: char| c.is_ascii_digit()));
    let written = cells.next().map_or("", |cell| cell.value.as_str());
    let has_unit = parse_number(written).is_none_or(|number| !number.unit.is_empty());
    if has_unit || row.unit.is_empty() {
        written.to_owned()
    } else {
        number_with_unit(written, &row.unit)
    }
}

/// Returns a number without what only divides it.
fn plain_form(text: &str) -> String {
    let text = text.replace(['−', '–'], "-");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn table_lines(chart: &SceneChart, fonts: &FilmFonts) -> Vec<String> {
    let cells = chart.rows.iter().map(|row| row.cells.len() + 1);
    let width = cells.chain([chart.columns.len()]).max().unwrap_or(0);
    let listed = |texts: Vec<String>| {
        let mut texts = texts;
        // The document wants rows of one width.
        texts.resize(width, String::new());
        yaml_inline_list(texts.iter().map(String::as_str))
    };
    let mut lines = Vec::new();
    if chart.rows.is_empty() {
        return lines;
    }
    if !chart.columns.is_empty() {
        let names = chart
            .columns
            .iter()
            .map(|column| fonts.drawable(&column.value));
        lines.push(format!("columns: {}", listed(names.collect())));
    }
    lines.push("rows:".to_owned());
    for row in &chart.rows {
        let texts = [&row.label].into_iter().chain(&row.cells);
        let texts = texts.map(|text| fonts.drawable(&text.value));
        lines.push(format!("  - {}", listed(texts.collect())));
    }
    lines
}

/// Returns a list, a quote or code. Other texts are titles.
fn overlay_fields(
    plan: &TreatmentPlan,
    overlay: &SceneOverlay,
    icons: &IconWords,
) -> Option<GraphicFields> {
    let at = overlay
        .at
        .map(|at| at.0 * u64::from(plan.settings.rate) / 1000);
    let graphic = |kind| GraphicFields {
        kind,
        title: None,
        at: at.filter(|at| *at > 0),
        lines: Vec::new(),
    };
    let fonts = &plan.fonts;
    let texts = || overlay.lines.iter().map(|line| fonts.drawable(&line.value));
    match overlay.kind {
        OverlayKind::List => {
            let mut list = graphic("list");
            list.lines.push("points:".to_owned());
            let points = texts().filter(|text| has_letters(text));
            list.lines
                .extend(points.map(|text| point_line(&text, icons)));
            Some(list).filter(|list| list.lines.len() > 1)
        }
        OverlayKind::Quote => {
            let lines = quote_lines(texts().collect(), overlay.is_attributed)?;
            Some(GraphicFields {
                lines,
                ..graphic("quote")
            })
        }
        OverlayKind::Code => {
            let code = overlay.lines.iter();
            let code: Vec<String> = code
                .map(|line| fonts.drawable_letters(&line.value))
                .collect();
            if !code.iter().any(|line| has_letters(line)) {
                return None;
            }
            let mut card = graphic("code");
            card.lines.push("text:".to_owned());
            // In quotes, which keep the spaces that a line of code begins with.
            let code = code.iter().map(|line| format!("  - {}", quoted(line)));
            card.lines.extend(code);
            Some(card)
        }
        OverlayKind::Text | OverlayKind::LowerThird | OverlayKind::Logo => None,
    }
}

/// Returns the fields of a quote. Its last words may be the name of the speaker.
fn quote_lines(mut words: Vec<String>, is_attributed: bool) -> Option<Vec<String>> {
    let by = words.pop_if(|_| is_attributed);
    let words = words.join(" ");
    if !has_letters(&words) {
        return None;
    }
    let by = by.filter(|by| has_letters(by));
    let by = by.map(|by| format!("by: {}", yaml_inline_scalar(&by)));
    let text = format!("text: {}", yaml_inline_scalar(&words));
    Some([text].into_iter().chain(by).collect())
}

/// Returns a point of a list, with the icon that suits it.
fn point_line(text: &str, icons: &IconWords) -> String {
    let shown = yaml_inline_scalar(text);
    match icons.icon_for(text) {
        Some(icon) => format!("  - {{text: {shown}, icon: {}}}", yaml_inline_scalar(icon)),
        None => format!("  - {shown}"),
    }
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Notes texts of a chart with characters that no font of the film has.
fn note_chart_letters(chart: &SceneChart, fonts: &FilmFonts, diagnostics: &mut Diagnostics) {
    let rows = chart.rows.iter();
    let cells = rows.flat_map(|row| [&row.label].into_iter().chain(&row.cells));
    let texts = chart.title.iter().chain(&chart.columns).chain(cells);
    for text in texts {
        if fonts.has_all(&text.value) {
            continue;
        }
        let message = "no font of the film has some characters of this text";
        let code = "production::treatment::not_drawn";
        let note = Diagnostic::info(code, text.origin, message);
        let help = "name a font with `fonts:` of the production, and write the text there";
        let label = format!("left out of the {} chart", chart.kind.name());
        diagnostics.push(note.with_label(label).with_help(help));
    }
}
