//! Steps and procedures: what is done to shipments and vehicles.
//!
//! Does not own resources (`place`) or services (`service`).

use std::collections::BTreeMap;

use sanda_units::{Duration, Share};

use crate::{
    decode::{Choice, Context, Decode, Keyed, Name, Positive, Reader, Schema, choice, record},
    schema::{CustomsMode, Declaration, Factor, FeeKind, Fees, Law, Load, OneOrMany, Open, Operator, Text},
    source::{Located, Span},
    tree::Tree,
};

choice! {
    /// Means of transport.
    #[derive(Eq, Copy, PartialOrd, Ord, Hash)]
    pub enum Mode ("mode") {
        /// Aircraft.
        Air,
        /// Trains.
        Rail,
        /// Sea-going vessels.
        Sea,
        /// Inland vessels.
        River,
        /// Trucks.
        Road,
    }
}

record! {
    /// A named list of steps.
    pub struct Procedure ("procedure") {
        /// The node or nodes where it is done. Required if it applies by a `turn`.
        at: Option<OneOrMany<Located<Name>>>,
        /// The turn of a searched way, or of a service, at which it applies at that node. Without it, the
        /// procedure is done only where a step or a stop names it. On a searched way each of its steps is a
        /// stage. If several procedures apply at one turn, they are done in the order of their names.
        turn: Option<Turn>,
        /// The steps, in this order.
        steps: Vec<Step>,
    }
}

choice! {
    /// The role of a node for a shipment whose way is searched, or for a vehicle that stops there.
    pub enum Turn ("turn") {
        /// The shipment begins here.
        Origin,
        /// The shipment ends here.
        Destination,
        /// The shipment changes from one means of transport to another. At a border, a change needs a
        /// procedure.
        Transfer {
            /// The arriving mode, or several.
            from: OneOrMany<Mode>,
            /// The leaving mode, or several.
            to: OneOrMany<Mode>,
        },
        /// A vehicle of any service stops here between its first and its last stop, and its cargo stays
        /// aboard. Not for services whose own `at_stop` names this node.
        Stop,
        /// As `Stop`, in one direction. It is done before the procedures of `Stop`.
        Border {
            /// The stop before this one. Any stop by default.
            from: Option<Located<Name>>,
            /// The stop after this one. Any stop by default.
            to: Option<Located<Name>>,
        },
    }
}

/// One step of a procedure or flow, with the stable name of its stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name of its stage in results and in the keys of random numbers. By default it is the name of the
    /// resource, service, connection, regime, procedure or milestone in the step, else the variant in lower
    /// case.
    pub id: Option<Located<Name>>,
    /// The label of its stage for readers.
    pub label: Option<Text>,
    /// The kind of step.
    pub kind: StepKind,
    /// The place of the whole step.
    pub span: Span,
    /// The place of issues about the step as a whole.
    pub headline: Span,
}

impl Decode for Step {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let (variant, mut reader) = Reader::of_variant::<StepKind>(tree, cx)?;
        let kind = StepKind::from_variant(variant, &mut reader, cx);
        let id: Option<Option<Located<Name>>> = reader.field("id", None, cx);
        let label: Option<Option<Text>> = reader.field("label", None, cx);
        let (span, headline) = (reader.span(), reader.headline());
        reader.finish(cx)?;
        Some(Self { id: id?, label: label?, kind: kind?, span, headline })
    }

    fn describe(schema: &mut Schema) -> String {
        StepKind::describe(schema)
    }
}

choice! {
    /// What is done to a shipment or vehicle. Every step may also have a `label`, which names its stage for
    /// readers, and an `id`, which is the stable name of its stage in results. The default `id` is the name
    /// of the resource, service, connection, regime, procedure or milestone in the step. If a step is
    /// written with a plain value, name that value to add these fields: `Haul(connection: "truck", id:
    /// "first")`, `Parallel(branches: [...], id: "papers")`.
    pub enum StepKind ("step") {
        /// Work at a resource, after waiting for a server.
        Work {
            /// The resource.
            resource: Located<Name>,
            /// The time of the work. Raising it lengthens queues too.
            time: Law<Duration>,
            /// What one draw of `time` applies to.
            per: Per = Shipment,
            /// Number of servers needed at the same time.
            units: Located<Positive<u64>> = 1,
            /// Priority at this resource, from 1, the most urgent, to 9. By default that of the flow.
            priority: Option<Located<Positive<u64>>>,
            /// How long the shipment waits before it gives up and continues with its next step. Unlimited
            /// by default.
            patience: Option<Box<Law<Duration>>>,
            /// Whether the time counts as inspection.
            inspection: bool = false,
        },
        /// Time that passes without a queue.
        Delay {
            /// The time.
            time: Law<Duration>,
            /// What one draw of `time` applies to.
            per: Per = Shipment,
            /// What the time counts as.
            r#as: Category = Worked,
        },
        /// A wait until something is open.
        Gate {
            /// When it is open.
            open: Open,
            /// The node whose local time counts. By default the node where the shipment is.
            at: Option<Located<Name>>,
        },
        /// One of several continuations by chance. Nothing is done with the remaining share.
        Choose(cases: Vec<ChooseCase>),
        /// Steps that are done with a probability. All their time counts as inspection.
        Inspect {
            /// The probability.
            share: Share,
            /// The steps.
            steps: Vec<Step>,
        },
        /// Steps by customs attributes. The first case that fits is done.
        Customs {
            /// The cases in the order in which they are tried.
            cases: Vec<CustomsCase>,
            /// The steps if no case fits.
            otherwise: Vec<Step> = [],
        },
        /// A wait by the law of the current state of a regime.
        Regime {
            /// The regime.
            regime: Located<Name>,
            /// The wait in each of its states.
            times: BTreeMap<Name, Keyed<Law<Duration>>>,
        },
        /// Lists of steps done at the same time. The step ends when all lists are done.
        Parallel(branches: Vec<Vec<Step>>),
        /// Steps that are done once, and then repeated with a probability.
        Repeat {
            /// The probability of each repetition.
            share: Located<Share>,
            /// The steps.
            steps: Vec<Step>,
            /// The largest number of times they are done, up to 4,294,967,295. Unlimited by default.
            at_most: Option<Located<Positive<u64>>>,
        },
        /// A server held while inner steps are done.
        Hold {
            /// The resource.
            resource: Located<Name>,
            /// The steps.
            steps: Vec<Step>,
            /// Number of servers held at the same time.
            units: Located<Positive<u64>> = 1,
        },
        /// The steps of a procedure of the scenario.
        Procedure(name: Located<Name>),
        /// A wait for other shipments of the same group, until the batch is full or its oldest shipment has
        /// waited the longest time.
        Batch {
            /// The size at which the batch leaves.
            size: Located<Positive<Load>>,
            /// The longest wait of the oldest shipment. Unlimited by default.
            longest_wait: Option<Duration>,
            /// The group that is batched together. By default this step alone.
            group: Option<Located<Name>>,
        },
        /// A ride on a service, or on whichever of several leaves first.
        Ride {
            /// The service. If there are several, `["a", "b"]`, all must stop at both ends in this order.
            /// The shipment waits for all of them at once, in order of readiness for each. It boards the
            /// first departure that has room and whose cut-off it has made, and until then keeps its place
            /// at the others. Of two departures at the same instant, the first service by name loads first.
            /// The wait counts as waiting for the timetable until the first departure of any service that
            /// it could have made, then as rolled over. The shipment counts as waiting and left behind at
            /// each of the services, and as boarded where it boards. The stage is `ride` unless it has an
            /// `id`. None of several services may leave when full or split shipments.
            service: OneOrMany<Located<Name>>,
            /// The stop of boarding. The first stop by default.
            from: Option<Located<Name>>,
            /// The stop of alighting. The last stop by default.
            to: Option<Located<Name>>,
        },
        /// Transport on demand.
        Haul(connection: Located<Name>),
        /// A payment or emission that takes no time: a fee for papers or for an inspection.
        Charge {
            /// What each shipment pays.
            fee: Fees,
            /// What the fee is paid for.
            r#as: FeeKind = Handling,
            /// What is emitted.
            emission: Option<Factor<false>>,
        },
        /// A milestone of the scenario's own, for clocks.
        Mark(milestone: Located<Name>),
    }
}

choice! {
    /// What one draw of a time applies to.
    #[derive(Eq, Copy)]
    pub enum Per ("measure") {
        /// The whole shipment.
        Shipment,
        /// The whole vehicle. Its shipments wait with it.
        Vehicle,
        /// One TEU: the draw is multiplied by the shipment's TEU.
        Teu,
        /// One tonne: the draw is multiplied by the shipment's tonnes.
        Tonne,
        /// One unit: the draw is multiplied by the shipment's `units`.
        Unit,
    }
}

choice! {
    /// The category of a time.
    #[derive(Eq, Copy)]
    pub enum Category ("category") {
        /// Being worked on.
        Worked,
        /// Moving.
        Moving,
        /// Held by inspection.
        Inspection,
        /// Held by disruption.
        Disruption,
        /// Waiting for other cargo.
        Cargo,
        /// Waiting for opening hours.
        Hours,
        /// Waiting for the timetable, for a departure that can be booked.
        Timetable,
    }
}

record! {
    /// One continuation of `Choose`.
    pub struct ChooseCase ("case") {
        /// Its probability. The cases sum to at most 1.
        share: Share,
        /// The steps.
        steps: Vec<Step>,
    }
}

record! {
    /// One case of `Customs`. A field that is left out fits every shipment.
    pub struct CustomsCase ("customs case") {
        /// The supervision mode.
        mode: Option<CustomsMode>,
        /// The kind of declaration.
        declaration: Option<Declaration>,
        /// The status of the operator.
        operator: Option<Operator>,
        /// Whether the shipment is in transit.
        transit: Option<bool>,
        /// The steps.
        steps: Vec<Step>,
    }
}
