//! Publishing (next).
