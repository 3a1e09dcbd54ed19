//! Finds the files that a Blender file refers to, without Blender.
//!
//! It reads nothing else. A run must know every file that its pictures depend on before it opens
//! anything, and starting Blender for that would take seconds per file. Missing files are left out;
//! Blender reports them.

mod blend_reader;
mod blocks;
mod catalogue;
mod references;

pub use references::blend_file_references;
