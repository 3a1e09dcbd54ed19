//! The guarantees of the store, on disks that fail, fill up, return wrong bytes and lose power.

mod faults;
mod foreign;
mod inputs;
mod power;
mod roots;
mod stage;
mod verify;
