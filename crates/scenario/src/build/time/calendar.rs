//! Civil time as instants: opening hours, months, midnights, local weeks.

use sanda_core::model::ids::CalendarId;
use sanda_core::model::{PeriodParams, Periods, WeekParams};
use sanda_network::{CivilDate, ClosedDates, OpeningHours, WeekClock, Zone as CivilZone};
use sanda_units::{Duration, Time};

use crate::build::builder::Builder;
use crate::decode::Name;
use crate::schema::{DateSpan, Open, Zone};
use crate::source::{Located, Span};

/// Longest window in days that is reported by week. A longer one is reported by month only: nobody reads
/// more than 500 weeks.
const LONGEST_BY_WEEK: i64 = 10 * 366;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Builder<'_> {
    /// The civil zone of a node, by default that of the start.
    pub(in crate::build) fn zone_of(&self, zone: Option<&Zone>) -> CivilZone {
        zone.and_then(|zone| CivilZone::named(zone.as_str()).ok())
            .unwrap_or_else(|| self.epoch.zone().clone())
    }

    /// The civil zone of a node by its name.
    pub(in crate::build) fn zone_at(&self, node: Option<&Name>) -> CivilZone {
        self.zone_of(node.and_then(|node| self.scenario.nodes.get(node)).and_then(|node| node.zone.as_ref()))
    }

    /// Shifts from simulation time to local time, counted from a Monday 00:00.
    pub(in crate::build) fn week_shifts(&self, zone: &CivilZone) -> Vec<(i64, i64)> {
        let clock = WeekClock::new(&self.epoch, zone, Time::ZERO, self.window.end);
        // 1970-01-01 was a Thursday, three days after a Monday.
        let first = clock.local(Time::ZERO);
        let mut shift = (first.date().days() + 3) * DAY + first.ms_of_day();
        let mut shifts = vec![(0, shift)];
        for (at, forward) in clock.changes() {
            shift += forward;
            shifts.push((at.as_ms(), shift));
        }
        shifts
    }

    /// The calendar of the scenario's zone up to the end of the window. It is cut at the beginnings of
    /// months and of ISO weeks, in a window of more than ten years at months only.
    pub(in crate::build) fn periods(&self) -> Periods {
        let zone = self.epoch.zone().clone();
        let at = |date: CivilDate| self.epoch.start_of(date, &zone);
        let mut periods = Periods::default();
        let has_weeks = self.window.to - self.window.from <= Duration::from_days(LONGEST_BY_WEEK);
        let mut date = self.epoch.local(Time::ZERO, &zone).civil.date();
        let (mut month_of, mut monday_of) = (None, None);
        while at(date) <= self.window.to {
            let (year, month, _) = date.ymd();
            if month_of.replace((year, month)) != Some((year, month)) {
                periods.months.push(format!("{year:04}-{month:02}"));
            }
            let monday = monday_before(date);
            if has_weeks && monday_of.replace(monday) != Some(monday) {
                let (from, to) = (at(monday), at(monday.plus_days(7)));
                periods.weeks.push(WeekParams { label: week_label(monday), from, to });
            }
            let month_place = periods.months.len() as u16 - 1;
            let week = (periods.weeks.len() as u16).checked_sub(1);
            periods.pieces.push(PeriodParams { from: at(date), month: month_place, week });
            let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            let Some(next_month) = CivilDate::from_ymd(year, month, 1) else { break };
            date = if has_weeks { next_month.min(monday.plus_days(7)) } else { next_month };
        }
        periods
    }

    /// Local midnights of a zone from the one before the start to a day after the end.
    pub(in crate::build) fn midnights(&self, zone: &CivilZone) -> Vec<Time> {
        let mut date = self.epoch.local(Time::ZERO, zone).civil.date();
        let mut midnights: Vec<Time> = Vec::new();
        loop {
            let mut at = self.epoch.start_of(date, zone);
            if let Some(&last) = midnights.last().filter(|last| at <= **last) {
                // The calendar ends after 2199; later days have 24 hours.
                at = last + Duration::from_days(1);
            }
            midnights.push(at);
            if at > self.window.end {
                return midnights;
            }
            date = date.plus_days(1);
        }
    }

    /// The calendar of opening hours: `Some(None)` for always open, `None` if an issue was added.
    #[expect(clippy::option_option, reason = "an issue, always open, or a calendar")]
    pub(in crate::build) fn opening(
        &mut self,
        open: &Open,
        node: Option<&Name>,
        span: Span,
        path: &str,
    ) -> Option<Option<CalendarId>> {
        let hours = match open {
            Open::Always => return Some(None),
            Open::Daily(hours) => {
                let weekly = [Located::new(format!("Mon-Sun {}", hours.value), hours.span)];
                self.hours(&weekly, &[], path)?
            }
            Open::Weekly(weekly) => self.hours(weekly, &[], path)?,
            Open::Hours { weekly, closed } => {
                let zone = self.zone_at(node);
                for days in closed {
                    self.note_days(days, days.span, &zone, path);
                }
                self.hours(weekly, closed, path)?
            }
            Open::Calendar(name) => {
                let calendar = self.scenario.calendars.get(&name.value)?;
                let path = format!("calendars.{}.open", name.value);
                if matches!(calendar.open, Open::Calendar(_)) {
                    self.issues
                        .error(
                            calendar.id.span,
                            format!("calendar `{}` only names another calendar", name.value),
                        )
                        .path(path);
                    return None;
                }
                return self.opening(&calendar.open, node, calendar.id.span, &path);
            }
        };
        let zone = self.zone_at(node);
        let intervals = hours.expand(&self.epoch, &zone, Time::ZERO, self.window.end);
        if intervals.is_never() {
            self.issues
                .error(span, "never open in the whole run".to_owned())
                .path(path)
                .label("expected opening hours that occur between the start and the end of the run");
            return None;
        }
        let intervals = intervals.as_slice().to_vec();
        if intervals == [(Time::ZERO, self.window.end)] {
            return Some(None);
        }
        Some(Some(self.calendar(intervals)))
    }

    fn hours(
        &mut self,
        weekly: &[Located<String>],
        closed: &[Located<DateSpan>],
        path: &str,
    ) -> Option<OpeningHours> {
        let texts: Vec<&str> = weekly.iter().map(|text| text.value.as_str()).collect();
        let hours = match OpeningHours::parse(&texts) {
            Ok(hours) => hours,
            Err(errors) => {
                for (place, error) in errors {
                    self.issues.error(weekly[place].span, error.to_string()).path(path).hint(error.hint());
                }
                return None;
            }
        };
        let closed = closed.iter().map(|days| ClosedDates { first: days.first, last: days.last });
        Some(hours.closed_too(closed))
    }
}

/// The Monday of a date's week.
fn monday_before(date: CivilDate) -> CivilDate {
    date.plus_days(-(date.weekday().index() as i64))
}

/// The label of a date's week by ISO 8601, such as "2025-W03".
fn week_label(date: CivilDate) -> String {
    let (year, week) = date.iso_week();
    format!("{year:04}-W{week:02}")
}
