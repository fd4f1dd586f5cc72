//! Speeds that follow from distances and running times: a warning if no vehicle of the mode has such a
//! speed.
//!
//! A distance decides cost and emissions, a running time decides promises. If their two sources disagree,
//! the quotient shows it. Nothing is refused: the ranges are those of ordinary traffic. Does not own
//! distances (`amount`) or laws (`law`).

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_units::{Duration, Quantity as _};

use crate::build::builder::Builder;
use crate::schema::{Law, Mode};
use crate::source::Span;

/// A stated distance may be shorter than the great circle by this share: positions stand for whole ports and yards, and the
/// sphere differs from the Earth by 0.5 %.
const SLACK: f64 = 0.02;

/// Kilometres up to which any low speed of a surface leg is plausible: waits at both ends outweigh the way.
const SHORT_SURFACE_KM: f64 = 50.0;

/// Kilometres up to which any low speed of a flight is plausible. A sector of 300 km takes an hour from
/// block to block, most of it on the ground or in the climb.
const SHORT_AIR_KM: f64 = 300.0;

/// A knot in kilometres an hour.
const KNOT: f64 = 1.852;

/// Sectors up to this many kilometres count as short; the range of long ones begins at twice the length.
const SHORT_SECTOR_KM: f64 = 1000.0;

/// Ordinary speeds of a means of transport.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plausible {
    /// Slowest and fastest, in kilometres an hour.
    from: f64,
    to: f64,
    /// Distance in kilometres below which no speed is too slow.
    short_km: f64,
    /// Hours of a time that may be spent at its ends and not on the way.
    ends_h: f64,
    /// The largest ratio of the length of a way to its great circle.
    detour: f64,
    /// The phrase after a range of speeds.
    by: &'static str,
}

/// The ordinary speeds over a distance. Every bound leaves room on either side of what timetables and operators state.
fn plausible(mode: Mode, km: f64) -> Plausible {
    let surface =
        |from, to, detour, by| Plausible { from, to, short_km: SHORT_SURFACE_KM, ends_h: 0.0, detour, by };
    match mode {
        // Jet freighters cruise at 830 to 910 km/h and gain or lose 100 km/h and more in the jet stream; block hours add taxiing,
        // climb and descent, which weigh more the shorter the sector. Closed airspace lengthens ways by up to a third.
        Mode::Air => {
            let length = ((km - SHORT_SECTOR_KM) / SHORT_SECTOR_KM).clamp(0.0, 1.0);
            let between = |short: f64, long: f64| short + (long - short) * length;
            Plausible {
                from: between(300.0, 550.0),
                to: between(900.0, 950.0),
                short_km: SHORT_AIR_KM,
                ends_h: 0.0,
                detour: 1.35,
                by: "by air",
            }
        }
        // A feeder that waits for tides and pilots makes 8 kn, a ship against the Yangtze's current for
        // half of the way little more than 7. 25 kn is the design speed of the fastest container ships. The
        // way from East Asia to the North Sea by the Cape is three times the great circle.
        Mode::Sea => surface(6.0 * KNOT, 25.0 * KNOT, 3.0, "by sea"),
        // From upstream with locks to downstream at high water.
        Mode::River => surface(6.0, 30.0, 2.5, "by river"),
        // A wagon that is shunted on the way makes 10 km/h from origin to destination; freight trains run at 120 at most.
        Mode::Rail => surface(10.0, 120.0, 2.0, "by rail"),
        // From a trip with a driver's rest at night to a motorway without a stop. Half a day may pass at a
        // door before or after it, for a time window or until trucks are let into a city.
        Mode::Road => Plausible { ends_h: 12.0, ..surface(8.0, 110.0, 2.0, "by road") },
    }
}

/// A leg or connection whose speed is checked.
struct Way<'s> {
    /// Its name in messages.
    name: String,
    mode: Mode,
    /// The nodes at its ends.
    ends: [&'s crate::decode::Name; 2],
    /// Stated kilometres, with the place and path of the statement.
    stated: Option<(f64, Span, String)>,
    /// The running time; `None` if a speed is stated.
    time: Option<&'s Law<Duration>>,
    /// The path of the time.
    path: String,
    /// A hint on where waits belong.
    hint: &'static str,
}

impl Builder<'_> {
    /// Warns of implausible speeds, and of distances shorter than the great circle.
    pub(in crate::build) fn warn_of_speeds(&mut self) {
        let scenario = self.scenario;
        let mut ways: Vec<Way<'_>> = Vec::new();
        for (name, service) in &scenario.services {
            for (leg, time) in service.running.value.iter().enumerate() {
                let Some([from, to]) = service.stops.value.get(leg..leg + 2) else { continue };
                let stated = service.distance.as_ref().and_then(|distance| {
                    let km = distance.value.get(leg)?.base() as f64 / 1000.0;
                    Some((km, distance.span, format!("services.{name}.distance[{leg}]")))
                });
                ways.push(Way {
                    name: format!("leg `{}` to `{}` of service `{name}`", from.value, to.value),
                    mode: service.mode,
                    ends: [&from.value, &to.value],
                    stated,
                    time: Some(time),
                    path: format!("services.{name}.running[{leg}]"),
                    hint: "correct the distance or the time; waits under way belong to `at_stop`, `dwell`, `slip` or disruptions",
                });
            }
        }
        for (name, connection) in &scenario.connections {
            let stated = connection.distance.map(|distance| {
                let km = distance.value.value().base() as f64 / 1000.0;
                (km, distance.span, format!("connections.{name}.distance"))
            });
            ways.push(Way {
                name: format!("connection `{name}`"),
                mode: connection.mode,
                ends: [&connection.from.value, &connection.to.value],
                stated,
                time: connection.time.as_ref(),
                path: format!("connections.{name}.time"),
                hint: "correct the distance or the time; waits at the ends belong to steps of their own",
            });
        }
        for way in ways {
            let direct = self.great_circle(way.ends[0], way.ends[1]).map(|metres| metres / 1000.0);
            if let (Some((stated, span, path)), Some(direct)) = (&way.stated, direct) {
                self.warn_of_shortcut(&way, *stated, direct, *span, path);
            }
            if let Some(km) = way.stated.as_ref().map(|stated| stated.0).or(direct) {
                self.warn_of_speed(&way, km);
            }
        }
    }

    fn warn_of_shortcut(&mut self, way: &Way<'_>, stated: f64, direct: f64, span: Span, path: &str) {
        if stated < direct * (1.0 - SLACK) {
            self.issues
                .warning(span, format!("{} is shorter than the great circle", way.name))
                .path(path)
                .label(format!("{stated:.0} km, where {direct:.0} km lie between the positions of its ends"))
                .hint(Some("correct the distance, or a `position`".to_owned()));
        }
    }

    fn warn_of_speed(&mut self, way: &Way<'_>, km: f64) {
        let Some((time, law)) = way.time.and_then(|time| Some((time, time.compile().ok()?))) else { return };
        let Plausible { from, to, short_km, ends_h, detour, by } = plausible(way.mode, km);
        let is_direct = way.stated.is_none();
        // Both the mean and the median must be implausible: a heavy tail of delays moves the mean alone.
        let times = [law.mean(), law.quantile(0.5)].map(|ms| ms / 3_600_000.0);
        let speeds = times.map(|hours| km / hours);
        let (slower, faster) = (speeds[0].min(speeds[1]), speeds[0].max(speeds[1]));
        let longest_km = if is_direct { km * detour } else { km };
        let is_slow = km >= short_km && times.iter().all(|hours| longest_km < from * (hours - ends_h));
        // Without a distance there is no speed.
        if km <= 0.0 || !is_slow && slower <= to {
            return;
        }
        let speed = if is_slow { faster } else { slower };
        let crow = if is_direct { " as the crow flies" } else { "" };
        self.issues
            .warning(time.span, format!("{} goes at {}", way.name, kilometres_an_hour(speed)))
            .path(way.path.clone())
            .label(format!(
                "{km:.0} km{crow} in {}; {from:.0} to {to:.0} km/h is plausible {by}",
                in_words(&law)
            ))
            .hint(Some(way.hint.to_owned()));
    }
}

/// Mean and median of a time, once if they are the same to the minute.
fn in_words(law: &KernelLaw) -> String {
    let shown = |ms: f64| {
        let minutes = (ms / 60_000.0).round();
        // An infinite time has no text form.
        if minutes.is_finite() && minutes < 1e12 {
            let exact = if minutes < 1.0 { ms.round() } else { minutes * 60_000.0 };
            Some(Duration::from_ms(exact as i64).to_string())
        } else {
            None
        }
    };
    match (shown(law.mean()), shown(law.quantile(0.5))) {
        (Some(mean), Some(median)) if mean != median => format!("{mean} on average ({median} in the median)"),
        (Some(mean), _) => mean,
        (None, Some(median)) => format!("{median} in the median"),
        (None, None) => "an infinite time".to_owned(),
    }
}

fn kilometres_an_hour(speed: f64) -> String {
    if !speed.is_finite() {
        "any speed: it takes no time".to_owned()
    } else if speed < 10.0 {
        format!("{speed:.1} km/h")
    } else {
        format!("{speed:.0} km/h")
    }
}
