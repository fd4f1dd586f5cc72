//! A promise and how it was kept, with the one rule for verdicts: every crate that judges a share calls [`Verdict::of`].
//!
//! It estimates no share; `experiment` does.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AssumedMix, Figure, InputShares, Text, finite};

/// Whether a promise is kept at its target share, as far as the run can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole interval of the share lies at or above the target.
    Kept,
    /// The whole interval lies below the target.
    Broken,
    /// The interval contains the target, so more replications are needed to decide.
    Uncertain,
}

impl Verdict {
    /// Judges a share against its target by the ends of its interval, each `None` where it is missing.
    ///
    /// The promise is kept when the whole interval lies at or above the target and broken when the whole interval lies below. An
    /// interval that contains the target, or a missing one, leaves it uncertain.
    pub fn of(low: Option<f64>, high: Option<f64>, target: f64) -> Self {
        match (low, high) {
            (Some(low), _) if low >= target => Self::Kept,
            (_, Some(high)) if high < target => Self::Broken,
            _ => Self::Uncertain,
        }
    }
}

/// The shortest limit within which a given share of shipments arrives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Achievable {
    /// The share of shipments, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub share: f64,
    /// The time in hours. Its `ci_high` is a one-sided upper bound at the file's confidence, and there is no `ci_low`:
    /// "90 % arrive within 14.2 days, with 95 % confidence within 14.6".
    pub within_hours: Figure,
}

/// The recovery of a promise after a dated disruption that reaches one of its flows, by whole ISO weeks of release.
///
/// A disruption reaches a flow if some itinerary of the flow, or a vehicle on it, uses what is disrupted. Effects through the queues of other
/// flows do not count. An undisturbed week lies wholly in the window and touches no dated disruption.
///
/// The weekly share has recovered in the first of two consecutive weeks that do not lie below `floor`. `days` runs from the end of the
/// disruption to the beginning of that week, and is 0 if the week begins earlier.
///
/// The backlog has recovered at the end of the first week at which it does not exceed `ceiling`. It has recovered at once if no week, from the
/// beginning of the disruption to the week after it, ended above that.
///
/// Both times are infinite if there is no recovery within the window. They are estimated from means over replications and have no interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recovery {
    /// Days from the end of the disruption until the weekly share has recovered; infinite if it does not within the window.
    pub days: Figure,
    /// Days from the end of the disruption until the backlog has recovered; infinite if it does not within the window.
    pub backlog_days: Figure,
    /// Whether the share of some week from the beginning of the disruption to the recovery lies below `floor`.
    pub is_felt: bool,
    /// Median share of the undisturbed weeks.
    #[serde(serialize_with = "finite::number")]
    pub undisturbed: f64,
    /// The lowest share that counts as recovered. It is the median of the undisturbed weeks less the larger of a tenth of it and three
    /// robust standard deviations (1.4826 times the median absolute deviation).
    #[serde(serialize_with = "finite::number")]
    pub floor: f64,
    /// The highest backlog that counts as recovered: above the median of the undisturbed weeks by the same rule, and by at least one
    /// shipment.
    #[serde(serialize_with = "finite::number")]
    pub ceiling: f64,
    /// The lowest weekly share from the beginning of the disruption to the recovery.
    #[serde(serialize_with = "finite::number")]
    pub lowest: f64,
    /// The week of `lowest`.
    pub lowest_week: String,
}

/// A promise and how it was kept. Shares are fractions of one.
///
/// Unfinished and lost shipments break the promise and count in `of`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Promise {
    /// Its name.
    pub name: Text,
    /// Ids of the flows it covers.
    pub flows: Vec<String>,
    /// Name of the clock it is measured on.
    pub clock: String,
    /// The limit in hours; absent when the promise is by the end of a day.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub limit_hours: Option<f64>,
    /// The local calendar day by whose end the clock must stop, counted from the day on which it started (0 is the same day). Local is the
    /// place of delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_end_of_day: Option<u32>,
    /// Target share.
    #[serde(serialize_with = "finite::number")]
    pub target: f64,
    /// The verdict against the target.
    pub verdict: Verdict,
    /// The share of shipments that keep it.
    pub share: Figure,
    /// The range of the share over draws of the unknown inputs; absent without draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<InputShares>,
    /// The mix of lanes behind the share, if some of it is assumed. Absent for a single lane, and if all volumes have a source of medium or
    /// high confidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed_mix: Option<AssumedMix>,
    /// Number of shipments that kept it, over all replications.
    pub kept: u64,
    /// Number of shipments that count, over all replications.
    pub of: u64,
    /// Number of these shipments that were still under way at the end.
    pub unfinished: u64,
    /// Number of these shipments that were lost.
    pub lost: u64,
    /// Ratio of the variance of `share` to that of as many independent shipments; absent where it cannot be estimated.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub design_effect: Option<f64>,
    /// The share weighted by TEU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_teu: Option<Figure>,
    /// The share weighted by tonnes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_tonnes: Option<Figure>,
    /// TEU that kept it, mean over replications; absent if no shipment has TEU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_teu: Option<Figure>,
    /// Tonnes that kept it, mean over replications; absent if no shipment has a mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_tonnes: Option<Figure>,
    /// The times within which given shares arrive, by rising share.
    #[serde(default)]
    pub achievable: Vec<Achievable>,
    /// The share by flow id.
    #[serde(default)]
    pub by_flow: BTreeMap<String, Figure>,
    /// The share by month of release in the scenario's zone, `"2025-01"`.
    #[serde(default)]
    pub by_month: BTreeMap<String, Figure>,
    /// The share by ISO week of release in the scenario's zone, `"2025-W01"`. Weeks at the ends of the window are cut short. Empty for
    /// windows of more than ten years, like all figures by week.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_week: BTreeMap<String, Figure>,
    /// Shipments of its flows under way at the end of each ISO week that ends in the window, mean over replications.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub backlog: BTreeMap<String, Figure>,
    /// Its recovery after each dated disruption that ends in the window, by disruption id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub recovery: BTreeMap<String, Recovery>,
    /// Key of its clock's distribution in [`Results::distributions`](crate::Results::distributions).
    pub distribution: String,
}

impl Promise {
    /// Returns the time within which at least a given share arrives, if stored. Shares are compared to within a millionth.
    pub fn achievable_at(&self, share: f64) -> Option<&Figure> {
        self.achievable
            .iter()
            .find(|entry| (entry.share - share).abs() < 1e-6)
            .map(|entry| &entry.within_hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_judged_by_its_whole_interval() {
        let check = |low: Option<f64>, high: Option<f64>, expected: Verdict| {
            assert_eq!(Verdict::of(low, high, 0.9), expected, "{low:?} to {high:?}");
        };
        check(Some(0.9), Some(0.95), Verdict::Kept);
        check(Some(0.85), Some(0.9), Verdict::Uncertain);
        check(Some(0.85), Some(0.899), Verdict::Broken);
        check(None, None, Verdict::Uncertain);
        let judged = |figure: Figure| figure.verdict(0.9);
        assert_eq!(judged(Figure::from_parts(0.9, Some((0.9, 0.95)), 9)), Verdict::Kept);
        assert_eq!(judged(Figure::plain(0.99)), Verdict::Uncertain, "without interval nothing is proven");
        assert_eq!(
            judged(Figure::with_upper_bound(0.5, 0.6, 9)),
            Verdict::Uncertain,
            "one bound is no interval"
        );
    }
}
