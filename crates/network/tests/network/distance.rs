//! Great circles.

use proptest::prelude::*;
use sanda_network::{Position, PositionError, path_length};
use sanda_units::Distance;

fn position(latitude: f64, longitude: f64) -> Position {
    Position::new(latitude, longitude).expect("a position")
}

#[test]
fn known_distances() {
    // A quarter and half of the circumference, 2 pi 6371.0088 km = 40030.228884 km.
    let equator = position(0.0, 0.0);
    assert_eq!(equator.distance_to(position(90.0, 77.0)), Distance::from_m(10_007_557));
    assert_eq!(equator.distance_to(position(0.0, 180.0)), Distance::from_m(20_015_114));
    assert_eq!(
        position(0.0, -179.5).distance_to(position(0.0, 179.5)),
        equator.distance_to(position(0.0, 1.0))
    );
    assert_eq!(equator.distance_to(equator), Distance::ZERO);
    // Wuhan Tianhe (30.784 N 114.208 E) to Frankfurt (50.033 N 8.571 E), by the spherical law of cosines.
    let (wuhan, frankfurt) = (position(30.784, 114.208), position(50.033, 8.571));
    assert_eq!(wuhan.distance_to(frankfurt), Distance::from_m(8_440_404));
    assert_eq!(path_length(&[wuhan, frankfurt, wuhan]), wuhan.distance_to(frankfurt) * 2);
    assert_eq!(path_length(&[wuhan]), Distance::ZERO);
}

#[test]
fn positions_are_checked() {
    assert_eq!(Position::new(114.2, 30.8), Err(PositionError::Latitude { latitude: 114.2 }));
    assert_eq!(
        Position::new(30.8, 181.0).map_err(|error| error.to_string()),
        Err("longitude 181 lies outside -180 to 180".to_owned())
    );
    assert!(Position::new(f64::NAN, 0.0).is_err() && Position::new(0.0, f64::INFINITY).is_err());
}

proptest! {
    #[test]
    fn a_distance_is_a_metric(
        a in (-90.0..=90.0, -180.0..=180.0),
        b in (-90.0..=90.0, -180.0..=180.0),
        c in (-90.0..=90.0, -180.0..=180.0),
    ) {
        let [a, b, c] = [a, b, c].map(|(latitude, longitude)| position(latitude, longitude));
        prop_assert_eq!(a.distance_to(b), b.distance_to(a));
        // Each of the three is rounded by up to half a metre.
        prop_assert!(a.distance_to(c) <= a.distance_to(b) + b.distance_to(c) + Distance::from_m(2));
        prop_assert!(a.distance_to(b) <= Distance::from_m(20_015_115));
    }
}
