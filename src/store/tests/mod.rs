//! The guarantees of the store, on disks that fail, fill up, return wrong bytes and lose power.

mod faults;
mod power;
mod stage;
mod verify;
