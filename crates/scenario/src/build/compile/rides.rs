//! Rides and hauls compiled to operations.
//!
//! Owns the stops and legs of a ride, rides on common lines, and transport on demand. Does not own other
//! steps (`steps`), the expected time of a ride (`expect`), or which flows see its queue (`route::sight`).

use sanda_core::model::category::Category as CoreCategory;
use sanda_core::model::ids::ConnectionId;
use sanda_core::model::program::{DelayOp, Op, OpIndex, Per as CorePer, RideGroup, RideOp};

use super::scope::Scope;
use super::walk::{bit, milestone};
use crate::build::builder::Builder;
use crate::build::notes::RidePlace;
use crate::decode::Name;
use crate::source::Located;

impl Builder<'_> {
    /// Compiles a ride on a service. Returns its operation.
    pub(in crate::build) fn ride_on(
        &mut self,
        service: &Located<Name>,
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
        path: &str,
        scope: &Scope,
    ) -> Option<OpIndex> {
        let ride = self.ride(service, from, to, path, scope)?;
        self.model.programs.rides.push(ride);
        self.ride_places.push(RidePlace {
            by_chance: scope.by_chance,
            in_branch: scope.in_branch,
            span: service.span,
            path: path.to_owned(),
        });
        let at = self.emit(Op::Ride((self.model.programs.rides.len() - 1) as u32));
        self.pay_ride(service, path, scope);
        Some(at)
    }

    /// Compiles a ride on whichever of several services leaves first. The rides follow each other in the
    /// program; a shipment takes one of them.
    pub(in crate::build) fn ride_on_any(
        &mut self,
        services: &[Located<Name>],
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
        path: &str,
        scope: &Scope,
    ) {
        let lines = self.lines_of(services, from, to);
        let shares = self.first_to_leave(&lines).1;
        let group = self.model.programs.ride_groups.len();
        self.model.programs.ride_groups.push(RideGroup { rides: Vec::new(), shares });
        self.emit(Op::RideAny(group as u32));
        // The price depends on the service that is boarded. The marks of one service are not sure to be
        // passed.
        let mut inside = Scope { by_chance: true, ..scope.clone() };
        for line in &lines {
            inside.marks.remove(&milestone::departed_by(&line.service.value));
            inside.marks.remove(&milestone::arrived_by(&line.service.value));
        }
        let mut jumps = Vec::new();
        for line in &lines {
            let Some(at) = self.ride_on(line.service, from, to, path, &inside) else { return };
            if let Some(place) = self.ride_places.last_mut() {
                place.by_chance = scope.by_chance;
            }
            self.model.programs.ride_groups[group].rides.push(at);
            jumps.push(self.emit(Op::Jump(0)));
        }
        let end = self.here();
        for jump in jumps {
            self.model.programs.ops[jump as usize] = Op::Jump(end);
        }
    }

    fn ride(
        &mut self,
        service: &Located<Name>,
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
        path: &str,
        scope: &Scope,
    ) -> Option<RideOp> {
        if scope.is_vehicle {
            self.issues
                .error(service.span, "a vehicle cannot ride a service")
                .path(path)
                .label("expected in the steps of a flow");
            return None;
        }
        let &id = self.service_ids.get(&service.value)?;
        // A ride whose stops are not stops of its service in this order is refused before anything is
        // built.
        let (stops, first, last) = self.stops_of_ride(service, from, to)?;
        let stops: Vec<&Name> = stops[first..=last].iter().map(|stop| &stop.value).collect();
        self.refuse_closed(service, &stops, path);
        let mark = |name: String| bit(scope.marks.get(&name).copied());
        Some(RideOp {
            service: id,
            from: u16::try_from(first).ok()?,
            to: u16::try_from(last).ok()?,
            departed_marks: mark(milestone::departed_by(&service.value)),
            arrived_marks: mark(milestone::arrived_by(&service.value)),
            parts_from: None,
            legs_from: None,
        })
    }

    pub(in crate::build) fn haul(
        &mut self,
        connection: &Located<Name>,
        purpose: &str,
        path: &str,
        scope: &Scope,
    ) {
        let Some(time) = self.connection_time(connection, path) else { return };
        let entry = &self.scenario.connections[&connection.value];
        self.refuse_closed(connection, &[&entry.from.value, &entry.to.value], path);
        let place = self.scenario.connections.keys().position(|name| *name == connection.value);
        let stream = self.stream(purpose, &scope.owner);
        let way_back = match &entry.return_time {
            None => None,
            Some(law) => {
                let path = format!("connections.{}.return_time", connection.value);
                let Some(law) = self.law(law, &path) else { return };
                Some((law, self.stream(&format!("return/{purpose}"), &scope.owner)))
            }
        };
        self.model.programs.delays.push(DelayOp {
            time,
            stream,
            per: CorePer::Job,
            category: CoreCategory::Moving,
            connection: place.map(ConnectionId::new),
            way_back,
        });
        self.emit(Op::Haul((self.model.programs.delays.len() - 1) as u32));
    }
}
