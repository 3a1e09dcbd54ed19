//! Amounts in a machine profile: cores as decimal numbers, memory with its unit, `auto`. A text
//! that is no amount is refused at its place.

use crate::document::RawScalar;
use crate::model::machine_profile::JobParallelism;
use serde::de::{Deserialize, Deserializer, Error};

/// Units of memory in mebibytes. With or without the `i` they are powers of 1024, as memory is
/// sold.
const MEMORY_UNITS: [(&str, f64); 6] = [
    ("MB", 1.0),
    ("MiB", 1.0),
    ("GB", 1024.0),
    ("GiB", 1024.0),
    ("TB", 1_048_576.0),
    ("TiB", 1_048_576.0),
];

/// Largest amount of any resource.
const MAX_AMOUNT: f64 = 1e6;

/// A number from 0 in thousandths, so that sums of claims are exact. With floats, three claims of
/// 0.1 would not fit into 0.3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MilliAmount(pub(super) u32);

/// Memory in mebibytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MemoryMib(pub(super) u32);

/// Number of jobs at a time. `None` if the value was refused already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ParallelJobs(pub(super) Option<JobParallelism>);

/// Reads the text of a value with `read`. A value that was reported already gives the default.
fn deserialize_text<'de, D: Deserializer<'de>, T: Default>(
    deserializer: D,
    wanted: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    // Read as text, since `4` and `512MB` have different YAML types.
    let text = RawScalar::deserialize(deserializer)?;
    if text.is_placeholder {
        return Ok(T::default());
    }
    read(text.value.trim())
        .ok_or_else(|| D::Error::custom(format!("`{}` is not {wanted}", text.value)))
}

impl<'de> Deserialize<'de> for MilliAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(deserializer, "an amount, such as `4` or `0.5`", |text| {
            parse_steps(text, 1000.0).map(Self)
        })
    }
}

impl<'de> Deserialize<'de> for MemoryMib {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(
            deserializer,
            "an amount of memory, such as `512MB` or `48GB`",
            |text| {
                // Memory without a unit is refused: 4 could be meant as gigabytes or as megabytes.
                let split = text.find(char::is_alphabetic)?;
                let (amount, unit) = text.split_at(split);
                // Case differs between operating systems and vendors, and no two units differ in
                // case alone.
                let (_, factor) = MEMORY_UNITS
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(unit.trim()))?;
                parse_steps(amount.trim(), *factor).map(Self)
            },
        )
    }
}

impl<'de> Deserialize<'de> for ParallelJobs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(
            deserializer,
            "a number of jobs from 1 to 1024, or `auto`",
            |text| parse_parallel(text).map(|parallel| Self(Some(parallel))),
        )
    }
}

/// Parses `auto` or a number from 1 to 1024.
#[must_use]
pub fn parse_parallel(text: &str) -> Option<JobParallelism> {
    if text == "auto" {
        return Some(JobParallelism::Auto);
    }
    text.parse()
        .ok()
        .filter(|jobs| (1..=1024).contains(jobs))
        .map(JobParallelism::Jobs)
}

/// Returns `text` in steps of `1 / factor`. None if it is no number from 0 to [`MAX_AMOUNT`].
fn parse_steps(text: &str, factor: f64) -> Option<u32> {
    // The range also excludes `inf` and `nan`, which parse as numbers.
    let number: f64 = text
        .parse()
        .ok()
        .filter(|number| (0.0..=MAX_AMOUNT).contains(number))?;
    // Rounded, because decimal fractions have no exact float, and cutting off could lose a step.
    let steps = (number * factor).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "its range was just checked"
    )]
    (steps <= f64::from(u32::MAX)).then_some(steps as u32)
}
