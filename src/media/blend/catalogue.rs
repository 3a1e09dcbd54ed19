//! The catalogue that every Blender file carries of its own structures: which fields they have, and where.
//!
//! It stands in the block `DNA1`: names of fields, names and sizes of types, and the structures made of them.

/// The structures of one file.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    names: Vec<String>,
    types: Vec<String>,
    sizes: Vec<u16>,
    /// Each structure's fields, as indices of type and name.
    structures: Vec<Vec<(u16, u16)>>,
    pointer: usize,
}

/// Where a field lies in its structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) length: usize,
}

impl Catalogue {
    /// Reads the block, or returns none when it is not as it should be.
    pub(super) fn read(bytes: &[u8], pointer: usize) -> Option<Self> {
        let mut page = Page { bytes, at: 0 };
        page.mark(b"SDNA")?;
        page.mark(b"NAME")?;
        let names = page.texts()?;
        page.mark(b"TYPE")?;
        let types = page.texts()?;
        page.mark(b"TLEN")?;
        let sizes = (0..types.len())
            .map(|_| page.short())
            .collect::<Option<Vec<_>>>()?;
        page.mark(b"STRC")?;
        let count = page.count()?;
        let structures = (0..count)
            .map(|_| page.structure())
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            names,
            types,
            sizes,
            structures,
            pointer,
        })
    }

    /// Returns where a structure has the first field of one of these names, without what marks it as pointer or list.
    pub(super) fn field(&self, structure: usize, wanted: &[&str]) -> Option<Place> {
        let mut start = 0usize;
        for (kind, name) in self.structures.get(structure)? {
            let name = self.names.get(usize::from(*name))?;
            let length = self.length(usize::from(*kind), name)?;
            let bare = name
                .trim_start_matches('*')
                .split('[')
                .next()
                .unwrap_or_default();
            if wanted.contains(&bare) {
                return Some(Place { start, length });
            }
            start = start.checked_add(length)?;
        }
        None
    }

    fn length(&self, kind: usize, name: &str) -> Option<usize> {
        let one = if name.starts_with(['*', '(']) {
            self.pointer
        } else {
            usize::from(*self.sizes.get(kind).filter(|_| kind < self.types.len())?)
        };
        let sides = name
            .split('[')
            .skip(1)
            .filter_map(|part| part.trim_end_matches(']').parse().ok());
        sides
            .map(|side: usize| side)
            .try_fold(one, usize::checked_mul)
    }
}

/// The block while it is read; everything in it is aligned to four bytes.
struct Page<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Page<'_> {
    fn mark(&mut self, mark: &[u8; 4]) -> Option<()> {
        self.at = self.at.next_multiple_of(4);
        let found = self.bytes.get(self.at..self.at + 4)? == mark;
        self.at += 4;
        found.then_some(())
    }

    fn count(&mut self) -> Option<usize> {
        let bytes = self.bytes.get(self.at..self.at + 4)?.try_into().ok()?;
        self.at += 4;
        // Each takes at least a byte, so that a count that is a lie reserves no memory.
        usize::try_from(u32::from_le_bytes(bytes))
            .ok()
            .filter(|count| *count <= self.bytes.len())
    }

    fn short(&mut self) -> Option<u16> {
        let bytes = self.bytes.get(self.at..self.at + 2)?.try_into().ok()?;
        self.at += 2;
        Some(u16::from_le_bytes(bytes))
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        let count = self.count()?;
        (0..count).map(|_| self.text()).collect()
    }

    fn text(&mut self) -> Option<String> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        self.at += end + 1;
        Some(String::from_utf8_lossy(&rest[..end]).into_owned())
    }

    fn structure(&mut self) -> Option<Vec<(u16, u16)>> {
        let _ = self.short()?;
        let count = self.short()?;
        (0..count)
            .map(|_| Some((self.short()?, self.short()?)))
            .collect()
    }
}
