//! The catalogue of structures in a Blender file: their fields, and where each one is.
//!
//! Every Blender file has one in its block `DNA1`: names of fields, names and sizes of types, and
//! the structures made of them. Fields move between versions, so their offsets must come from the
//! file.

/// The structures of one file.
#[derive(Debug, Default)]
pub(super) struct StructureCatalogue {
    names: Vec<String>,
    types: Vec<String>,
    sizes: Vec<u16>,
    /// Each structure's fields, as indices of type and name.
    structures: Vec<Vec<(u16, u16)>>,
    pointer_bytes: usize,
}

/// The bytes of a field within its structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldRange {
    pub(super) start: usize,
    pub(super) length: usize,
}

impl StructureCatalogue {
    /// Parses the block `DNA1`. `None`: the block is damaged.
    pub(super) fn read(bytes: &[u8], pointer_bytes: usize) -> Option<Self> {
        let mut reader = DnaReader { bytes, position: 0 };
        reader.expect_tag(b"SDNA")?;
        reader.expect_tag(b"NAME")?;
        let names = reader.read_texts()?;
        reader.expect_tag(b"TYPE")?;
        let types = reader.read_texts()?;
        reader.expect_tag(b"TLEN")?;
        let sizes = (0..types.len())
            .map(|_| reader.read_u16())
            .collect::<Option<Vec<_>>>()?;
        reader.expect_tag(b"STRC")?;
        let count = reader.read_count()?;
        let structures = (0..count)
            .map(|_| reader.read_structure())
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            names,
            types,
            sizes,
            structures,
            pointer_bytes,
        })
    }

    /// Returns the first field of `structure` with one of these names. Stars and brackets of the
    /// declaration do not count.
    pub(super) fn find_field(&self, structure: usize, candidates: &[&str]) -> Option<FieldRange> {
        let mut start = 0usize;
        // Fields are packed without gaps: Blender pads its structures with fields of their own.
        // Offsets are therefore sums of lengths.
        for (kind, name) in self.structures.get(structure)? {
            let name = self.names.get(usize::from(*name))?;
            let length = self.field_length(usize::from(*kind), name)?;
            let bare = name
                .trim_start_matches('*')
                .split('[')
                .next()
                .unwrap_or_default();
            if candidates.contains(&bare) {
                return Some(FieldRange { start, length });
            }
            start = start.checked_add(length)?;
        }
        None
    }

    fn field_length(&self, kind: usize, name: &str) -> Option<usize> {
        // `*name` is a pointer and `(*name)()` a function pointer. Both have the size of a pointer
        // in this file, for any type.
        let element_length = if name.starts_with(['*', '(']) {
            self.pointer_bytes
        } else {
            usize::from(*self.sizes.get(kind).filter(|_| kind < self.types.len())?)
        };
        // `name[4][4]` is an array; each bracket multiplies the length.
        let sides = name
            .split('[')
            .skip(1)
            .filter_map(|part| part.trim_end_matches(']').parse().ok());
        sides
            .map(|side: usize| side)
            // Checked, because a damaged file can claim any size.
            .try_fold(element_length, usize::checked_mul)
    }
}

/// A cursor over the block. Tags are aligned to four bytes.
struct DnaReader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl DnaReader<'_> {
    fn expect_tag(&mut self, tag: &[u8; 4]) -> Option<()> {
        self.position = self.position.next_multiple_of(4);
        let matches = self.bytes.get(self.position..self.position + 4)? == tag;
        self.position += 4;
        matches.then_some(())
    }

    fn read_count(&mut self) -> Option<usize> {
        let bytes = self
            .bytes
            .get(self.position..self.position + 4)?
            .try_into()
            .ok()?;
        self.position += 4;
        // Each entry takes at least a byte. A larger count is forged, and would reserve memory.
        usize::try_from(u32::from_le_bytes(bytes))
            .ok()
            .filter(|count| *count <= self.bytes.len())
    }

    fn read_u16(&mut self) -> Option<u16> {
        let bytes = self
            .bytes
            .get(self.position..self.position + 2)?
            .try_into()
            .ok()?;
        self.position += 2;
        Some(u16::from_le_bytes(bytes))
    }

    fn read_texts(&mut self) -> Option<Vec<String>> {
        let count = self.read_count()?;
        (0..count).map(|_| self.read_text()).collect()
    }

    fn read_text(&mut self) -> Option<String> {
        let rest = self.bytes.get(self.position..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        self.position += end + 1;
        Some(String::from_utf8_lossy(&rest[..end]).into_owned())
    }

    fn read_structure(&mut self) -> Option<Vec<(u16, u16)>> {
        // The index of the structure's own type, which no search needs.
        let _ = self.read_u16()?;
        let count = self.read_u16()?;
        (0..count)
            .map(|_| Some((self.read_u16()?, self.read_u16()?)))
            .collect()
    }
}
