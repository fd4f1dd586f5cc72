//! Dates that lie outside the run: one rule for all, and one remark.
//!
//! The rule: such a date has no effect, and the remark names it. Days that lie partly within the run are no matter for
//! it. Where nothing is left of a timetable, a disruption or a trace, that is an error of its own, said where it is built.

use std::collections::BTreeMap;

use sanda_network::Zone as CivilZone;
use sanda_units::Time;

use super::Builder;
use crate::schema::DateSpan;
use crate::source::Span;
use crate::suggest::first_of;

/// Of so many different dates the remark names each; of more, the rest is counted.
const MOST_NAMED: usize = 5;

/// Dates met so far, by where they are written.
#[derive(Debug, Default)]
pub(super) struct Outside {
    dates: BTreeMap<Span, Dated>,
}

#[derive(Debug)]
struct Dated {
    text: String,
    path: String,
    place: Place,
}

/// Where a date lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    After,
    /// Within the run, at least partly and where one of the places that use it is.
    Within,
}

impl Builder<'_> {
    /// The instants from the beginning of the first to the end of the last of some days in a zone.
    pub(super) fn span_of(&self, days: &DateSpan, zone: &CivilZone) -> (Time, Time) {
        (self.epoch.start_of(days.first, zone), self.epoch.start_of(days.last.plus_days(1), zone))
    }

    /// Notes days, in case they lie outside the run.
    pub(super) fn note_days(&mut self, days: &DateSpan, span: Span, zone: &CivilZone, path: &str) {
        let (from, to) = self.span_of(days, zone);
        self.note_dates(from, to, days.to_string(), span, path);
    }

    /// Notes what lasts from one instant to another, in case it lies outside the run.
    pub(super) fn note_dates(&mut self, from: Time, to: Time, text: String, span: Span, path: &str) {
        let place = if to <= Time::ZERO {
            Place::Before
        } else if from >= self.window.end {
            Place::After
        } else {
            Place::Within
        };
        let dated = Dated { text, path: path.to_owned(), place };
        let noted = self.outside.dates.entry(span).or_insert(dated);
        // Hours that several nodes use: it is enough that it matters to one.
        if place == Place::Within {
            noted.place = place;
        }
        // The search for ways knows less of the place than what is built.
        if noted.path.len() < path.len() {
            path.clone_into(&mut noted.path);
        }
    }

    /// Remarks on the dates that have no effect.
    pub(super) fn warn_of_dates_outside(&mut self) {
        let outside: Vec<(Span, &Dated)> = self
            .outside
            .dates
            .iter()
            .filter(|(_, dated)| dated.place != Place::Within)
            .map(|(&span, dated)| (span, dated))
            .collect();
        let Some(&(span, first)) = outside.first() else { return };
        // What is written in many places, such as the holidays of every flow, is named once.
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
                notes.push((*span, format!("so does this, of `{}`", dated.path)));
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
