//! Capacities that follow their load: a range of the capacity is then a range of the load, whatever else is
//! drawn.
//!
//! Owns which capacities follow, and their values at a point. Does not own the loads (`build::load`): they
//! are means of the inputs alone, so that a point needs no extra run.

use sanda_core::model::ids::{ResourceId, ServiceId};
use sanda_core::model::{Capacity, Model};

use super::declared;
use crate::{build::Offered, issue::Issues, load::Loaded, path::ParameterPath};

/// A capacity that may follow its load.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// The servers of a resource.
    Servers(ResourceId),
    /// The capacity of a service.
    Capacity(ServiceId),
}

impl Place {
    /// The capacity at a path, if there is a plain number.
    fn of(path: &str, model: &Model) -> Option<Self> {
        let (section, field) = path.split_once('.')?;
        if section == "resources" {
            let name = field.strip_suffix(".servers")?;
            let id = model.resources.ids().find(|&id| model.resources[id].name == name)?;
            model.resources[id].servers.map(|_| Self::Servers(id))
        } else {
            let name = field.strip_suffix(".capacity")?;
            let id = model.services.ids().find(|&id| model.services[id].name == name)?;
            matches!(model.services[id].capacity, Capacity::Fixed(_)).then_some(Self::Capacity(id))
        }
    }

    /// The load: work per millisecond, or what a departure is to carry.
    fn asked(self, offered: &Offered<'_>) -> Option<f64> {
        match self {
            Self::Servers(id) => Some(offered.work(id)),
            Self::Capacity(id) => offered.asked_of_departure(id),
        }
    }
}

/// A capacity that follows its load, with its load in the scenario itself.
#[derive(Clone, Copy, Debug)]
struct Follower {
    place: Place,
    stated: f64,
}

impl Follower {
    fn of(path: &str, model: &Model, offered: &Offered<'_>) -> Option<Self> {
        let place = Place::of(path, model)?;
        let stated = place.asked(offered).filter(|stated| stated.is_normal())?;
        Some(Self { place, stated })
    }

    /// The load at a point as a multiple of the scenario's own.
    fn times(self, offered: &Offered<'_>) -> Option<f64> {
        Some(self.place.asked(offered)? / self.stated).filter(|times| times.is_normal())
    }
}

/// All capacities of a scenario that follow their load.
#[derive(Clone, Debug, Default)]
pub(super) struct Followers(Vec<Follower>);

impl Followers {
    /// Finds the followers that are in force. A warning names those without a load to follow.
    pub(super) fn find(loaded: &Loaded, model: &Model, issues: &mut Issues) -> Self {
        let mut declared = declared(loaded);
        declared.retain(|one| one.provenance.follows_load);
        if declared.is_empty() {
            return Self::default();
        }
        let mut all = Vec::new();
        let offered = Offered::of(model);
        for declared in declared {
            let Ok(place) = declared.path.parse::<ParameterPath>() else { continue };
            if !declared.is_in_force(&loaded.tree, &place) {
                continue;
            }
            match Follower::of(&declared.path, model, &offered) {
                Some(follower) => all.push(follower),
                None => {
                    issues
                        .warning(declared.span, "there is no load that this capacity could follow")
                        .path(declared.path)
                        .label("it stays as it is, whatever else is drawn")
                        .hint(Some(
                            "it has no load, is not a plain number, or its departures wait for cargo"
                                .to_owned(),
                        ));
                }
            }
        }
        Self(all)
    }

    /// Scales the followers in the model of a point with their load, up to a whole server or unit of cargo.
    /// Servers on duty never fall to zero. A capacity never falls below the largest shipment, or below the
    /// drawn capacity if that is smaller. A capacity without a load stays.
    ///
    /// If the load is the scenario's own, nothing changes.
    pub(super) fn follow(&self, model: &mut Model) {
        if self.0.is_empty() {
            return;
        }
        let offered = Offered::of(model);
        let times: Vec<Option<f64>> = self.0.iter().map(|follower| follower.times(&offered)).collect();
        let capacity = |id: ServiceId, times: f64| {
            let Capacity::Fixed(drawn) = model.services[id].capacity else { return None };
            // The background may take all that was drawn.
            let room = Some(offered.room(id, drawn as f64)).filter(|room| *room > 0.0)?;
            let least = Some(offered.largest(id)).filter(|most| most.is_finite()).unwrap_or(0.0).min(room);
            Some(offered.capacity_for(id, (room * times).max(least)))
        };
        let all =
            || self.0.iter().zip(&times).filter_map(|(follower, times)| Some((follower.place, (*times)?)));
        let capacities: Vec<(ServiceId, f64)> = all()
            .filter_map(|(place, times)| match place {
                Place::Capacity(id) => Some((id, capacity(id, times)?)),
                Place::Servers(_) => None,
            })
            .collect();
        for (place, times) in all() {
            if let Place::Servers(id) = place {
                scale_servers(model, id, times);
            }
        }
        for (id, scaled) in capacities {
            model.services[id].capacity = Capacity::Fixed(whole(scaled) as i64);
        }
    }
}

/// Scales the servers of a resource, and those on duty in each shift.
fn scale_servers(model: &mut Model, id: ResourceId, times: f64) {
    let at_once = model.programs.works.iter().filter(|work| work.resource == id);
    let least = at_once.map(|work| work.units).max().unwrap_or(1).max(1);
    let scaled = |drawn: u32| match drawn {
        0 => 0,
        _ => (whole(f64::from(drawn) * times) as u32).max(least.min(drawn)),
    };
    let params = &mut model.resources[id];
    for (_, on_duty) in &mut params.shifts {
        *on_duty = scaled(*on_duty);
    }
    params.servers = params.servers.map(scaled);
}

/// Rounds up to a whole number, except for excess that comes from rounding alone.
fn whole(enough: f64) -> f64 {
    (enough - 1e-6 * enough.max(1.0)).ceil()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoadedModel, load_model, load_model_text};

    /// A container every four hours, each with half a server's work for eight of them, and a daily barge
    /// with a background of 4 TEU.
    fn world(servers: &str, capacity: &str, of_capacity: &str) -> LoadedModel {
        world_with("8", servers, capacity, of_capacity, &[])
    }

    fn world_with(
        servers: &str,
        of_servers: &str,
        capacity: &str,
        of_capacity: &str,
        sets: &[String],
    ) -> LoadedModel {
        let text = format!(
            r#"(
    schema: 1, name: "follow", start: "2025-01-06T00:00[UTC]",
    run: (measure: "100d", replications: 2),
    nodes: {{ "gate": (), "port": () }},
    resources: {{ "customs": (at: "gate", servers: {servers}, sources: {{ "servers": (from: "assumed"{of_servers}) }}) }},
    services: {{ "barge": (
        mode: River, stops: ["gate", "port"], departs: Every(period: "24h"), running: ["10h"],
        capacity: {capacity}, background: "4 TEU",
        sources: {{
            "capacity": (from: "assumed"{of_capacity}),
            "departs": (from: "assumed", range: [Every(period: "48h"), Every(period: "12h")]),
        }},
    ) }},
    flows: {{ "boxes": (
        arrivals: Regular(every: "4h", offset: "0h"), size: "1 TEU",
        steps: [Work(resource: "customs", time: "16h"), Ride(service: "barge")],
        sources: {{
            "arrivals.every": (from: "assumed", range: ["8h", "2h"]),
            "steps[0].time": (from: "assumed", range: ["8h", "24h"]),
        }},
    ) }},
    promises: {{ "quick": (flows: ["boxes"], within: "3d") }},
)"#
        );
        load_model_text("follow.ron", &text, sets).unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Servers and thousandths of a TEU at a point: of arrivals, time of work, the drawn values of both
    /// capacities, and departures.
    fn drawn(loaded: &LoadedModel, point: &[(&str, f64)]) -> (u32, i64) {
        let at = |name: &String| {
            let one = point.iter().find(|(end, _)| name.ends_with(end));
            one.map_or(0.5, |&(_, u)| u)
        };
        let point: Vec<f64> = loaded.inputs.unknowns().iter().map(at).collect();
        let model = loaded.inputs.model_at(&point).unwrap_or_else(|failure| panic!("{failure}")).model;
        let Capacity::Fixed(capacity) = model.services[ServiceId::new(0)].capacity else {
            panic!("a fixed capacity")
        };
        (model.resources[ResourceId::new(0)].servers.unwrap_or(0), capacity)
    }

    #[test]
    fn capacities_that_follow_keep_their_load() {
        let range = r#", range: ["10 TEU", "16 TEU"], follows_load: true"#;
        let loaded = world(", range: [4, 16], follows_load: true", r#""12 TEU""#, range);
        // As stated: 4 of 8 servers are at work, and 6 TEU a day ride in the 8 TEU that the background
        // leaves.
        assert_eq!(drawn(&loaded, &[]), (8, 12_000));
        // Twice the arrivals: twice the servers, and 16 TEU beside the background.
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (16, 20_000));
        // Half the arrivals with one and a half times the work.
        assert_eq!(drawn(&loaded, &[(".every", 0.0), (".time", 1.0)]), (6, 8_000));
        // Twice the departures have half the load each.
        assert_eq!(drawn(&loaded, &[(".departs", 1.0)]), (8, 8_000));
        // The drawn values of the capacities are loads: that of 4 busy servers, and that of 6 TEU in 6.
        // Twice the arrivals have the same loads with twice the servers, and with 12 TEU.
        let both = [(".servers", 0.0), (".capacity", 0.0), (".every", 1.0)];
        assert_eq!(drawn(&loaded, &both), (8, 16_000));
    }

    #[test]
    fn a_season_is_part_of_the_capacity() {
        let month = "month: [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]";
        let seasonal = format!(r#"Seasonal(load: "16 TEU", {month})"#);
        let loaded = world("", &seasonal, ", follows_load: true");
        assert_eq!(drawn(&loaded, &[]), (8, 16_000));
        // 20 TEU with a background of 4 are three quarters of 26.667.
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (8, 26_667));
    }

    #[test]
    fn nothing_on_duty_falls_to_none_and_the_largest_still_fits() {
        let shifts = r#"Shifts([(servers: 5, on: Daily("08:00-20:00")), (servers: 1)])"#;
        let loaded = world_with(shifts, ", follows_load: true", r#""12 TEU""#, "", &[]);
        let on_duty = |every: f64, time: f64| {
            let at = |name: &String| match name.rsplit_once('.') {
                Some((_, "every")) => every,
                Some((_, "time")) => time,
                _ => 0.5,
            };
            let point: Vec<f64> = loaded.inputs.unknowns().iter().map(at).collect();
            let built = loaded.inputs.model_at(&point).unwrap_or_else(|failure| panic!("{failure}"));
            let resource = &built.model.resources[ResourceId::new(0)];
            let mut on_duty: Vec<u32> = resource.shifts.iter().map(|&(_, servers)| servers).collect();
            on_duty.sort_unstable();
            on_duty.dedup();
            (on_duty, resource.servers)
        };
        assert_eq!(on_duty(0.5, 0.5), (vec![1, 6], Some(6)));
        assert_eq!(on_duty(1.0, 0.5), (vec![2, 12], Some(12)));
        // A quarter of the work: 1.5 servers by day.
        assert_eq!(on_duty(0.0, 0.0), (vec![1, 2], Some(2)));

        // 12 TEU leave 1.5 TEU for a departure, but containers come in lots of 5.
        let sets = ["flows.boxes.size=\"5 TEU\"", "flows.boxes.arrivals.every=\"20h\""].map(str::to_owned);
        let loaded = world_with("8", "", r#""12 TEU""#, ", follows_load: true", &sets);
        assert_eq!(drawn(&loaded, &[(".departs", 1.0)]), (8, 9_000));
    }

    #[test]
    fn a_measure_taken_stays() {
        // A value that replaces a follower is a measure and holds as written.
        let sets = ["resources.customs.servers=9".to_owned()];
        let loaded = world_with("8", ", follows_load: true", r#""12 TEU""#, "", &sets);
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (9, 12_000));
    }

    #[test]
    fn others_stay_as_they_are_drawn() {
        let loaded = world(", range: [4, 16]", r#""12 TEU""#, "");
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (8, 12_000));
        assert_eq!(drawn(&loaded, &[(".every", 1.0), (".servers", 1.0)]), (16, 12_000));
    }

    /// Wherever the inputs of the hub lie in their ranges, no load exceeds its capacity for a year.
    ///
    /// Without `follows_load` some twenty services and desks fall behind without end at each of these
    /// points.
    #[test]
    fn at_no_point_of_its_inputs_does_the_hub_drown() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/wuhan-baseline-2025.ron");
        let loaded = load_model(&path, &[]).unwrap_or_else(|failure| panic!("{failure}"));
        let n = loaded.inputs.unknowns().len();
        // Eight points, no two of them in one eighth of any unknown, and the points with everything that
        // makes loads large or small.
        let lattice = |place: usize| {
            let turned = move |one: usize| (place as f64 / 8.0 + one as f64 * 0.618_033_988_75).fract();
            (0..n).map(turned).collect::<Vec<f64>>()
        };
        for point in (0..8).map(lattice).chain([vec![0.0; n], vec![1.0; n]]) {
            let model = loaded.inputs.model_at(&point).unwrap_or_else(|failure| panic!("{failure}")).model;
            let offered = Offered::of(&model);
            for id in model.resources.ids() {
                let load = offered.load(id).unwrap_or(0.0);
                assert!(load < 0.98, "{} has a load of {load}", model.resources[id].name);
            }
            for (id, params) in model.services.iter_enumerated() {
                let filling = offered.filling(id).unwrap_or(0.0);
                assert!(filling < 0.98, "{} is filled by {filling}", params.name);
            }
        }
    }
}
