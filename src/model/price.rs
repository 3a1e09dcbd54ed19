//! Costs of jobs whose provider has a price: exact amounts of money, by currency.
//!
//! A price is not part of a job's identity: a new price makes nothing again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The price of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPrice {
    /// Millionths of the currency for each unit.
    // Whole millionths, because sums of fractions in binary are not exact, and prices of a
    // hundredth of a cent occur.
    pub amount: u64,
    /// The currency, as three letters of ISO 4217.
    pub currency: String,
    /// The unit.
    pub per: PriceUnit,
}

/// The unit of work that a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Priced")]
pub enum PriceUnit {
    /// Each picture.
    #[default]
    Frame,
    /// Each hour that a job runs.
    Hour,
}

impl ProviderPrice {
    /// Returns the cost of a job of so many pictures that took `seconds`.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no night costs 2^52 millionths, and less than nothing becomes nothing"
    )]
    pub fn job_cost(&self, pictures: usize, seconds: f64) -> CostAmount {
        let millionths = match self.per {
            // Saturating: an absurd price should end in an absurd sum and not in a panic.
            PriceUnit::Frame => self.amount.saturating_mul(pictures as u64),
            PriceUnit::Hour => (self.amount as f64 * seconds / 3600.0).round() as u64,
        };
        CostAmount {
            millionths,
            currency: self.currency.clone(),
        }
    }
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostAmount {
    /// Millionths of the currency.
    pub millionths: u64,
    /// The currency, as three letters of ISO 4217.
    pub currency: String,
}

/// Sums of money by currency. Exact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
// Currencies are not converted: rates change, and no report should depend on the day.
pub struct CostTotals(BTreeMap<String, u64>);

impl CostTotals {
    /// Adds one amount. Saturates.
    pub fn add(&mut self, cost: &CostAmount) {
        let sum = self.0.entry(cost.currency.clone()).or_default();
        *sum = sum.saturating_add(cost.millionths);
    }

    /// Returns whether there are no amounts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns each currency with its amount, in units of the currency.
    #[expect(clippy::cast_precision_loss, reason = "no night costs 2^52 millionths")]
    pub fn amounts(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0
            .iter()
            .map(|(currency, millionths)| (currency.as_str(), *millionths as f64 / 1e6))
    }
}

impl Serialize for CostTotals {
    /// Serialises as an object: currency to amount.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.amounts())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(per: PriceUnit) -> ProviderPrice {
        ProviderPrice {
            amount: 100_000,
            currency: "EUR".into(),
            per,
        }
    }

    #[test]
    fn pictures_and_hours_have_their_price() {
        assert_eq!(
            price(PriceUnit::Frame).job_cost(24, 9.0).millionths,
            2_400_000
        );
        assert_eq!(
            price(PriceUnit::Hour).job_cost(24, 1800.0).millionths,
            50_000
        );
    }

    #[test]
    fn sums_are_exact_and_separate_for_each_currency() {
        let mut costs = CostTotals::default();
        (0..10).for_each(|_| costs.add(&price(PriceUnit::Frame).job_cost(1, 0.0)));
        costs.add(&CostAmount {
            millionths: 250_000,
            currency: "USD".into(),
        });
        assert_eq!(
            costs.amounts().collect::<Vec<_>>(),
            [("EUR", 1.0), ("USD", 0.25)]
        );
        assert_eq!(
            serde_json::to_string(&costs).unwrap(),
            r#"{"EUR":1.0,"USD":0.25}"#
        );
    }
}
