//! Pictures of stagings, one folder per provider.

pub mod previz;
