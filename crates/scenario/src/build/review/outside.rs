//! Dates that lie outside the run: one rule for all, and one warning.
//!
//! Such a date has no effect, and the warning names it. Days that lie partly within the run are not
//! reported. If nothing is left of a timetable, a disruption or a trace, that is an error, which is
//! reported where the part is built.

use std::collections::BTreeMap;

use sanda_network::Zone as CivilZone;
use sanda_units::Time;

use crate::build::builder::Builder;
use crate::build::notes::{Dated, Place};
use crate::schema::DateSpan;
use crate::source::Span;
use crate::suggest::first_of;

/// Largest number of different dates that the warning names. The rest is counted.
const MOST_NAMED: usize = 5;

impl Builder<'_> {
    /// The instants from the beginning of the first day to the end of the last day in a zone.
    pub(in crate::build) fn span_of(&self, days: &DateSpan, zone: &CivilZone) -> (Time, Time) {
        (self.epoch.start_of(days.first, zone), self.epoch.start_of(days.last.plus_days(1), zone))
    }

    /// Notes days, in case they lie outside the run.
    pub(in crate::build) fn note_days(&mut self, days: &DateSpan, span: Span, zone: &CivilZone, path: &str) {
        let (from, to) = self.span_of(days, zone);
        self.note_dates(from, to, days.to_string(), span, path);
    }

    /// Notes a span of time, in case it lies outside the run.
    pub(in crate::build) fn note_dates(
        &mut self,
        from: Time,
        to: Time,
        text: String,
        span: Span,
        path: &str,
    ) {
        let place = if to <= Time::ZERO {
            Place::Before
        } else if from >= self.window.end {
            Place::After
        } else {
            Place::Within
        };
        let dated = Dated { text, path: path.to_owned(), place };
        let noted = self.outside.dates.entry(span).or_insert(dated);
        // Several nodes may use the same hours. It is enough that one of them is concerned.
        if place == Place::Within {
            noted.place = place;
        }
        // The search for ways knows a shorter path than the compilation.
        if noted.path.len() < path.len() {
            path.clone_into(&mut noted.path);
        }
    }

    /// Warns of the dates that have no effect.
    pub(in crate::build) fn warn_of_dates_outside(&mut self) {
        let outside: Vec<(Span, &Dated)> = self
            .outside
            .dates
            .iter()
            .filter(|(_, dated)| dated.place != Place::Within)
            .map(|(&span, dated)| (span, dated))
            .collect();
        let Some(&(span, first)) = outside.first() else { return };
        // A date that is written in many places, such as the holidays of every flow, is named once.
        let mut places: Vec<(&str, usize)> = Vec::new();
        let mut place_of: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, dated) in &outside {
            let place = *place_of.entry(&dated.text).or_insert(places.len());
            if place == places.len() {
                places.push((&dated.text, 0));
            }
            places[place].1 += 1;
        }
        let named = places.iter().map(|&(text, count)| match count {
            1 => format!("`{text}`"),
            _ => format!("`{text}` ({count} times)"),
        });
        let named = first_of(&named.collect::<Vec<_>>(), MOST_NAMED);
        let message = match outside.len() {
            1 => format!("a date lies outside the run and has no effect: {named}"),
            n => format!("{n} dates lie outside the run and have no effect: {named}"),
        };
        let label = match first.place {
            Place::After => "after the run",
            Place::Before | Place::Within => "before the run",
        };
        let path = first.path.clone();
        let mut noted: Vec<&str> = vec![&first.text];
        let mut notes = Vec::new();
        for (span, dated) in &outside[1..] {
            if notes.len() < MOST_NAMED - 1 && !noted.contains(&dated.text.as_str()) {
                noted.push(&dated.text);
                notes.push((*span, format!("this too, of `{}`", dated.path)));
            }
        }
        let zone = self.epoch.zone();
        let local = |at: Time| self.epoch.local(at, zone).civil;
        let (from, to) = (local(Time::ZERO), local(self.window.end));
        let hint = format!("the run lasts from {from} to {to} in {}, the drain included", zone.name());
        let issue = self.issues.warning(span, message).label(label).path(path).hint(hint);
        for (span, text) in notes {
            issue.note(span, text);
        }
    }
}
