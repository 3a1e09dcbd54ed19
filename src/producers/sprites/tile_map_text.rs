//! A tile map as TMX, the format of Tiled.

use crate::model::PixelSize;
use crate::model::sprites::TileMapWork;
use std::fmt::Write;

/// How the picture of the tiles is divided.
#[derive(Debug, Clone, Copy)]
pub(super) struct TileGrid {
    pub(super) size: PixelSize,
    pub(super) columns: usize,
    /// Pixels between two tiles.
    pub(super) spacing: u32,
}

/// Returns the map as text. `name` is that of its tileset.
pub(super) fn tile_map_text(work: &TileMapWork, name: &str, grid: TileGrid) -> String {
    let width = work.width.max(1) as usize;
    let height = work.places.len() / width;
    let rows: Vec<String> = work
        .places
        .chunks(width)
        .map(|row| {
            let places: Vec<String> = row.iter().map(u32::to_string).collect();
            places.join(",")
        })
        .collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "<map version=\"1.10\" orientation=\"{orientation}\" renderorder=\"right-down\" \
         width=\"{width}\" height=\"{height}\" tilewidth=\"{}\" tileheight=\"{}\" infinite=\"0\" \
         nextlayerid=\"2\" nextobjectid=\"1\">\n{tileset} <layer id=\"1\" name=\"tiles\" \
         width=\"{width}\" height=\"{height}\">\n  <data encoding=\"csv\">\n{}\n</data>\n </layer>\n\
         </map>\n",
        work.tile.width,
        work.tile.height,
        rows.join(",\n"),
        orientation = work.orientation.name(),
        tileset = tileset_text(work, name, grid),
    );
    text
}

fn tileset_text(work: &TileMapWork, name: &str, grid: TileGrid) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        " <tileset firstgid=\"1\" name=\"{}\" tilewidth=\"{}\" tileheight=\"{}\" spacing=\"{}\" \
         tilecount=\"{}\" columns=\"{}\">",
        escaped(name),
        work.cell.width,
        work.cell.height,
        grid.spacing,
        work.tiles.len(),
        grid.columns,
    );
    if work.offset > 0 {
        let _ = writeln!(text, "  <tileoffset x=\"-{}\" y=\"0\"/>", work.offset);
    }
    let _ = writeln!(
        text,
        "  <image source=\"{}\" width=\"{}\" height=\"{}\"/>",
        escaped(&work.image),
        grid.size.width,
        grid.size.height,
    );
    for (id, tile) in work.tiles.iter().enumerate() {
        let _ = writeln!(
            text,
            "  <tile id=\"{id}\">\n   <properties>\n    <property name=\"prop\" value=\"{}\"/>\n   \
             </properties>\n  </tile>",
            escaped(tile),
        );
    }
    text + " </tileset>\n"
}

/// Returns text for an attribute of XML.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            // XML has no form for other control characters.
            '\t' | '\n' | '\r' => escaped.push(' '),
            other if other.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sprites::MapOrientation;

    #[test]
    fn a_map_is_written_as_tiled_writes_it() {
        let work = TileMapWork {
            image: "a & b.png".to_owned(),
            tiles: vec!["grass".to_owned(), "\"deep\" <water>".to_owned()].into(),
            places: vec![1, 2, 0, 1, 1, 2].into(),
            width: 3,
            orientation: MapOrientation::Isometric,
            tile: PixelSize::new(64, 32),
            cell: PixelSize::new(96, 64),
            offset: 16,
            palette: None,
        };
        let grid = TileGrid {
            size: PixelSize::new(194, 64),
            columns: 2,
            spacing: 2,
        };
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<map version=\"1.10\" orientation=\"isometric\" renderorder=\"right-down\" width=\"3\" height=\"2\" tilewidth=\"64\" tileheight=\"32\" infinite=\"0\" nextlayerid=\"2\" nextobjectid=\"1\">
 <tileset firstgid=\"1\" name=\"pier\" tilewidth=\"96\" tileheight=\"64\" spacing=\"2\" tilecount=\"2\" columns=\"2\">
  <tileoffset x=\"-16\" y=\"0\"/>
  <image source=\"a &amp; b.png\" width=\"194\" height=\"64\"/>
  <tile id=\"0\">
   <properties>
    <property name=\"prop\" value=\"grass\"/>
   </properties>
  </tile>
  <tile id=\"1\">
   <properties>
    <property name=\"prop\" value=\"&quot;deep&quot; &lt;water&gt;\"/>
   </properties>
  </tile>
 </tileset>
 <layer id=\"1\" name=\"tiles\" width=\"3\" height=\"2\">
  <data encoding=\"csv\">
1,2,0,
1,1,2
</data>
 </layer>
</map>
";
        assert_eq!(tile_map_text(&work, "pier", grid), expected);
    }
}
