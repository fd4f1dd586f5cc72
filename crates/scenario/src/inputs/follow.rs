//! Capacities that follow what is asked of them: a range of theirs is one of the load, whatever else is drawn.
//!
//! Owns which these are and what they come to at a point. Does not own how much is asked (`build::offered`): means of the
//! inputs alone, so that a point costs no run more.

use sanda_core::freight::ids::{ResourceId, ServiceId};
use sanda_core::freight::model::{Capacity, Model};

use super::declared;
use crate::{
    build::offered::{Demand, Offered},
    issue::Issues,
    load::Loaded,
    path::ParameterPath,
};

/// A capacity that follows, with what the scenario itself asks of it.
#[derive(Clone, Debug)]
enum Follower {
    /// The servers of a resource, and the load with one of them.
    Servers(ResourceId, f64),
    /// The capacity of a service.
    Capacity(ServiceId, Demand),
}

impl Follower {
    fn of(path: &str, offered: &Offered<'_>) -> Option<Self> {
        let model = offered.model();
        let (section, field) = path.split_once('.')?;
        if section == "resources" {
            let name = field.strip_suffix(".servers")?;
            let id = model.resources.ids().find(|&id| model.resources[id].name == name)?;
            let load_of_one = offered.load(id)? * f64::from(model.resources[id].servers?);
            (load_of_one > 0.0).then_some(Self::Servers(id, load_of_one))
        } else {
            let name = field.strip_suffix(".capacity")?;
            let id = model.services.ids().find(|&id| model.services[id].name == name)?;
            let Capacity::Fixed(capacity) = model.services[id].capacity else { return None };
            let demand = offered.demand(id)?;
            let filling = demand.filling(capacity as f64);
            (filling > 0.0 && filling.is_finite()).then_some(Self::Capacity(id, demand))
        }
    }
}

/// All capacities of a scenario that follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Followers(Vec<Follower>);

impl Followers {
    /// Those that are in force. Where there is no load to follow, a warning says so.
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
            match Follower::of(&declared.path, &offered) {
                Some(follower) => all.push(follower),
                None => {
                    issues
                        .warning(declared.span, "there is no load that this capacity could follow")
                        .path(declared.path)
                        .label("it stays as it is, whatever else is drawn")
                        .hint(Some(
                            "nothing comes here, it is not a plain number, nobody waits for it without end, or departures wait for cargo"
                                .to_owned(),
                        ));
                }
            }
        }
        Self(all)
    }

    /// Scales them in the model of a point: each has the load that the scenario would have with what was drawn for it.
    ///
    /// Where everything is as stated nothing changes.
    pub(super) fn follow(&self, model: &mut Model) {
        if self.0.is_empty() {
            return;
        }
        let offered = Offered::of(model);
        let scaled = |follower: &Follower| match *follower {
            Follower::Servers(id, load_of_one) => {
                let servers = f64::from(model.resources[id].servers?);
                Some(offered.load(id)? * servers * servers / load_of_one)
            }
            Follower::Capacity(id, stated) => {
                let Capacity::Fixed(capacity) = model.services[id].capacity else { return None };
                // What others take may be all that was drawn.
                let filling = Some(stated.filling(capacity as f64)).filter(|filling| filling.is_finite())?;
                Some(offered.demand(id)?.capacity(filling))
            }
        };
        let scaled: Vec<Option<f64>> = self.0.iter().map(scaled).collect();
        for (follower, scaled) in self.0.iter().zip(scaled) {
            let Some(scaled) = scaled.filter(|scaled| scaled.is_finite()) else { continue };
            match *follower {
                Follower::Servers(id, _) => {
                    let at_once = model.programs.works.iter().filter(|work| work.resource == id);
                    let least = at_once.map(|work| work.units).max().unwrap_or(1);
                    let params = &mut model.resources[id];
                    let Some(drawn) = params.servers else { continue };
                    let servers = (scaled.round() as u32).max(least);
                    let factor = f64::from(servers) / f64::from(drawn);
                    for (_, on_duty) in &mut params.shifts {
                        *on_duty = (f64::from(*on_duty) * factor).round() as u32;
                    }
                    params.servers = Some(servers);
                }
                Follower::Capacity(id, _) => {
                    model.services[id].capacity = Capacity::Fixed((scaled.round() as i64).max(1));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoadedModel, load_model, load_model_text};

    /// A container every four hours, each half a server's work for eight of them, and a daily barge of which others take 4 TEU.
    fn world(servers: &str, capacity: &str, of_capacity: &str) -> LoadedModel {
        let text = format!(
            r#"(
    schema: 1, name: "follow", start: "2025-01-06T00:00[UTC]",
    run: (measure: "100d", replications: 2),
    nodes: {{ "gate": (), "port": () }},
    resources: {{ "customs": (at: "gate", servers: 8, sources: {{ "servers": (from: "assumed"{servers}) }}) }},
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
        load_model_text("follow.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Servers and thousandths of a TEU at a point: of arrivals, time of work, what is drawn for both themselves, and departures.
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
        // As stated: 4 of 8 servers are at work, and 6 TEU a day ride in the 8 that others leave.
        assert_eq!(drawn(&loaded, &[]), (8, 12_000));
        // Twice as many: twice the servers, and 16 TEU beside those of others.
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (16, 20_000));
        // Half as many with three halves of the work.
        assert_eq!(drawn(&loaded, &[(".every", 0.0), (".time", 1.0)]), (6, 8_000));
        // Twice as many departures leave half as much for each.
        assert_eq!(drawn(&loaded, &[(".departs", 1.0)]), (8, 8_000));
        // What is drawn for themselves is a load: that of 4 servers, all at work, and that of 6 TEU in 6. Twice as much has it with twice
        // as many, and with 12.
        let both = [(".servers", 0.0), (".capacity", 0.0), (".every", 1.0)];
        assert_eq!(drawn(&loaded, &both), (8, 16_000));
    }

    #[test]
    fn a_season_is_part_of_the_capacity() {
        let month = "month: [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]";
        let seasonal = format!(r#"Seasonal(load: "16 TEU", {month})"#);
        let loaded = world("", &seasonal, ", follows_load: true");
        assert_eq!(drawn(&loaded, &[]), (8, 16_000));
        // 20 TEU with the 4 of others are three quarters of 26.667.
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (8, 26_667));
    }

    #[test]
    fn others_stay_as_they_are_drawn() {
        let loaded = world(", range: [4, 16]", r#""12 TEU""#, "");
        assert_eq!(drawn(&loaded, &[(".every", 1.0)]), (8, 12_000));
        assert_eq!(drawn(&loaded, &[(".every", 1.0), (".servers", 1.0)]), (16, 12_000));
    }

    /// Wherever the inputs of the hub lie in their ranges, nothing is asked for more than it can give for a year.
    ///
    /// Without `follows_load` some twenty services and desks fall behind for ever at each of these points.
    #[test]
    fn at_no_point_of_its_inputs_does_the_hub_drown() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/wuhan-baseline-2025.ron");
        let loaded = load_model(&path, &[]).unwrap_or_else(|failure| panic!("{failure}"));
        let n = loaded.inputs.unknowns().len();
        // Eight points, no two of them in one eighth of any unknown; and where all that makes things large or small comes together.
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
                let (Some(demand), Capacity::Fixed(capacity)) = (offered.demand(id), &params.capacity) else {
                    continue;
                };
                let filling = demand.filling(*capacity as f64);
                assert!(filling < 0.98, "{} is filled by {filling}", params.name);
            }
        }
    }
}
