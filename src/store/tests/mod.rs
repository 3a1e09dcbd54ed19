//! The store's promises, on disks that fail, fill up, lie and lose power.

mod faults;
mod power;
mod stage;
mod verify;
