//! SoundFonts as tables: reads what a font has, keeps what is needed of it, and writes it again.
//!
//! The synthesiser decodes every sample of a font when it loads it, and a General MIDI font has a
//! thousand of them, most of which a cue never plays. So it is given a font that has only the
//! presets of the cue. The same writer makes the built-in font.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Why a SoundFont cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FontTableError {
    /// The file system refuses it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no SoundFont.
    #[error("it is no SoundFont")]
    NoSoundFont,
    /// Its tables contradict themselves.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    /// What it says of its samples is not in the file.
    #[error("it was cut short")]
    Truncated,
}

/// Number of the generator that names an instrument.
const INSTRUMENT: u16 = 41;
/// Number of the generator of the keys for which a zone sounds.
const KEY_RANGE: u16 = 43;
/// Number of the generator of the velocities for which a zone sounds.
const VELOCITY_RANGE: u16 = 44;
/// Number of the generator that names a sample.
const SAMPLE_ID: u16 = 53;
/// Frames of silence that follow a sample of whole numbers, as the format demands.
const GUARD_FRAMES: usize = 46;
/// The most that is read of the tables: 65,535 records of the largest kind, seven times.
const MAX_TABLE_BYTES: u64 = 64 << 20;
/// The most that is read of a text. The format allows that much.
const MAX_TEXT_BYTES: u64 = 1 << 16;

/// One setting of a zone: the number of the generator, and its amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FontGenerator {
    /// The number.
    pub(super) number: u16,
    /// The amount, as its 16 bits.
    pub(super) amount: u16,
}

/// A preset, or an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FontEntry {
    pub(super) name: [u8; 20],
    /// MIDI program; 0 for instruments.
    pub(super) program: u16,
    /// MIDI bank; 128 for percussion; 0 for instruments.
    pub(super) bank: u16,
    pub(super) zones: Vec<Vec<FontGenerator>>,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FontSample {
    pub(super) name: [u8; 20],
    /// Where its bytes are among those of all samples.
    pub(super) bytes: Range<u64>,
    /// Frame at which its loop begins, from its first.
    pub(super) loop_start: u32,
    /// Frame at which its loop ends.
    pub(super) loop_end: u32,
    /// Frames a second.
    pub(super) sample_rate: u32,
    pub(super) pitch: u8,
    /// Hundredths of a semitone by which it is higher.
    pub(super) correction: u8,
    /// Its kind as the format numbers it.
    pub(super) kind: u16,
}

/// The tables of a SoundFont, without the samples themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FontTables {
    pub(super) presets: Vec<FontEntry>,
    pub(super) instruments: Vec<FontEntry>,
    pub(super) samples: Vec<FontSample>,
    /// Whether its samples are Ogg Vorbis.
    pub(super) is_compressed: bool,
    /// What it says of itself, by the name of the chunk.
    pub(super) texts: BTreeMap<[u8; 4], String>,
    /// Where the bytes of the samples begin in the file.
    data_start: u64,
}

/// Returns a name of 20 bytes.
#[must_use]
pub(super) fn font_name(text: &str) -> [u8; 20] {
    let mut name = [0; 20];
    for (to, from) in name.iter_mut().take(19).zip(text.bytes()) {
        *to = from;
    }
    name
}

impl FontTables {
    /// Reads the tables of a font.
    ///
    /// # Errors
    /// Fails if it is no SoundFont, or is damaged.
    pub(super) fn read(file: &mut (impl Read + Seek)) -> Result<Self, FontTableError> {
        let chunks = FontChunks::read(file)?;
        let samples = chunks.samples.ok_or(FontTableError::NoSoundFont)?;
        let mut magic = [0; 4];
        file.seek(SeekFrom::Start(samples.start))?;
        // SF3 fonts have the chunks of SF2 and samples in Ogg Vorbis. Only the first bytes of the
        // samples show it.
        let is_compressed = samples.end - samples.start >= 4 && {
            file.read_exact(&mut magic)?;
            &magic == b"OggS"
        };
        let table = |name: &[u8; 4], damage: &'static str| {
            let found = chunks.tables.get(name);
            found
                .map(Vec::as_slice)
                .ok_or(FontTableError::Damaged(damage))
        };
        let preset_zones = read_zones(table(b"pbag", "no pbag")?, table(b"pgen", "no pgen")?)?;
        let instrument_zones = read_zones(table(b"ibag", "no ibag")?, table(b"igen", "no igen")?)?;
        let size = samples.end - samples.start;
        Ok(Self {
            presets: read_entries(table(b"phdr", "no phdr")?, 38, &preset_zones)?,
            instruments: read_entries(table(b"inst", "no inst")?, 22, &instrument_zones)?,
            samples: read_samples(table(b"shdr", "no shdr")?, is_compressed, size),
            is_compressed,
            data_start: samples.start,
            texts: chunks.texts,
        })
    }

    /// Returns the bytes of a font that has only what these notes need. A preset that the font
    /// lacks is replaced by what a synthesiser falls back to.
    ///
    /// # Errors
    /// Fails if the samples cannot be read.
    pub(super) fn subset_bytes(
        &self,
        file: &mut (impl Read + Seek),
        wanted: &BTreeMap<FontPreset, PlayedNotes>,
    ) -> Result<Vec<u8>, FontTableError> {
        let mut subset = Self {
            is_compressed: self.is_compressed,
            ..Self::default()
        };
        let mut instruments = IndexMap::default();
        let mut played: BTreeMap<u16, PlayedNotes> = BTreeMap::new();
        for (preset, notes) in wanted {
            let entry = self.find_preset(*preset);
            let entry = entry.ok_or(FontTableError::Damaged("no presets"))?;
            let zones = notes.needed_zones(&entry.zones, INSTRUMENT);
            for index in zones
                .iter()
                .flatten()
                .filter(|part| part.number == INSTRUMENT)
            {
                played.entry(index.amount).or_default().add_all(notes);
            }
            subset.presets.push(FontEntry {
                bank: preset.bank,
                program: preset.program,
                zones: instruments.remap(&zones, INSTRUMENT),
                ..entry.clone()
            });
        }
        let mut samples = IndexMap::default();
        for old in &instruments.order {
            let entry = self.instruments.get(usize::from(*old));
            let entry = entry.ok_or(FontTableError::Damaged("a preset of no instrument"))?;
            let zones = match played.get(old) {
                Some(notes) => notes.needed_zones(&entry.zones, SAMPLE_ID),
                None => entry.zones.clone(),
            };
            subset.instruments.push(FontEntry {
                zones: samples.remap(&zones, SAMPLE_ID),
                ..entry.clone()
            });
        }
        let mut data = Vec::new();
        for old in &samples.order {
            let sample = self.samples.get(usize::from(*old));
            let sample = sample.ok_or(FontTableError::Damaged("an instrument of no sample"))?;
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(self.data_start + sample.bytes.start))?;
            let size = sample.bytes.end - sample.bytes.start;
            file.take(size).read_to_end(&mut bytes)?;
            if size == 0 || bytes.len() as u64 != size {
                return Err(FontTableError::Truncated);
            }
            subset.add_sample(sample.clone(), &bytes, &mut data);
        }
        let bytes = subset.file_bytes(&data);
        bytes.ok_or(FontTableError::Damaged("more than a font can have"))
    }

    /// Returns the preset that a synthesiser plays for a program.
    fn find_preset(&self, wanted: FontPreset) -> Option<&FontEntry> {
        let find = |bank: u16, program: u16| {
            let mut presets = self.presets.iter();
            presets.find(|preset| preset.bank == bank && preset.program == program)
        };
        // As synthesisers fall back: the standard kit replaces a drum kit that the font lacks, and
        // the piano replaces any other instrument.
        let standard = if wanted.bank == 128 {
            0
        } else {
            wanted.program
        };
        find(wanted.bank, wanted.program)
            .or_else(|| find(wanted.bank, standard))
            .or_else(|| find(0, 0))
            .or(self.presets.first())
    }

    /// Adds a sample with its bytes to a font that is made.
    pub(super) fn add_sample(&mut self, sample: FontSample, bytes: &[u8], data: &mut Vec<u8>) {
        let start = data.len() as u64;
        data.extend_from_slice(bytes);
        let end = data.len() as u64;
        if !self.is_compressed {
            data.resize(data.len() + 2 * GUARD_FRAMES, 0);
        }
        self.samples.push(FontSample {
            bytes: start..end,
            ..sample
        });
    }

    /// Returns the font as a file. `None`: it has more than the format can number.
    #[must_use]
    pub(super) fn file_bytes(&self, data: &[u8]) -> Option<Vec<u8>> {
        let mut info = Vec::new();
        add_chunk(&mut info, b"ifil", &[2, 0, 1, 0])?;
        add_chunk(&mut info, b"INAM", b"production\0\0")?;
        let mut samples = Vec::new();
        add_chunk(&mut samples, b"smpl", data)?;
        let mut tables = Vec::new();
        let preset_zones = zone_tables(&self.presets)?;
        let instrument_zones = zone_tables(&self.instruments)?;
        add_chunk(
            &mut tables,
            b"phdr",
            &entry_table(&self.presets, true, b"EOP")?,
        )?;
        add_chunk(&mut tables, b"pbag", &preset_zones.bags)?;
        // No modulators, but the record that closes the table, as the format demands.
        add_chunk(&mut tables, b"pmod", &[0; 10])?;
        add_chunk(&mut tables, b"pgen", &preset_zones.generators)?;
        add_chunk(
            &mut tables,
            b"inst",
            &entry_table(&self.instruments, false, b"EOI")?,
        )?;
        add_chunk(&mut tables, b"ibag", &instrument_zones.bags)?;
        add_chunk(&mut tables, b"imod", &[0; 10])?;
        add_chunk(&mut tables, b"igen", &instrument_zones.generators)?;
        add_chunk(&mut tables, b"shdr", &self.sample_table()?)?;
        let mut body = b"sfbk".to_vec();
        add_list(&mut body, b"INFO", &info)?;
        add_list(&mut body, b"sdta", &samples)?;
        add_list(&mut body, b"pdta", &tables)?;
        let mut file = Vec::new();
        add_chunk(&mut file, b"RIFF", &body)?;
        Some(file)
    }

    fn sample_table(&self) -> Option<Vec<u8>> {
        let mut table = Vec::new();
        for sample in &self.samples {
            // Places are frames in a font of whole numbers and bytes in a compressed one, where
            // loops count from the first frame of their sample.
            let unit = if self.is_compressed { 1 } else { 2 };
            let start = u32::try_from(sample.bytes.start / unit).ok()?;
            let base = if self.is_compressed { 0 } else { start };
            table.extend_from_slice(&sample.name);
            for number in [
                start,
                u32::try_from(sample.bytes.end / unit).ok()?,
                base.checked_add(sample.loop_start)?,
                base.checked_add(sample.loop_end)?,
                sample.sample_rate,
            ] {
                table.extend_from_slice(&number.to_le_bytes());
            }
            table.extend_from_slice(&[sample.pitch, sample.correction, 0, 0]);
            table.extend_from_slice(&sample.kind.to_le_bytes());
        }
        table.extend_from_slice(b"EOS");
        table.resize(table.len() + 43, 0);
        Some(table)
    }
}

/// A program in a bank. Percussion is bank 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FontPreset {
    pub(super) bank: u16,
    pub(super) program: u16,
}

/// The notes that a preset plays: pitches and velocities.
#[derive(Debug, Clone, Default)]
pub(super) struct PlayedNotes(BTreeSet<(u8, u8)>);

impl PlayedNotes {
    /// Adds a note.
    pub(super) fn add(&mut self, pitch: u8, velocity: u8) {
        self.0.insert((pitch, velocity));
    }

    fn add_all(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// Returns the zones that sound for a note, and the one without `number`, which all others
    /// start from. Never none: an entry needs a zone.
    fn needed_zones(&self, zones: &[Vec<FontGenerator>], number: u16) -> Vec<Vec<FontGenerator>> {
        let range = |zone: &[FontGenerator], of: u16| {
            let found = zone.iter().find(|part| part.number == of);
            let [low, high] = found.map_or([0, 127], |part| part.amount.to_le_bytes());
            low..=high
        };
        let is_needed = |zone: &&Vec<FontGenerator>| {
            let keys = range(zone, KEY_RANGE);
            let velocities = range(zone, VELOCITY_RANGE);
            let sounds =
                |(key, velocity): &(u8, u8)| keys.contains(key) && velocities.contains(velocity);
            zone.iter().all(|part| part.number != number) || self.0.iter().any(sounds)
        };
        let needed: Vec<Vec<FontGenerator>> = zones.iter().filter(is_needed).cloned().collect();
        // A note that no zone covers plays nothing, but an instrument without a sample is a damaged
        // font.
        let is_playable = needed.iter().flatten().any(|part| part.number == number);
        if is_playable { needed } else { zones.to_vec() }
    }
}

/// New indices for old ones, given out in order.
#[derive(Debug, Default)]
struct IndexMap {
    new: BTreeMap<u16, u16>,
    order: Vec<u16>,
}

impl IndexMap {
    /// Returns zones in which the amounts of one generator are new indices.
    fn remap(&mut self, zones: &[Vec<FontGenerator>], number: u16) -> Vec<Vec<FontGenerator>> {
        let mut remap = |part: &FontGenerator| {
            if part.number != number {
                return *part;
            }
            // Numbered in the order of their first use, so that the same notes give the same bytes.
            let next = u16::try_from(self.order.len()).unwrap_or(u16::MAX);
            let amount = *self.new.entry(part.amount).or_insert_with(|| {
                self.order.push(part.amount);
                next
            });
            FontGenerator { amount, ..*part }
        };
        let zones = zones.iter();
        zones
            .map(|zone| zone.iter().map(&mut remap).collect())
            .collect()
    }
}

/// Where the samples are in a file, and the tables.
struct FontChunks {
    samples: Option<Range<u64>>,
    tables: BTreeMap<[u8; 4], Vec<u8>>,
    texts: BTreeMap<[u8; 4], String>,
}

impl FontChunks {
    fn read(file: &mut (impl Read + Seek)) -> Result<Self, FontTableError> {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        let mut head = [0; 12];
        file.read_exact(&mut head)
            .map_err(|_| FontTableError::NoSoundFont)?;
        if &head[..4] != b"RIFF" || &head[8..] != b"sfbk" {
            return Err(FontTableError::NoSoundFont);
        }
        let mut chunks = Self {
            samples: None,
            tables: BTreeMap::new(),
            texts: BTreeMap::new(),
        };
        let mut place = 12;
        while let Some(header) = read_header(file, place)? {
            if header.end > length {
                return Err(FontTableError::Truncated);
            }
            if &header.id == b"LIST" {
                // The parts of a list follow its name.
                place = header.start + 4;
                continue;
            }
            if &header.id == b"smpl" {
                chunks.samples = Some(header.start..header.end);
            } else if TABLE_NAMES.contains(&&header.id) {
                if header.end - header.start > MAX_TABLE_BYTES {
                    return Err(FontTableError::Damaged(
                        "a table of more records than it can have",
                    ));
                }
                file.seek(SeekFrom::Start(header.start))?;
                let mut bytes = Vec::new();
                file.take(header.end - header.start)
                    .read_to_end(&mut bytes)?;
                chunks.tables.insert(header.id, bytes);
            } else if TEXT_NAMES.contains(&&header.id) {
                chunks.texts.insert(header.id, read_text(file, &header)?);
            }
            place = header.end;
            // A chunk of an odd size is padded, except the samples of fonts that MuseScore writes.
            let is_odd = (header.end - header.start) % 2 == 1;
            if is_odd && !begins_chunk(file, place)? {
                place += 1;
            }
        }
        Ok(chunks)
    }
}

const TABLE_NAMES: [&[u8; 4]; 7] = [
    b"phdr", b"pbag", b"pgen", b"inst", b"ibag", b"igen", b"shdr",
];

/// The chunks with name, copyright and comment.
const TEXT_NAMES: [&[u8; 4]; 3] = [b"INAM", b"ICOP", b"ICMT"];

struct ChunkHeader {
    id: [u8; 4],
    start: u64,
    end: u64,
}

/// Returns the chunk at a place. `None`: the file ends.
fn read_header(
    file: &mut (impl Read + Seek),
    place: u64,
) -> Result<Option<ChunkHeader>, FontTableError> {
    file.seek(SeekFrom::Start(place))?;
    let mut bytes = Vec::new();
    file.take(8).read_to_end(&mut bytes)?;
    let [a, b, c, d, size @ ..] = bytes.as_slice() else {
        return Ok(None);
    };
    let Ok(size) = <[u8; 4]>::try_from(size) else {
        return Ok(None);
    };
    Ok(Some(ChunkHeader {
        id: [*a, *b, *c, *d],
        start: place + 8,
        end: place + 8 + u64::from(u32::from_le_bytes(size)),
    }))
}

/// Returns the text of a chunk, which ends with a zero.
fn read_text(file: &mut (impl Read + Seek), header: &ChunkHeader) -> io::Result<String> {
    file.seek(SeekFrom::Start(header.start))?;
    let size = (header.end - header.start).min(MAX_TEXT_BYTES);
    let mut bytes = Vec::new();
    file.take(size).read_to_end(&mut bytes)?;
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// Returns whether the name of a chunk is at a place.
fn begins_chunk(file: &mut (impl Read + Seek), place: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(place))?;
    let mut name = Vec::new();
    file.take(4).read_to_end(&mut name)?;
    Ok(name.len() == 4 && name.iter().all(u8::is_ascii_alphanumeric))
}

fn u16_at(record: &[u8], offset: usize) -> u16 {
    let bytes = record
        .get(offset..offset + 2)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u16::from_le_bytes)
}

fn u32_at(record: &[u8], offset: usize) -> u32 {
    let bytes = record
        .get(offset..offset + 4)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_le_bytes)
}

/// Returns all zones of a bag.
fn read_zones(bags: &[u8], generators: &[u8]) -> Result<Vec<Vec<FontGenerator>>, FontTableError> {
    let starts: Vec<usize> = bags
        .chunks_exact(4)
        .map(|bag| usize::from(u16_at(bag, 0)))
        .collect();
    let generators: Vec<FontGenerator> = generators
        .chunks_exact(4)
        .map(|record| FontGenerator {
            number: u16_at(record, 0),
            amount: u16_at(record, 2),
        })
        .collect();
    let zones = starts.windows(2).map(|pair| {
        let zone = generators.get(pair[0]..pair[1]);
        zone.map(<[FontGenerator]>::to_vec)
            .ok_or(FontTableError::Damaged("a zone of no generators"))
    });
    zones.collect()
}

/// Returns presets, whose records have 38 bytes, or instruments, whose records have 22.
fn read_entries(
    records: &[u8],
    size: usize,
    zones: &[Vec<FontGenerator>],
) -> Result<Vec<FontEntry>, FontTableError> {
    let is_preset = size == 38;
    let bag_offset = if is_preset { 24 } else { 20 };
    let records: Vec<&[u8]> = records.chunks_exact(size).collect();
    // An entry has the zones up to those of the next one, so the last record is none.
    let entries = records.windows(2).map(|pair| {
        let first = usize::from(u16_at(pair[0], bag_offset));
        let last = usize::from(u16_at(pair[1], bag_offset));
        let zones = zones
            .get(first..last)
            .ok_or(FontTableError::Damaged("an entry of no zones"))?;
        let mut name = [0; 20];
        name.copy_from_slice(&pair[0][..20]);
        Ok(FontEntry {
            name,
            program: if is_preset { u16_at(pair[0], 20) } else { 0 },
            bank: if is_preset { u16_at(pair[0], 22) } else { 0 },
            zones: zones.to_vec(),
        })
    });
    entries.collect()
}

fn read_samples(records: &[u8], is_compressed: bool, size: u64) -> Vec<FontSample> {
    let unit = if is_compressed { 1 } else { 2 };
    let count = (records.len() / 46).saturating_sub(1);
    let samples = records.chunks_exact(46).take(count).map(|record| {
        let start = u64::from(u32_at(record, 20)) * unit;
        let end = u64::from(u32_at(record, 24)) * unit;
        // Fonts have records of samples that nothing plays, whose places may be anywhere.
        let is_within = start <= end && end <= size;
        let base = if is_compressed { 0 } else { u32_at(record, 20) };
        let mut name = [0; 20];
        name.copy_from_slice(&record[..20]);
        FontSample {
            name,
            bytes: if is_within { start..end } else { 0..0 },
            loop_start: u32_at(record, 28).saturating_sub(base),
            loop_end: u32_at(record, 32).saturating_sub(base),
            sample_rate: u32_at(record, 36),
            pitch: record[40],
            correction: record[41],
            kind: u16_at(record, 44),
        }
    });
    samples.collect()
}

fn add_chunk(to: &mut Vec<u8>, id: &[u8; 4], bytes: &[u8]) -> Option<()> {
    to.extend_from_slice(id);
    to.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_le_bytes());
    to.extend_from_slice(bytes);
    if bytes.len() % 2 == 1 {
        to.push(0);
    }
    Some(())
}

fn add_list(to: &mut Vec<u8>, name: &[u8; 4], parts: &[u8]) -> Option<()> {
    let mut body = name.to_vec();
    body.extend_from_slice(parts);
    add_chunk(to, b"LIST", &body)
}

struct ZoneTables {
    bags: Vec<u8>,
    generators: Vec<u8>,
}

fn zone_tables(entries: &[FontEntry]) -> Option<ZoneTables> {
    let mut tables = ZoneTables {
        bags: Vec::new(),
        generators: Vec::new(),
    };
    for zone in entries.iter().flat_map(|entry| &entry.zones) {
        let first = u16::try_from(tables.generators.len() / 4).ok()?;
        tables.bags.extend_from_slice(&first.to_le_bytes());
        tables.bags.extend_from_slice(&[0, 0]);
        for generator in zone {
            tables
                .generators
                .extend_from_slice(&generator.number.to_le_bytes());
            tables
                .generators
                .extend_from_slice(&generator.amount.to_le_bytes());
        }
    }
    // The format ends each table with a record that only says where the last entry ends.
    let end = u16::try_from(tables.generators.len() / 4).ok()?;
    tables.bags.extend_from_slice(&end.to_le_bytes());
    tables.bags.extend_from_slice(&[0, 0]);
    tables.generators.extend_from_slice(&[0; 4]);
    Some(tables)
}

fn entry_table(entries: &[FontEntry], is_preset: bool, end: &[u8; 3]) -> Option<Vec<u8>> {
    let mut table = Vec::new();
    let mut first: u16 = 0;
    let mut add = |name: [u8; 20], program: u16, bank: u16, first: u16| {
        table.extend_from_slice(&name);
        if is_preset {
            table.extend_from_slice(&program.to_le_bytes());
            table.extend_from_slice(&bank.to_le_bytes());
        }
        table.extend_from_slice(&first.to_le_bytes());
        if is_preset {
            table.extend_from_slice(&[0; 12]);
        }
    };
    for entry in entries {
        add(entry.name, entry.program, entry.bank, first);
        first = first.checked_add(u16::try_from(entry.zones.len()).ok()?)?;
    }
    let mut name = [0; 20];
    // The last record names no entry. Its index says where the zones of the one before it end.
    name[..3].copy_from_slice(end);
    add(name, 0, 0, first);
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::built_in_font::built_in_font;
    use std::io::Cursor;

    fn whole() -> Vec<u8> {
        let preset = FontPreset {
            bank: 0,
            program: 45,
        };
        built_in_font([preset].iter())
    }

    /// Returns the font with `extra` after its samples, the first byte of which their size counts.
    fn odd_font(extra: &[u8]) -> Vec<u8> {
        let mut bytes = whole();
        let name = bytes.windows(4).position(|name| name == b"smpl").unwrap();
        let size = u32_at(&bytes, name + 4);
        let end = name + 8 + size as usize;
        bytes[name + 4..name + 8].copy_from_slice(&(size + 1).to_le_bytes());
        bytes.splice(end..end, extra.iter().copied());
        bytes
    }

    #[test]
    fn samples_of_an_odd_size_may_be_padded_or_not() {
        let expected = FontTables::read(&mut Cursor::new(whole())).unwrap();
        assert_eq!(expected.presets.len(), 1);
        for extra in [&[7][..], &[7, 0]] {
            let read = FontTables::read(&mut Cursor::new(odd_font(extra))).unwrap();
            assert_eq!(read, expected, "{extra:?}");
        }
    }

    #[test]
    fn a_font_of_some_notes_has_only_their_samples() {
        let tables = FontTables::read(&mut Cursor::new(whole())).unwrap();
        let mut notes = PlayedNotes::default();
        notes.add(60, 90);
        notes.add(62, 90);
        let preset = FontPreset {
            bank: 0,
            program: 45,
        };
        let wanted = BTreeMap::from([(preset, notes)]);
        let bytes = tables
            .subset_bytes(&mut Cursor::new(whole()), &wanted)
            .unwrap();
        let subset = FontTables::read(&mut Cursor::new(bytes)).unwrap();
        assert_eq!(
            subset.samples.len(),
            2,
            "two roots, of {}",
            tables.samples.len()
        );
        // A preset that the font lacks is the nearest that it has.
        let other = FontPreset {
            bank: 0,
            program: 99,
        };
        let wanted = BTreeMap::from([(other, PlayedNotes::default())]);
        assert!(
            tables
                .subset_bytes(&mut Cursor::new(whole()), &wanted)
                .is_ok()
        );
        let empty = FontTables::default();
        assert!(
            empty
                .subset_bytes(&mut Cursor::new(Vec::new()), &wanted)
                .is_err()
        );
    }
}
