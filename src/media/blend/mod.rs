//! Which other files a Blender file refers to, read from its blocks without Blender.
//!
//! Only that: a run must know of every file that its pictures depend on before anything is opened. Meshes, materials and
//! everything else are Blender's to read. A reference to what is not there is left out; Blender finds that out and says so.

mod blend_reader;
mod blocks;
mod catalogue;
mod references;

pub use references::blend_file_references;
