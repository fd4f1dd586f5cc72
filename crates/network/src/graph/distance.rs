//! Positions on the earth and great-circle distances.
//!
//! Owns: the haversine formula. Does not own: the length of a road, a railway or a shipping lane, which a
//! scenario states.

use sanda_units::Distance;
use thiserror::Error;

/// Mean radius of the earth in kilometres: R1 of the GRS 80 ellipsoid (Moritz, "Geodetic Reference System
/// 1980").
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A position in degrees: latitude north, longitude east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

/// Why two numbers are not a position.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PositionError {
    /// The latitude is not from -90 to 90.
    #[error("latitude {latitude} lies outside -90 to 90")]
    Latitude {
        /// The latitude as given.
        latitude: f64,
    },
    /// The longitude is not from -180 to 180.
    #[error("longitude {longitude} lies outside -180 to 180")]
    Longitude {
        /// The longitude as given.
        longitude: f64,
    },
}

impl Position {
    /// The position of a latitude from -90 to 90 and a longitude from -180 to 180.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, PositionError> {
        // Written so that not-a-number is rejected too.
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(PositionError::Latitude { latitude });
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(PositionError::Longitude { longitude });
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north.
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// The great-circle distance, to the nearest metre.
    ///
    /// The haversine formula (Sinnott, "Virtues of the haversine", Sky and Telescope 68, 1984) on a sphere of
    /// [`EARTH_RADIUS_KM`]: up to about 0.5 % from the geodesic. The same bits on every platform.
    pub fn distance_to(self, other: Self) -> Distance {
        let (phi_1, phi_2) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_dphi = libm::sin((phi_2 - phi_1) / 2.0);
        let half_dlambda = libm::sin((other.longitude - self.longitude).to_radians() / 2.0);
        let haversine =
            half_dphi * half_dphi + libm::cos(phi_1) * libm::cos(phi_2) * half_dlambda * half_dlambda;
        // Rounding may lift antipodes above 1, where the arcsine is not defined.
        let angle = 2.0 * libm::asin(haversine.sqrt().min(1.0));
        Distance::from_m((angle * EARTH_RADIUS_KM * 1000.0).round() as i64)
    }
}

/// The length of the great-circle line through these positions.
pub fn path_length(positions: &[Position]) -> Distance {
    positions.windows(2).map(|pair| pair[0].distance_to(pair[1])).sum()
}
