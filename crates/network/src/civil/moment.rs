//! A date with a time of day as a text states it, and the instant it means.
//!
//! Owns: the reading of such texts, with offsets from UTC and zones. Does not own: recurring times
//! (`timetable`, `hours`), which are on the local clock of their place and have neither offset nor zone.
//!
//! A text without offset and zone is on the local clock of its place, by the rule of `zone`. An offset
//! makes it an instant and so tells the two passes of a repeated hour apart. A zone in brackets makes it a
//! time on that zone's clock. An offset and a zone together must agree.

use std::fmt;
use std::str::FromStr;

use sanda_units::Time;
use thiserror::Error;

use super::date::{CivilDate, CivilDateTime, CivilError, MS_PER_DAY, exact_clock_ms, near_clock};
use super::zone::{Epoch, Zone, ZoneError};

/// A date with a time of day as written: "2025-03-01T10:20". Seconds and their fractions are optional, and
/// a space may replace the `T`. An offset (`Z`, `+08:00`), a zone (`[Europe/Berlin]`) or both may follow. A
/// date alone means its midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    local: CivilDateTime,
    offset_ms: Option<i64>,
    zone: Option<Zone>,
}

/// Why a text is not a date with a time of day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MomentError {
    /// The date or the time of day is wrong.
    #[error(transparent)]
    Civil(#[from] CivilError),
    /// The time of day is later than the end of the day.
    #[error("`{text}` has a time of day past 23:59")]
    PastMidnight {
        /// The text as given.
        text: String,
        /// The same time on the following day, or on the day after that.
        near: String,
    },
    /// The text after the time of day is not an offset.
    #[error("`{text}` is not an offset from UTC: expected `Z` or one such as `+08:00`")]
    Offset {
        /// The text after the time of day.
        text: String,
    },
    /// The zone is wrong.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// Offset and zone contradict each other.
    #[error("`{text}` contradicts itself: {}", contradiction(.zone, .offsets))]
    Contradiction {
        /// The text as given.
        text: String,
        /// The zone in brackets.
        zone: String,
        /// The offsets of the zone when its clocks show that time. Empty if the clocks skip it.
        offsets: Vec<String>,
    },
}

fn contradiction(zone: &str, offsets: &[String]) -> String {
    match offsets {
        [] => format!("the clocks of `{zone}` skip that time"),
        [one] => format!("the clocks of `{zone}` are at {one} then"),
        _ => format!("the clocks of `{zone}` are at {} then", offsets.join(" or ")),
    }
}

impl MomentError {
    /// What to write instead, where a suggestion can be made.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Civil(error) => error.hint(),
            Self::PastMidnight { near, .. } => Some(format!("did you mean `{near}`?")),
            Self::Offset { text } if text.eq_ignore_ascii_case("am") || text.eq_ignore_ascii_case("pm") => {
                Some("write the time of day from 00:00 to 23:59".to_owned())
            }
            Self::Offset { .. } => Some("a zone is written in brackets, as in `[Asia/Shanghai]`".to_owned()),
            Self::Zone(error) => error.hint(),
            Self::Contradiction { offsets, .. } if offsets.is_empty() => None,
            Self::Contradiction { offsets, .. } => {
                Some(format!("write {}, or leave the offset out", offsets.join(" or ")))
            }
        }
    }
}

impl Moment {
    /// The date and time of day as written.
    pub fn local(&self) -> CivilDateTime {
        self.local
    }

    /// The zone in brackets, if there is one.
    pub fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// The Unix milliseconds of this moment if it is stated for `place`.
    pub fn unix_ms(&self, place: &Zone) -> i64 {
        match self.offset_ms {
            Some(offset_ms) => self.local.as_ms() - offset_ms,
            None => self.zone.as_ref().unwrap_or(place).unix_ms_of(self.local),
        }
    }

    /// The instant of this moment if it is stated for `place`.
    pub fn at(&self, epoch: &Epoch, place: &Zone) -> Time {
        epoch.time_at_unix_ms(self.unix_ms(place))
    }

    /// The local time that this moment means at `place`. A time written on the clock of `place` is returned
    /// as written. Otherwise it is what the clocks of `place` show at the instant. So a time in a skipped
    /// hour stays different from the end of the gap.
    pub fn meant_in(&self, place: &Zone) -> CivilDateTime {
        let is_local = self.offset_ms.is_none() && self.zone.as_ref().is_none_or(|zone| zone == place);
        if is_local {
            return self.local;
        }
        let unix_ms = self.unix_ms(place);
        CivilDateTime::from_ms(unix_ms + place.offset_ms_at(unix_ms))
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let text = text.trim();
        let (body, zone) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((body, zone)) => (body.trim_end(), Some(zone)),
            None => (text, None),
        };
        let (date, rest) = body.split_once(['T', 't', ' ']).unwrap_or((body, ""));
        let date: CivilDate = date.parse().map_err(|error| match error {
            CivilError::DateOnly { .. } => CivilError::DateTime { text: text.to_owned() },
            other => other,
        })?;
        let rest = rest.trim_start();
        let clock_end =
            rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(rest.len());
        let (clock, offset) = rest.split_at(clock_end);
        let offset = offset.trim();
        let ms_of_day = match exact_clock_ms(clock) {
            _ if rest.is_empty() && !body.ends_with(['T', 't']) => 0,
            Some(ms) => ms,
            None => return Err(wrong_clock(text, date, if clock.is_empty() { rest } else { clock })),
        };
        let offset_ms = match offset {
            "" => None,
            _ => Some(offset_ms(offset).ok_or_else(|| MomentError::Offset { text: offset.to_owned() })?),
        };
        let zone = zone.map(Zone::named).transpose()?;
        let moment = Self { local: CivilDateTime::new(date, ms_of_day), offset_ms, zone };
        moment.agrees(text)?;
        Ok(moment)
    }
}

impl Moment {
    /// Checks that the zone's clocks have the stated offset at the stated time.
    fn agrees(&self, text: &str) -> Result<(), MomentError> {
        let (Some(offset_ms), Some(zone)) = (self.offset_ms, &self.zone) else { return Ok(()) };
        if zone.offset_ms_at(self.local.as_ms() - offset_ms) == offset_ms {
            return Ok(());
        }
        let offsets = zone.offsets_ms_of(self.local).into_iter().map(written_offset).collect();
        Err(MomentError::Contradiction { text: text.to_owned(), zone: zone.name().to_owned(), offsets })
    }
}

fn wrong_clock(text: &str, date: CivilDate, clock: &str) -> MomentError {
    match near_clock(clock) {
        Some((days, near)) if days > 0 => MomentError::PastMidnight {
            text: text.to_owned(),
            near: format!("{}T{near}", date.plus_days(days)),
        },
        near => MomentError::Civil(CivilError::Clock {
            text: clock.to_owned(),
            last: "23:59",
            near: near.map(|(_, near)| near),
        }),
    }
}

/// Reads an offset from UTC in milliseconds: `Z`, `UTC`, `GMT`, `+08:00`, `+0800` or `+08`.
fn offset_ms(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(0);
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 if digits.is_ascii() => digits.split_at(2),
        5 => digits.split_once(':')?,
        _ => return None,
    };
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let offset_ms = (hours * 60 + minutes) * 60_000;
    (minutes < 60 && offset_ms < MS_PER_DAY).then_some(sign * offset_ms)
}

/// An offset as a text writes it: `+08:00`.
fn written_offset(offset_ms: i64) -> String {
    let sign = if offset_ms < 0 { '-' } else { '+' };
    let minutes = offset_ms.abs() / 60_000;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The form that [`FromStr`] reads: "2025-10-26T02:30+01:00[Europe/Berlin]".
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset_ms.map(written_offset).unwrap_or_default();
        let zone = self.zone.as_ref().map(|zone| format!("[{}]", zone.name())).unwrap_or_default();
        f.pad(&format!("{}{offset}{zone}", self.local))
    }
}
