//! The catalogue that every Blender file carries of its own structures: which fields they have, and where.
//!
//! It stands in the block `DNA1`: names of fields, names and sizes of types, and the structures made of them.

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

/// Where a field lies in its structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldRange {
    pub(super) start: usize,
    pub(super) length: usize,
}

impl StructureCatalogue {
    /// Reads the block, or returns none when it is not as it should be.
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

    /// Returns where a structure has the first field of one of these names, without what marks it as pointer or list.
    pub(super) fn find_field(&self, structure: usize, candidates: &[&str]) -> Option<FieldRange> {
        let mut start = 0usize;
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
        let element_length = if name.starts_with(['*', '(']) {
            self.pointer_bytes
        } else {
            usize::from(*self.sizes.get(kind).filter(|_| kind < self.types.len())?)
        };
        let sides = name
            .split('[')
            .skip(1)
            .filter_map(|part| part.trim_end_matches(']').parse().ok());
        sides
            .map(|side: usize| side)
            .try_fold(element_length, usize::checked_mul)
    }
}

/// The block while it is read; everything in it is aligned to four bytes.
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
        // Each takes at least a byte, so that a count that is a lie reserves no memory.
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
        let _ = self.read_u16()?;
        let count = self.read_u16()?;
        (0..count)
            .map(|_| Some((self.read_u16()?, self.read_u16()?)))
            .collect()
    }
}
