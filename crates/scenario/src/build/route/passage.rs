//! The links of the network as a shipment sees them: the ride or the haul behind each link.
//!
//! Does not own how links are made (`links`).

use sanda_network::{Link, LinkId};
use sanda_units::IdVec;

use crate::decode::Name;
use crate::schema::{Mode, OneOrMany, Step, StepKind};
use crate::source::{Located, Span};

/// What a link of the network is to a shipment: a ride or a haul.
#[derive(Clone)]
pub(in crate::build) enum Passage {
    /// A ride on a service.
    Ride { service: Name, from: Name, to: Name, mode: Mode },
    /// A haul by a connection.
    Haul { connection: Name, mode: Mode },
}

impl Passage {
    /// The mode of transport.
    pub(in crate::build) fn mode(&self) -> Mode {
        match self {
            Self::Ride { mode, .. } | Self::Haul { mode, .. } => *mode,
        }
    }

    /// The step of a shipment on this link, without a name.
    pub(in crate::build) fn step(&self, span: Span) -> Step {
        let located = |name: &Name| Located::new(name.clone(), span);
        let kind = match self {
            Self::Ride { service, from, to, .. } => StepKind::Ride {
                service: OneOrMany::one(located(service)),
                from: Some(located(from)),
                to: Some(located(to)),
            },
            Self::Haul { connection, .. } => StepKind::Haul(located(connection)),
        };
        Step { id: None, label: None, kind, span, headline: span }
    }

    /// The service or connection.
    pub(in crate::build) fn user(&self) -> &Name {
        match self {
            Self::Ride { service: user, .. } | Self::Haul { connection: user, .. } => user,
        }
    }
}

/// All links, and what each is to a shipment.
pub(in crate::build) struct Links {
    pub links: IdVec<LinkId, Link>,
    pub passages: Vec<Passage>,
}

/// The same mode as a type of the network.
pub(in crate::build) fn network_mode(mode: Mode) -> sanda_network::Mode {
    match mode {
        Mode::Air => sanda_network::Mode::Air,
        Mode::Rail => sanda_network::Mode::Rail,
        Mode::Sea => sanda_network::Mode::Sea,
        Mode::River => sanda_network::Mode::River,
        Mode::Road => sanda_network::Mode::Road,
    }
}
