//! The events of a life, for process mining: what happened, when, where, and to which departure.
//!
//! Owns the list of events and their names. Does not own the files (`event_table`, `ocel`).

use sanda_core::model::Model;
use sanda_core::model::category::CategoryTimes;
use sanda_core::model::ids::{NodeId, ResourceId, ServiceId, StageId};

use crate::departures::Departures;
use crate::life::{Because, Ending, Life, Ride};

/// One event. The instant in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) activity: Activity,
    /// The node, if the event has one.
    pub(crate) node: Option<NodeId>,
    /// The departure that it concerns.
    pub(crate) departure: Option<(ServiceId, u64)>,
    /// For the end of a stage: its time by category.
    pub(crate) times: Option<CategoryTimes>,
}

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    Released,
    Requested(ResourceId),
    Started(ResourceId),
    Ended(ResourceId),
    Ready(ServiceId),
    /// A departure left without the shipment, which was ready after its cut-off.
    MissedCutOff(ServiceId),
    RolledOver(ServiceId),
    Cancelled(ServiceId),
    Departed(ServiceId),
    Arrived(ServiceId),
    Unloaded(ServiceId),
    StageEnded(StageId),
    Delivered,
    Lost,
}

impl Activity {
    /// Returns its name: the id of its subject and a word.
    pub(crate) fn name(self, model: &Model) -> String {
        let resource = |id: ResourceId, word| format!("{} {word}", model.resources[id].name);
        let service = |id: ServiceId, word| format!("{} {word}", model.services[id].name);
        match self {
            Self::Released => "released".to_owned(),
            Self::Requested(id) => resource(id, "requested"),
            Self::Started(id) => resource(id, "started"),
            Self::Ended(id) => resource(id, "ended"),
            Self::Ready(id) => service(id, "ready"),
            Self::MissedCutOff(id) => service(id, "missed by cut-off"),
            Self::RolledOver(id) => service(id, "rolled over"),
            Self::Cancelled(id) => service(id, "cancelled"),
            Self::Departed(id) => service(id, "departed"),
            Self::Arrived(id) => service(id, "arrived"),
            Self::Unloaded(id) => service(id, "unloaded"),
            Self::StageEnded(id) => format!("stage {} ended", model.stages[id].name),
            Self::Delivered => "delivered".to_owned(),
            Self::Lost => "lost".to_owned(),
        }
    }

    /// Returns the role of a departure in the event; `None` where there is none.
    pub(crate) fn qualifier(self) -> Option<&'static str> {
        match self {
            Self::MissedCutOff(_) | Self::RolledOver(_) | Self::Cancelled(_) => Some("left without it"),
            Self::Departed(_) | Self::Arrived(_) | Self::Unloaded(_) => Some("rides"),
            _ => None,
        }
    }

    /// Returns the resource it concerns.
    pub(crate) fn resource(self) -> Option<ResourceId> {
        match self {
            Self::Requested(id) | Self::Started(id) | Self::Ended(id) => Some(id),
            _ => None,
        }
    }

    /// Returns the service it concerns.
    pub(crate) fn service(self) -> Option<ServiceId> {
        match self {
            Self::Ready(id)
            | Self::MissedCutOff(id)
            | Self::RolledOver(id)
            | Self::Cancelled(id)
            | Self::Departed(id)
            | Self::Arrived(id)
            | Self::Unloaded(id) => Some(id),
            _ => None,
        }
    }

    /// Returns the stage it ends.
    pub(crate) fn stage(self) -> Option<StageId> {
        match self {
            Self::StageEnded(id) => Some(id),
            _ => None,
        }
    }
}

/// Returns the events of a life in the order of time. Events of one instant are in causal order.
pub(crate) fn events_of(life: &Life, model: &Model, departures: &Departures) -> Vec<Event> {
    let mut events = vec![Event {
        node: Some(model.flows[life.flow].origin),
        ..Event::new(life.released_at, Activity::Released)
    }];
    for visit in &life.visits {
        let node = Some(model.resources[visit.resource].node);
        let mut add = |at, activity| events.push(Event { node, ..Event::new(at, activity) });
        add(visit.requested_at, Activity::Requested(visit.resource));
        add(visit.started_at, Activity::Started(visit.resource));
        if let Some(ended_at) = visit.ended_at {
            add(ended_at, Activity::Ended(visit.resource));
        }
    }
    for ride in &life.rides {
        add_ride(&mut events, ride, model, departures);
    }
    for stage in &life.stages {
        let times = Some(stage.times);
        events.push(Event { times, ..Event::new(stage.to, Activity::StageEnded(stage.stage)) });
    }
    match life.ending {
        Ending::Delivered(at) => events.push(Event::new(at, Activity::Delivered)),
        Ending::Lost(at) => events.push(Event::new(at, Activity::Lost)),
        Ending::UnderWay => {}
    }
    // The sort is stable. At one instant, ends come before beginnings, and the end of the life is last.
    events.sort_by_key(|event| (event.at, event.rank()));
    events
}

fn add_ride(events: &mut Vec<Event>, ride: &Ride, model: &Model, departures: &Departures) {
    let stop = |stop: u16| Some(model.services[ride.service].stops[usize::from(stop)]);
    let departure = Some((ride.service, ride.departure));
    let ready = Event::new(ride.ready_at, Activity::Ready(ride.service));
    events.push(Event { node: stop(ride.from), ..ready });
    for missed in ride.not_taken(model, departures) {
        let activity = match missed.because {
            Because::CutOff(_) => Activity::MissedCutOff(missed.service),
            Because::Full(_) => Activity::RolledOver(missed.service),
            Because::Cancelled => Activity::Cancelled(missed.service),
        };
        let departure = Some((missed.service, missed.departure));
        events.push(Event { node: stop(ride.from), departure, ..Event::new(missed.left_at, activity) });
    }
    let mut add = |at: Option<i64>, activity, place| {
        if let Some(at) = at {
            events.push(Event { node: stop(place), departure, ..Event::new(at, activity) });
        }
    };
    add(Some(ride.departed_at), Activity::Departed(ride.service), ride.from);
    add(ride.arrived_at, Activity::Arrived(ride.service), ride.to);
    add(ride.unloaded_at, Activity::Unloaded(ride.service), ride.to);
}

impl Event {
    fn new(at: i64, activity: Activity) -> Self {
        Self { at, activity, node: None, departure: None, times: None }
    }

    /// Returns its place among the events of one instant of a life.
    fn rank(&self) -> u8 {
        match self.activity {
            Activity::Released => 0,
            Activity::Ended(_) | Activity::Arrived(_) => 1,
            Activity::Unloaded(_) => 2,
            Activity::StageEnded(_) => 3,
            Activity::Requested(_) | Activity::Ready(_) => 4,
            Activity::MissedCutOff(_) | Activity::RolledOver(_) | Activity::Cancelled(_) => 5,
            Activity::Started(_) | Activity::Departed(_) => 6,
            Activity::Delivered | Activity::Lost => 7,
        }
    }
}
