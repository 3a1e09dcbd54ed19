//! Facts about the reader as a whole, on a small film of its own fields.

mod film;
mod hostile;
mod links;
mod load;
mod properties;
mod scalars;
mod seeded;
mod traps;
