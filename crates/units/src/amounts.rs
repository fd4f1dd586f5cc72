//! Containers, mass, distance, emission and speed.
//!
//! Owns: the physical amounts that a scenario states and a replication counts. Does not own: money (`money`), time (`time`), or rates
//! (`rate`).

use crate::Duration;
use crate::integer::{integer_quantity, printed_in};

/// Container volume in thousandths of a twenty-foot equivalent unit. "55 TEU", "2.5 TEU", "1 FEU" (= 2 TEU).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Teu(i64);

integer_quantity!(
    Teu,
    name: "container volume",
    units: [("TEU", 1000), ("FEU", 2000)],
    example: "55 TEU",
    misnomers: [("标箱", "TEU"), ("标准箱", "TEU"), ("teus", "TEU"), ("container", "TEU"), ("containers", "TEU")],
    parts: false
);
printed_in!(Teu, [("TEU", 1000)]);

impl Teu {
    /// Creates a container volume from thousandths of a TEU.
    #[inline]
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// Creates a container volume from whole TEU.
    #[inline]
    pub const fn from_teu(teu: i64) -> Self {
        Self(teu * 1000)
    }

    /// Returns the container volume in thousandths of a TEU.
    #[inline]
    pub const fn as_thousandths(self) -> i64 {
        self.0
    }

    /// Returns the container volume in TEU.
    #[inline]
    pub const fn as_teu_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Mass in kilograms. "100 t", "250 kg", "1.2 kt".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mass(i64);

integer_quantity!(
    Mass,
    name: "mass",
    units: [("t", 1000), ("kg", 1), ("kt", 1_000_000)],
    example: "100 t",
    misnomers: [
        ("吨", "t"), ("ton", "t"), ("tons", "t"), ("tonne", "t"), ("tonnes", "t"), ("公斤", "kg"),
        ("千克", "kg"),
    ],
    parts: false
);
printed_in!(Mass, [("t", 1000), ("kg", 1)]);

impl Mass {
    /// Creates a mass from kilograms.
    #[inline]
    pub const fn from_kg(kg: i64) -> Self {
        Self(kg)
    }

    /// Creates a mass from whole tonnes.
    #[inline]
    pub const fn from_tonnes(tonnes: i64) -> Self {
        Self(tonnes * 1000)
    }

    /// Returns the mass in kilograms.
    #[inline]
    pub const fn as_kg(self) -> i64 {
        self.0
    }

    /// Returns the mass in tonnes.
    #[inline]
    pub const fn as_tonnes_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Distance in metres. "1200 km", "300 m", "10 nm" (nautical miles of 1852 m).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Distance(i64);

integer_quantity!(
    Distance,
    name: "distance",
    units: [("km", 1000), ("m", 1), ("nm", 1852)],
    example: "1200 km",
    misnomers: [("公里", "km"), ("千米", "km"), ("kms", "km"), ("米", "m"), ("海里", "nm"), ("nmi", "nm")],
    parts: false
);
printed_in!(Distance, [("km", 1000), ("m", 1)]);

impl Distance {
    /// Creates a distance from metres.
    #[inline]
    pub const fn from_m(m: i64) -> Self {
        Self(m)
    }

    /// Creates a distance from whole kilometres.
    #[inline]
    pub const fn from_km(km: i64) -> Self {
        Self(km * 1000)
    }

    /// Returns the distance in metres.
    #[inline]
    pub const fn as_m(self) -> i64 {
        self.0
    }

    /// Returns the distance in kilometres.
    #[inline]
    pub const fn as_km_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Greenhouse gas in grams of CO2 equivalent. "15 kg", "800 g", "1.2 t".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Emission(i64);

integer_quantity!(
    Emission,
    name: "emission",
    units: [("kg", 1000), ("g", 1), ("t", 1_000_000)],
    example: "15 kg",
    misnomers: [
        ("吨", "t"), ("ton", "t"), ("tonne", "t"), ("tonnes", "t"), ("公斤", "kg"), ("千克", "kg"), ("克", "g"),
        ("kgco2e", "kg"), ("kgco2", "kg"), ("gco2e", "g"), ("gco2", "g"), ("tco2e", "t"), ("tco2", "t"),
    ],
    parts: false
);
printed_in!(Emission, [("t", 1_000_000), ("kg", 1000), ("g", 1)]);

impl Emission {
    /// Creates an emission from grams of CO2e.
    #[inline]
    pub const fn from_grams(grams: i64) -> Self {
        Self(grams)
    }

    /// Returns the emission in grams of CO2e.
    #[inline]
    pub const fn as_grams(self) -> i64 {
        self.0
    }

    /// Returns the emission in kilograms of CO2e.
    #[inline]
    pub const fn as_kg_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Speed in metres per hour. "60 km/h", "12 kn" (knots: nautical miles per hour).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Speed(i64);

integer_quantity!(
    Speed,
    name: "speed",
    units: [("km/h", 1000), ("kn", 1852), ("m/h", 1)],
    example: "60 km/h",
    misnomers: [
        ("kmh", "km/h"), ("kph", "km/h"), ("公里/小时", "km/h"), ("公里每小时", "km/h"), ("knots", "kn"),
        ("knot", "kn"), ("节", "kn"),
    ],
    parts: false
);
printed_in!(Speed, [("km/h", 1000), ("m/h", 1)]);

impl Speed {
    /// Creates a speed from metres per hour.
    #[inline]
    pub const fn from_m_per_hour(m: i64) -> Self {
        Self(m)
    }

    /// Returns the speed in metres per hour.
    #[inline]
    pub const fn as_m_per_hour(self) -> i64 {
        self.0
    }

    /// Returns the speed in kilometres per hour.
    #[inline]
    pub const fn as_km_per_hour_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Returns the time that a distance takes at this speed, to the nearest millisecond (halves upwards). `None` at a standstill, for a
    /// negative distance, and when the time is not representable.
    pub fn time_over(self, distance: Distance) -> Option<Duration> {
        if self.0 <= 0 || distance.0 < 0 {
            return None;
        }
        let speed = i128::from(self.0);
        let ms = (i128::from(distance.0) * 3_600_000 + speed / 2) / speed;
        i64::try_from(ms).ok().map(Duration::from_ms)
    }
}
