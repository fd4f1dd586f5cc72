//! Steps compiled to operations, for shipments and vehicles alike.
//!
//! The stream of a draw is named by the ids of the enclosing steps (`export/customs`). So adding, removing
//! or reordering other steps changes no draws. If two steps of one list have the same name, the second is
//! called `-2` and the third `-3`; an `id` avoids that.

use std::collections::BTreeMap;

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_core::model::category::Category as CoreCategory;
use sanda_core::model::ids::RegimeId;
use sanda_core::model::program::{
    ChooseOp, DEEPEST_LOOP, DelayOp, ForkOp, Op, OpIndex, Per as CorePer, RegimeOp, RepeatOp, WorkOp,
    threshold,
};
use sanda_units::Duration;

use super::scope::Scope;
use super::walk::step_names;
use crate::build::builder::{Builder, N_PRIORITIES};
use crate::decode::{Keyed, Name, Positive};
use crate::schema::{Category, ChooseCase, Law, Per, Procedure, Step, StepKind};
use crate::source::{Located, Span};

impl Builder<'_> {
    pub(in crate::build) fn emit(&mut self, op: Op) -> OpIndex {
        self.model.programs.ops.push(op);
        (self.model.programs.ops.len() - 1) as OpIndex
    }

    pub(in crate::build) fn here(&self) -> OpIndex {
        self.model.programs.ops.len() as OpIndex
    }

    /// Compiles a list of steps that are not stages of their own.
    pub(in crate::build) fn inner_steps(&mut self, steps: &[Step], scope: &Scope) {
        for (place, (step, name)) in steps.iter().zip(step_names(steps)).enumerate() {
            self.step(step, &name, &format!("{}[{place}]", scope.path), scope);
        }
    }

    /// Compiles one step. `path` is its parameter path.
    pub(in crate::build) fn step(&mut self, step: &Step, name: &str, path: &str, scope: &Scope) {
        let purpose = format!("step/{}{name}", scope.prefix);
        match &step.kind {
            StepKind::Work { resource, time, per, units, priority, patience, inspection } => {
                if *inspection {
                    self.emit(Op::InspectionBegins);
                }
                let class = priority.map(|priority| self.class(priority.value.value(), priority.span, path));
                if let Some(work) =
                    self.work(resource, Some((time, *per)), units.value.value(), class, &purpose, path, scope)
                {
                    if let Some(patience) = patience {
                        self.patience(work, patience, &purpose, path, scope);
                    }
                    self.emit(Op::Work(work));
                    self.pay_at(resource, path, scope);
                }
                if *inspection {
                    self.emit(Op::InspectionEnds);
                }
            }
            StepKind::Delay { time, per, r#as } => {
                let Some(law) = self.law(time, &format!("{path}.time")) else { return };
                let per = self.per(*per, time.span, path, scope);
                self.delay(law, per, category(*r#as), &purpose, &scope.owner);
            }
            StepKind::Gate { open, at } => {
                let node = at.as_ref().map(|at| at.value.clone()).or_else(|| scope.node.clone());
                let calendar = self.opening(open, node.as_ref(), step.headline, &format!("{path}.open"));
                if let Some(Some(calendar)) = calendar {
                    self.emit(Op::Gate(calendar));
                }
            }
            StepKind::Choose(cases) => self.choose(cases, name, &purpose, path, scope),
            StepKind::Inspect { share, steps } => {
                let stream = self.stream(&purpose, &scope.owner);
                let index = self.model.programs.chooses.len();
                self.model.programs.chooses.push(ChooseOp {
                    stream,
                    branches: Vec::new(),
                    otherwise: 0,
                    by_shipment: false,
                });
                self.emit(Op::Choose(index as u32));
                let begin = self.emit(Op::InspectionBegins);
                self.inner_steps(steps, &scope.by_chance(name, format!("{path}.steps")));
                self.emit(Op::InspectionEnds);
                let end = self.here();
                let op = &mut self.model.programs.chooses[index];
                op.branches.push((threshold(share.as_f64()), begin));
                op.otherwise = end;
            }
            StepKind::Customs { cases, otherwise } => {
                self.customs(cases, otherwise, name, path, step.headline, scope);
            }
            StepKind::Regime { regime, times } => self.regime(regime, times, &purpose, path, scope),
            StepKind::Parallel(branches) => {
                let index = self.model.programs.forks.len();
                self.model.programs.forks.push(ForkOp { branches: Vec::new(), join: 0 });
                self.emit(Op::Fork(index as u32));
                // One shipment does all branches. Steps of the same name are numbered across the branches,
                // so that they do not share draws.
                let mut names = step_names(branches.iter().flatten()).into_iter();
                for (place, branch) in branches.iter().enumerate() {
                    let begin = self.here();
                    let mut inside = scope.inside(name, format!("{path}[{place}]"));
                    inside.in_branch = true;
                    for (item, (step, name)) in branch.iter().zip(names.by_ref()).enumerate() {
                        self.step(step, &name, &format!("{}[{item}]", inside.path), &inside);
                    }
                    self.emit(Op::BranchEnd);
                    self.model.programs.forks[index].branches.push(begin);
                }
                self.model.programs.forks[index].join = self.here();
            }
            StepKind::Repeat { share, steps, at_most } => {
                if scope.loops >= DEEPEST_LOOP {
                    self.issues
                        .error(
                            step.headline,
                            format!("more than {DEEPEST_LOOP} repetitions inside one another"),
                        )
                        .path(path);
                    return;
                }
                let back_to = self.here();
                let mut inside = scope.by_chance(name, format!("{path}.steps"));
                inside.loops += 1;
                self.inner_steps(steps, &inside);
                let stream = self.stream(&purpose, &scope.owner);
                let index = self.model.programs.repeats.len();
                let at_most = at_most.as_ref().map(|n| self.at_most(n, path));
                self.model.programs.repeats.push(RepeatOp {
                    stream,
                    threshold: threshold(share.value.as_f64()),
                    back_to,
                    depth: scope.loops,
                    at_most: at_most.unwrap_or(0),
                });
                self.emit(Op::Repeat(index as u32));
            }
            StepKind::Hold { resource, steps, units } => {
                let Some(work) = self.work(resource, None, units.value.value(), None, &purpose, path, scope)
                else {
                    return;
                };
                self.emit(Op::Seize(work));
                self.pay_at(resource, path, scope);
                self.inner_steps(steps, &scope.inside(name, format!("{path}.steps")));
                self.emit(Op::Free(work));
            }
            StepKind::Procedure(procedure) => self.procedure(procedure, name, path, scope),
            StepKind::Batch { size, longest_wait, group } => {
                self.batch(size, *longest_wait, group.as_ref(), &purpose, path, scope);
            }
            StepKind::Ride { service, from, to } => {
                let (from, to) = (from.as_ref(), to.as_ref());
                match service.only() {
                    Some(only) => {
                        self.ride_on(only, from, to, path, scope);
                    }
                    None => self.ride_on_any(service, from, to, path, scope),
                }
            }
            StepKind::Haul(connection) => {
                self.haul(connection, &purpose, path, scope);
                self.pay_haul(connection, path, scope);
            }
            StepKind::Charge { fee, r#as, emission } => {
                self.pay_charge(fee, *r#as, *emission, step.headline, path, scope);
            }
            StepKind::Mark(milestone) => {
                if let Some(&mark) = scope.marks.get(milestone.value.as_str()) {
                    self.emit(Op::Mark(mark));
                }
            }
        }
    }

    /// Checks that a number of laps can be counted.
    fn at_most(&mut self, n: &Located<Positive<u64>>, path: &str) -> u32 {
        u32::try_from(n.value.value()).unwrap_or_else(|_| {
            self.issues
                .error(n.span, format!("{} repetitions are more than can be counted", n.value.value()))
                .path(format!("{path}.at_most"))
                .label(format!("expected at most {}", u32::MAX))
                .hint(Some("leave `at_most` out for no bound".to_owned()));
            u32::MAX
        })
    }

    /// Converts a priority to a class. Priority 1 is the most urgent.
    pub(in crate::build) fn class(&mut self, priority: u64, span: Span, path: &str) -> u8 {
        if priority > u64::from(N_PRIORITIES) {
            self.issues
                .error(span, format!("priority {priority} is out of range"))
                .path(path)
                .label(format!("expected a whole number from 1, the most urgent, to {N_PRIORITIES}"));
            return N_PRIORITIES - 1;
        }
        priority as u8 - 1
    }

    fn per(&mut self, per: Per, span: Span, path: &str, scope: &Scope) -> CorePer {
        match per {
            Per::Shipment => CorePer::Job,
            Per::Vehicle => {
                if !scope.is_vehicle {
                    self.issues
                        .error(span, "work per vehicle in the steps of a shipment")
                        .path(path)
                        .label("expected `per: Shipment`, `Teu`, `Tonne` or `Unit`")
                        .hint(Some("work on the vehicle belongs in `at_stop` of its service".to_owned()));
                }
                CorePer::Job
            }
            Per::Teu => CorePer::Teu,
            Per::Unit => CorePer::Unit,
            Per::Tonne => {
                if !scope.has_mass && !scope.is_vehicle {
                    self.issues
                        .error(span, "work per tonne for shipments without a mass")
                        .path(path)
                        .hint(Some("give the flow a `mass`".to_owned()));
                }
                CorePer::Tonne
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one operation and where it stands")]
    fn work(
        &mut self,
        resource: &Located<Name>,
        time: Option<(&Law<Duration>, Per)>,
        units: u64,
        class: Option<u8>,
        purpose: &str,
        path: &str,
        scope: &Scope,
    ) -> Option<u32> {
        let &id = self.resource_ids.get(&resource.value)?;
        let most = self.model.resources.as_slice().get(id.index()).and_then(|params| params.servers);
        if let Some(most) = most
            && units > u64::from(most)
        {
            self.issues
                .error(resource.span, format!("needs {units} servers where `{}` has {most}", resource.value))
                .path(format!("{path}.units"))
                .label("can never be served");
        }
        let most = self.most_servers();
        if units > most {
            self.issues
                .error(resource.span, format!("{units} servers are more than can be counted"))
                .path(format!("{path}.units"))
                .label(format!("expected at most {most}"));
        }
        self.check_room(resource, !scope.is_vehicle && !scope.in_branch, path);
        let (law, per) = match time {
            Some((time, per)) => {
                (self.law(time, &format!("{path}.time"))?, self.per(per, time.span, path, scope))
            }
            None => (KernelLaw::constant(0.0).ok()?, CorePer::Job),
        };
        let stream = self.stream(purpose, &scope.owner);
        let span = time.map_or(resource.span, |(time, _)| time.span);
        self.work_places.push((span, format!("{path}.time")));
        self.model.programs.works.push(WorkOp {
            resource: id,
            time: law,
            stream,
            per,
            units: u32::try_from(units).unwrap_or(u32::MAX),
            class,
            whole_stage: None,
            patience: None,
            keeps: false,
        });
        Some((self.model.programs.works.len() - 1) as u32)
    }

    /// Compiles how long a shipment waits for work before it gives up.
    fn patience(&mut self, work: u32, law: &Law<Duration>, purpose: &str, path: &str, scope: &Scope) {
        let Some(law) = self.law(law, &format!("{path}.patience")) else { return };
        let stream = self.stream(&format!("{purpose}/patience"), &scope.owner);
        let patiences = &mut self.model.programs.patiences;
        patiences.push((law, stream));
        self.model.programs.works[work as usize].patience = Some((patiences.len() - 1) as u32);
    }

    pub(in crate::build) fn delay(
        &mut self,
        time: KernelLaw,
        per: CorePer,
        category: CoreCategory,
        purpose: &str,
        owner: &str,
    ) {
        let stream = self.stream(purpose, owner);
        self.model.programs.delays.push(DelayOp {
            time,
            stream,
            per,
            category,
            connection: None,
            way_back: None,
        });
        self.emit(Op::Delay((self.model.programs.delays.len() - 1) as u32));
    }

    fn choose(&mut self, cases: &[ChooseCase], name: &str, purpose: &str, path: &str, scope: &Scope) {
        let stream = self.stream(purpose, &scope.owner);
        let index = self.model.programs.chooses.len();
        self.model.programs.chooses.push(ChooseOp {
            stream,
            branches: Vec::new(),
            otherwise: 0,
            by_shipment: false,
        });
        self.emit(Op::Choose(index as u32));
        let mut sum = 0.0;
        let mut jumps = Vec::new();
        for (place, case) in cases.iter().enumerate() {
            sum += case.share.as_f64();
            let begin = self.here();
            self.model.programs.chooses[index].branches.push((threshold(sum), begin));
            self.inner_steps(&case.steps, &scope.by_chance(name, format!("{path}[{place}].steps")));
            jumps.push(self.emit(Op::Jump(0)));
        }
        let end = self.here();
        for jump in jumps {
            self.model.programs.ops[jump as usize] = Op::Jump(end);
        }
        self.model.programs.chooses[index].otherwise = end;
    }

    fn regime(
        &mut self,
        regime: &Located<Name>,
        times: &BTreeMap<Name, Keyed<Law<Duration>>>,
        purpose: &str,
        path: &str,
        scope: &Scope,
    ) {
        let Some(&id): Option<&RegimeId> = self.regime_ids.get(&regime.value) else { return };
        let states = &self.scenario.regimes[&regime.value].states.value;
        let mut laws = Vec::new();
        for state in states.keys() {
            match times.get(state) {
                Some(law) => laws.extend(self.law(&law.value, &format!("{path}.times.{state}"))),
                None => {
                    self.issues
                        .error(
                            regime.span,
                            format!("no time for state `{state}` of regime `{}`", regime.value),
                        )
                        .path(format!("{path}.times"))
                        .label("expected a law for each of its states");
                }
            }
        }
        for (name, law) in times.iter().filter(|(name, _)| !states.contains_key(*name)) {
            let known: Vec<&str> = states.keys().map(Name::as_str).collect();
            self.issues
                .error(law.id.span, format!("regime `{}` has no state `{name}`", regime.value))
                .path(format!("{path}.times"))
                .label(format!("expected {}", known.join(", ")));
        }
        if laws.len() != states.len() {
            return;
        }
        let stream = self.stream(purpose, &scope.owner);
        self.model.programs.regimes.push(RegimeOp { regime: id, times: laws, stream });
        self.emit(Op::Regime((self.model.programs.regimes.len() - 1) as u32));
    }

    fn procedure(&mut self, name: &Located<Name>, step_name: &str, path: &str, scope: &Scope) {
        let Some(procedure) = self.scenario.procedures.get(&name.value) else { return };
        if scope.procedures.contains(&name.value) {
            self.issues
                .error(name.span, format!("procedure `{}` contains itself", name.value))
                .path(path)
                .hint(Some("use `Repeat` for rework".to_owned()));
            return;
        }
        let procedure: &Procedure = &procedure.value;
        let mut inside = scope.inside(step_name, format!("procedures.{}.steps", name.value));
        inside.procedures.push(name.value.clone());
        // A procedure with several nodes is done at the node where the shipment is.
        if let Some(at) = procedure.at.as_ref().filter(|at| at.len() == 1) {
            inside.node = Some(at[0].value.clone());
        }
        self.inner_steps(&procedure.steps, &inside);
    }
}

fn category(category: Category) -> CoreCategory {
    match category {
        Category::Worked => CoreCategory::Worked,
        Category::Moving => CoreCategory::Moving,
        Category::Inspection => CoreCategory::Inspection,
        Category::Disruption => CoreCategory::Disruption,
        Category::Cargo => CoreCategory::Cargo,
        Category::Hours => CoreCategory::Hours,
        Category::Timetable => CoreCategory::Timetable,
    }
}
