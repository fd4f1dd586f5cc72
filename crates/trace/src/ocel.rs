//! The event log as OCEL 2.0 JSON (<https://www.ocel-standard.org>): shipments and departures are objects, events relate to both.
//!
//! A shipment has its flow, itinerary, TEU and tonnes, and `rides` its departures; a departure has its service and when it was scheduled.
//! Event types are the activities of the CSV. An event relates to its shipment (`shipment`), and to a departure that it `rides` or that
//! `left without it`. The log is written piece by piece, since that of a hub would not fit into memory: events come first, then what is
//! known only after them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use sanda_core::model::ids::ServiceId;
use serde_json::{Value, json};

use crate::events::{Event, events_of};
use crate::facts::{Facts, hours};
use crate::life::Life;
use crate::recorder::Lives;

/// Writes the event log of lives.
///
/// # Errors
///
/// Those of the writer.
pub fn write_ocel(
    mut out: impl Write,
    facts: &Facts<'_>,
    recorded: &Lives<'_>,
    lives: impl Iterator<Item = Life> + Clone,
) -> io::Result<()> {
    let model = facts.model;
    let mut log = Log { facts, n_events: 0, types: BTreeMap::new(), departures: BTreeSet::new() };
    let mut list = List::begin(&mut out, "{\"events\":[")?;
    for life in lives.clone() {
        for event in events_of(&life, model, recorded.departures()) {
            list.add(&mut out, &log.event(&life, &event))?;
        }
    }
    let mut list = List::begin(&mut out, "\n],\n\"objects\":[")?;
    for life in lives {
        list.add(&mut out, &log.shipment(&life))?;
    }
    for &(service, number) in &log.departures {
        let scheduled_at =
            recorded.departures().get(service, number).map_or(0, |departure| departure.scheduled_at);
        list.add(&mut out, &log.departure(service, number, scheduled_at))?;
    }
    write!(out, "\n],\n\"eventTypes\":{},\n\"objectTypes\":{}}}\n", log.event_types(), object_types())?;
    out.flush()
}

/// A JSON list that is written item by item.
struct List {
    is_empty: bool,
}

impl List {
    fn begin(out: &mut impl Write, begin: &str) -> io::Result<Self> {
        out.write_all(begin.as_bytes())?;
        Ok(Self { is_empty: true })
    }

    fn add(&mut self, out: &mut impl Write, item: &Value) -> io::Result<()> {
        out.write_all(if std::mem::replace(&mut self.is_empty, false) { b"\n" } else { b",\n" })?;
        serde_json::to_writer(out, item).map_err(io::Error::from)
    }
}

/// The types and objects collected while events are written.
struct Log<'l> {
    facts: &'l Facts<'l>,
    n_events: u64,
    /// The event types so far, and whether each ends a stage.
    types: BTreeMap<String, bool>,
    /// The departures that events or shipments relate to.
    departures: BTreeSet<(ServiceId, u64)>,
}

impl Log<'_> {
    fn event(&mut self, life: &Life, event: &Event) -> Value {
        let model = self.facts.model;
        let name = event.activity.name(model);
        let mut relations = vec![json!({"objectId": self.id_of(life), "qualifier": "shipment"})];
        if let Some((departure, qualifier)) = event.departure.zip(event.activity.qualifier()) {
            self.departures.insert(departure);
            relations.push(json!({"objectId": self.departure_id(departure), "qualifier": qualifier}));
        }
        let node = event.node.map_or("", |node| model.nodes[node].name.as_str());
        let mut attributes = vec![json!({"name": "node", "value": node})];
        if let Some(times) = event.times {
            attributes.push(json!({"name": "hours", "value": hours(times.iter().sum())}));
        }
        let value = json!({
            "id": format!("e{}", self.n_events),
            "type": name,
            "time": self.time(event.at),
            "attributes": attributes,
            "relationships": relations,
        });
        self.n_events += 1;
        self.types.insert(name, event.times.is_some());
        value
    }

    fn shipment(&mut self, life: &Life) -> Value {
        let model = self.facts.model;
        let time = self.time(life.released_at);
        let attribute = |name: &str, value: Value| json!({"name": name, "value": value, "time": time});
        let rides = life.rides.iter().map(|ride| (ride.service, ride.departure));
        let relations: Vec<_> = rides
            .map(|departure| json!({"objectId": self.departure_id(departure), "qualifier": "rides"}))
            .collect();
        json!({
            "id": self.id_of(life),
            "type": "shipment",
            "attributes": [
                attribute("flow", model.flows[life.flow].name.clone().into()),
                attribute("itinerary", model.itineraries[life.itinerary].name.clone().into()),
                attribute("teu", (life.teu as f64 / 1000.0).into()),
                attribute("tonnes", (life.mass as f64 / 1000.0).into()),
                attribute("outcome", life.ending.name().into()),
            ],
            "relationships": relations,
        })
    }

    fn departure(&self, service: ServiceId, number: u64, scheduled_at: i64) -> Value {
        let time = self.time(scheduled_at);
        let name = &self.facts.model.services[service].name;
        json!({
            "id": self.departure_id((service, number)),
            "type": "departure",
            "attributes": [
                {"name": "service", "value": name, "time": time},
                {"name": "number", "value": number, "time": time},
                {"name": "scheduled_at", "value": time, "time": time},
            ],
            "relationships": [],
        })
    }

    fn event_types(&self) -> Value {
        let types = self.types.iter().map(|(name, ends_stage)| {
            let mut attributes = vec![json!({"name": "node", "type": "string"})];
            if *ends_stage {
                attributes.push(json!({"name": "hours", "type": "float"}));
            }
            json!({"name": name, "attributes": attributes})
        });
        types.collect()
    }

    fn id_of(&self, life: &Life) -> String {
        format!("{}/{}", self.facts.model.flows[life.flow].name, life.number)
    }

    /// Returns the id of a departure. Its sign distinguishes it from a shipment.
    fn departure_id(&self, (service, number): (ServiceId, u64)) -> String {
        format!("{}#{number}", self.facts.model.services[service].name)
    }

    /// Returns an instant in the form of the standard: with seconds and its offset.
    fn time(&self, at: i64) -> String {
        let local = self.facts.local(at).to_string();
        // `2025-01-06T08:00+08:00`: seconds are printed only if they are not zero.
        match local.split_at_checked(16) {
            Some((minutes, rest)) if !rest.starts_with(':') => format!("{minutes}:00{rest}"),
            _ => local,
        }
    }
}

fn object_types() -> Value {
    let attribute = |(name, kind): (&str, &str)| json!({"name": name, "type": kind});
    let shipment = [
        ("flow", "string"),
        ("itinerary", "string"),
        ("teu", "float"),
        ("tonnes", "float"),
        ("outcome", "string"),
    ];
    let departure = [("service", "string"), ("number", "integer"), ("scheduled_at", "time")];
    json!([
        {"name": "shipment", "attributes": shipment.map(attribute)},
        {"name": "departure", "attributes": departure.map(attribute)},
    ])
}
