//! Profiles: the factors of months, weekdays, hours and dates as a step function of time.
//!
//! Owns the scaling to a mean of one. Does not own what follows a profile: arrivals (`flow`) and strikes
//! (`disruption`).

use sanda_core::model::ProfileParams;
use sanda_network::WeekClock;
use sanda_units::Time;

use crate::build::builder::Builder;
use crate::schema::Profile;

impl Builder<'_> {
    /// The intensity as a step function of time. Factors of months, weekdays and hours are scaled to a mean
    /// of one; factors of dates are applied on top.
    pub(in crate::build) fn profile(
        &mut self,
        profile: Option<&Profile>,
        path: &str,
    ) -> Option<ProfileParams> {
        let profile = profile?;
        let month = scaled(
            profile.month.as_ref().map(|factors| factors.value),
            &[31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0],
        );
        let weekday = scaled(profile.weekday.as_ref().map(|factors| factors.value), &[1.0; 7]);
        let hour = scaled(profile.hour.as_ref().map(|factors| factors.value), &[1.0; 24]);
        let (Some(month), Some(weekday), Some(hour)) = (month, weekday, hour) else {
            self.issues
                .error(
                    self.scenario.name.span,
                    "the factors of a profile must be zero or more, and not all zero",
                )
                .path(format!("{path}.profile"));
            return None;
        };
        let zone = self.epoch.zone().clone();
        for (days, factor) in &profile.dates {
            self.note_days(days, factor.span, &zone, &format!("{path}.profile.dates"));
        }
        let clock = WeekClock::new(&self.epoch, &zone, Time::ZERO, self.window.end);
        let days: Vec<(i64, i64, f64)> = profile
            .dates
            .iter()
            .map(|(days, factor)| (days.first.days(), days.last.days(), factor.value))
            .collect();
        let mut rates: Vec<(Time, f64)> = Vec::new();
        let mut at = Time::ZERO;
        // The day of the previous hour, with the factors of its month and its date.
        let (mut day, mut of_month, mut on_date) = (usize::MAX, 1.0, 1.0);
        while at < self.window.end {
            let of_week = clock.hour_of_week(at);
            if of_week / 24 != day {
                day = of_week / 24;
                of_month = month[clock.month(at)];
                let date = clock.date(at).days();
                let factors = days.iter().filter(|(first, last, _)| (*first..=*last).contains(&date));
                on_date = factors.map(|day| day.2).product();
            }
            let rate = of_month * weekday[day] * hour[of_week % 24] * on_date;
            if rates.last().is_none_or(|&(_, last)| last.to_bits() != rate.to_bits()) {
                rates.push((at, rate));
            }
            at = clock.next_hour_at(at);
        }
        Some(ProfileParams { rates })
    }
}

/// Scales factors to a weighted mean of one. `None` if that is not possible.
fn scaled<const N: usize>(factors: Option<[f64; N]>, weights: &[f64; N]) -> Option<[f64; N]> {
    let Some(mut factors) = factors else { return Some([1.0; N]) };
    let total: f64 = weights.iter().sum();
    let mean = factors.iter().zip(weights).map(|(factor, weight)| factor * weight).sum::<f64>() / total;
    let usable = mean.is_finite() && mean > 0.0 && factors.iter().all(|&factor| factor >= 0.0);
    for factor in &mut factors {
        *factor /= mean;
    }
    usable.then_some(factors)
}
