//! The families of gated metrics, and what their members share: margin, unit, direction and rule id.
//!
//! Does not own the paths (`sanda_results::paths`).

use std::collections::BTreeSet;

use sanda_experiment::estimate::Preference;
use sanda_results::paths;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A family of metrics that share a rule. The names are stable: they are the rule ids of SARIF and the test names of JUnit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The share of a promise, overall and by flow.
    PromiseShare,
    /// The mean of a flow's clock.
    ClockMean,
    /// The median or a percentile of a flow's clock.
    ClockPercentile,
    /// The share of shipments that boarded their first departure.
    FirstDepartureShare,
    /// The load factor of a service.
    LoadFactor,
    /// The mean wait before service at a resource.
    ResourceWait,
}

/// Number of hours in a day.
const DAY: f64 = 24.0;

impl Family {
    /// All families, in display order.
    pub const ALL: [Self; 6] = [
        Self::PromiseShare,
        Self::ClockMean,
        Self::ClockPercentile,
        Self::FirstDepartureShare,
        Self::LoadFactor,
        Self::ResourceWait,
    ];

    /// Returns the stable name.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::PromiseShare => "promise-share",
            Self::ClockMean => "clock-mean",
            Self::ClockPercentile => "clock-percentile",
            Self::FirstDepartureShare => "first-departure-share",
            Self::LoadFactor => "load-factor",
            Self::ResourceWait => "resource-wait",
        }
    }

    /// Returns the rule as a sentence, for readers of a report.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::PromiseShare => "The share of shipments that keep a promise stays within its margin.",
            Self::ClockMean => "The mean time on a clock stays within its margin.",
            Self::ClockPercentile => {
                "The median and the high percentiles of a clock stay within their margins."
            }
            Self::FirstDepartureShare => {
                "The share of shipments that board their first departure stays within its margin."
            }
            Self::LoadFactor => "The load factor of a service stays within its margin.",
            Self::ResourceWait => "The mean wait for a resource stays within its margin.",
        }
    }

    /// Returns whether its metrics are fractions of one; the others are hours.
    pub const fn is_share(self) -> bool {
        matches!(self, Self::PromiseShare | Self::FirstDepartureShare | Self::LoadFactor)
    }

    /// Returns the preferred direction. A higher load factor counts as better: more cargo on the same departures.
    pub const fn preference(self) -> Preference {
        if self.is_share() { Preference::Higher } else { Preference::Lower }
    }
}

/// Returns the family of a metric with its default margin, in hours or as a fraction of one; `None` for metrics that are not gated.
///
/// Defaults: one percentage point on a share, a quarter of a day on means, medians and 90 % percentiles, half a day on 95 % percentiles.
pub fn family_of(path: &str) -> Option<(Family, f64)> {
    const SHARE: f64 = 0.01;
    let (section, _, rest) = paths::split(path)?;
    match section {
        paths::PROMISES if rest == "share" || rest.starts_with("by_flow.") => {
            Some((Family::PromiseShare, SHARE))
        }
        paths::FLOWS => {
            let (_, statistic) = rest.strip_prefix("clocks.")?.rsplit_once('.')?;
            match statistic {
                paths::MEAN => Some((Family::ClockMean, DAY / 4.0)),
                "p50" | "p90" => Some((Family::ClockPercentile, DAY / 4.0)),
                "p95" => Some((Family::ClockPercentile, DAY / 2.0)),
                _ => None,
            }
        }
        paths::SERVICES if rest == "first_departure_share" => Some((Family::FirstDepartureShare, SHARE)),
        paths::SERVICES if rest == "load_factor" => Some((Family::LoadFactor, SHARE)),
        paths::RESOURCES if rest == "wait.mean" => Some((Family::ResourceWait, DAY / 4.0)),
        _ => None,
    }
}

/// Returns whether a metric is gated, in a model with these background flows.
pub fn is_gated(path: &str, background: &BTreeSet<String>) -> bool {
    let is_background =
        paths::split(path).is_some_and(|(section, id, _)| section == paths::FLOWS && background.contains(id));
    !is_background && family_of(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_and_their_margins() {
        let of = |path| family_of(path).map(|(family, margin)| (family.rule(), margin));
        assert_eq!(of("promises.one-day.share"), Some(("promise-share", 0.01)));
        assert_eq!(of("promises.one-day.by_flow.boxes"), Some(("promise-share", 0.01)));
        assert_eq!(of("flows.boxes.clocks.door-to-door.mean"), Some(("clock-mean", 6.0)));
        assert_eq!(of("flows.boxes.clocks.door-to-door.p95"), Some(("clock-percentile", 12.0)));
        assert_eq!(of("flows.boxes.clocks.door-to-door.p90"), Some(("clock-percentile", 6.0)));
        assert_eq!(of("services.train.load_factor"), Some(("load-factor", 0.01)));
        assert_eq!(of("services.train.first_departure_share"), Some(("first-departure-share", 0.01)));
        assert_eq!(of("resources.customs.wait.mean"), Some(("resource-wait", 6.0)));
        for path in ["flows.boxes.released", "promises.a.by_week.2025-W01", "promises.a.by_teu", "engine"] {
            assert_eq!(of(path), None, "{path}");
        }
        assert_eq!(of("flows.boxes.clocks.door-to-door.p99"), None);
        let background = BTreeSet::from(["boxes".to_owned()]);
        assert!(!is_gated("flows.boxes.clocks.door-to-door.mean", &background));
        assert!(is_gated("promises.one-day.by_flow.boxes", &background));
    }
}
