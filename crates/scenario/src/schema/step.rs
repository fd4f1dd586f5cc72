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
    /// A list of steps with a name.
    pub struct Procedure ("procedure") {
        /// The node where it is done, or several; needed when it applies by itself.
        at: Option<OneOrMany<Located<Name>>>,
        /// At which turn of a searched way, or of a service, at that node it applies by itself. Without it, the procedure
        /// is only done where a step or a stop names it. On a searched way each of its steps is a stage; of several
        /// procedures for one turn the first by name is done first.
        turn: Option<Turn>,
        /// What is done, in this order.
        steps: Vec<Step>,
    }
}

choice! {
    /// The role a node plays for a shipment whose way is searched, or for a vehicle that calls there.
    pub enum Turn ("turn") {
        /// The shipment begins here.
        Origin,
        /// The shipment ends here.
        Destination,
        /// The shipment changes from one means of transport to another. At a border it changes only where a procedure
        /// says how.
        Transfer {
            /// Arriving by: one mode or several.
            from: OneOrMany<Mode>,
            /// Leaving by: one mode or several.
            to: OneOrMany<Mode>,
        },
        /// A vehicle of any service calls here between its first and its last stop and what is aboard stays aboard. Not for
        /// services whose own `at_stop` names this node.
        Stop,
        /// As `Stop`, in one direction: before what `Stop` does.
        Border {
            /// The stop before this one; any when left out.
            from: Option<Located<Name>>,
            /// The stop after this one; any when left out.
            to: Option<Located<Name>>,
        },
    }
}

/// One step of a procedure or flow, with the stable name of its stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name of its stage in results and in the keys of random numbers; by default that of the resource, service,
    /// connection, regime, procedure or milestone it names, else the variant in lower case.
    pub id: Option<Located<Name>>,
    /// What readers call its stage.
    pub label: Option<Text>,
    /// What is done.
    pub kind: StepKind,
    /// The place of the whole step.
    pub span: Span,
    /// Where complaints about the step as a whole go.
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
    /// What is done to a shipment or vehicle. Every step may also carry `label`, what readers call its stage, and `id`, the
    /// stable name of its stage in results; by default that of the resource, service, connection, regime, procedure or milestone
    /// it names. A step written with a plain value then names it: `Haul(connection: "truck", id: "first")`,
    /// `Parallel(branches: [...], id: "papers")`.
    pub enum StepKind ("step") {
        /// Work at a resource, after waiting for it.
        Work {
            /// The resource.
            resource: Located<Name>,
            /// How long the work takes. Raising it lengthens queues too.
            time: Law<Duration>,
            /// What one draw of `time` is for.
            per: Per = Shipment,
            /// Servers needed at the same time.
            units: Located<Positive<u64>> = 1,
            /// Urgency at this resource, from 1, the most urgent, to 9; that of the flow when left out.
            priority: Option<Located<Positive<u64>>>,
            /// How long the shipment waits before it gives up and goes on with its next step. For ever when left out.
            patience: Option<Box<Law<Duration>>>,
            /// Whether the time counts as inspection.
            inspection: bool = false,
        },
        /// Time that passes without a queue.
        Delay {
            /// How long.
            time: Law<Duration>,
            /// What one draw of `time` is for.
            per: Per = Shipment,
            /// What the time counts as.
            r#as: Category = Worked,
        },
        /// A wait until something is open.
        Gate {
            /// When it is open.
            open: Open,
            /// The node whose local time counts; that of the shipment's place when left out.
            at: Option<Located<Name>>,
        },
        /// One of several continuations by chance; nothing is done with the share that is left over.
        Choose(cases: Vec<ChooseCase>),
        /// Steps done with a probability, all of whose time counts as inspection.
        Inspect {
            /// The probability.
            share: Share,
            /// The steps.
            steps: Vec<Step>,
        },
        /// Steps by customs attributes: the first case that fits.
        Customs {
            /// The cases in the order in which they are tried.
            cases: Vec<CustomsCase>,
            /// What is done when no case fits.
            otherwise: Vec<Step> = [],
        },
        /// A wait by the law of the present state of a regime.
        Regime {
            /// The regime.
            regime: Located<Name>,
            /// The wait in each of its states.
            times: BTreeMap<Name, Keyed<Law<Duration>>>,
        },
        /// Lists of steps done at the same time; the step ends when all are done.
        Parallel(branches: Vec<Vec<Step>>),
        /// Steps done once, and again and again with a probability.
        Repeat {
            /// The probability of doing them again.
            share: Located<Share>,
            /// The steps.
            steps: Vec<Step>,
            /// The most times they are done, up to 4,294,967,295; without bound when left out.
            at_most: Option<Located<Positive<u64>>>,
        },
        /// A server held while inner steps are done.
        Hold {
            /// The resource.
            resource: Located<Name>,
            /// The steps.
            steps: Vec<Step>,
            /// Servers held at the same time.
            units: Located<Positive<u64>> = 1,
        },
        /// The steps of a procedure of the scenario.
        Procedure(name: Located<Name>),
        /// A wait for other shipments of the same group, until the batch is full or its oldest has waited long enough.
        Batch {
            /// The size at which the batch goes on.
            size: Located<Positive<Load>>,
            /// The longest wait of the oldest; for ever when left out.
            longest_wait: Option<Duration>,
            /// The group that is batched together; this step alone when left out.
            group: Option<Located<Name>>,
        },
        /// A ride on a service, or on whichever of several leaves first.
        Ride {
            /// The service. Of several, `["a", "b"]`, all call at both stops in that order. The shipment waits for all of them
            /// at once, in order of readiness for each, and boards the first departure that has room for it and whose cut-off it
            /// has made; until then it keeps its place at the others. Of two departures at one instant the first service by
            /// name loads first. Its wait is for the timetable until the first departure of any that it could have made, then
            /// rolled over. It counts as waiting and left behind at each of the services, as boarded where it boards. Its stage
            /// is `ride` unless it has an `id`. None of several may leave when full or split shipments.
            service: OneOrMany<Located<Name>>,
            /// The stop where it boards; the first when left out.
            from: Option<Located<Name>>,
            /// The stop where it leaves; the last when left out.
            to: Option<Located<Name>>,
        },
        /// Transport on demand.
        Haul(connection: Located<Name>),
        /// Something that is paid or emitted and takes no time: a fee for papers, for an inspection.
        Charge {
            /// What each shipment pays.
            fee: Fees,
            /// What it is paid for.
            r#as: FeeKind = Handling,
            /// What is emitted.
            emission: Option<Factor<false>>,
        },
        /// A milestone of the scenario's own, for clocks.
        Mark(milestone: Located<Name>),
    }
}

choice! {
    /// What one draw of a time is for.
    #[derive(Eq, Copy)]
    pub enum Per ("measure") {
        /// The whole shipment.
        Shipment,
        /// The whole vehicle; its shipments wait with it.
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
    /// What time counts as.
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
        /// Waiting for the timetable: for a departure that can be booked.
        Timetable,
    }
}

record! {
    /// One continuation of `Choose`.
    pub struct ChooseCase ("case") {
        /// Its probability. All together are 1 at most.
        share: Share,
        /// What is done.
        steps: Vec<Step>,
    }
}

record! {
    /// One case of `Customs`. What is left out fits every shipment.
    pub struct CustomsCase ("customs case") {
        /// The supervision mode.
        mode: Option<CustomsMode>,
        /// The kind of declaration.
        declaration: Option<Declaration>,
        /// The standing of the operator.
        operator: Option<Operator>,
        /// Whether the shipment is in transit.
        transit: Option<bool>,
        /// What is done.
        steps: Vec<Step>,
    }
}
