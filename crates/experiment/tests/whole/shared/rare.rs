//! What is rarer in random worlds: servers that begin with several jobs, fleets, split shipments, background traffic, seasons of
//! a capacity, slipping arrivals, common lines, shared emissions, choices that see the queue, and re-planning at hubs.
//!
//! Two worlds of five have all of it in some form, as flows and services at nodes of their own that meet the others at the resources.
//! It is made by throws of its own, so that everything else in a world stays as it was. Does not own the worlds: see `world`.

use super::dice::Dice;
use super::lane::Lane;

/// Keeps these throws apart from those of the rest of the world.
const APART: u64 = 1 << 40;

/// Adds what is rare to the world of a number, or nothing.
pub(super) fn add_rare(lane: &mut Lane, number: u64) {
    let mut rare = Rare { dice: Dice::new(number + APART), coarse: number.is_multiple_of(2) };
    if !rare.dice.percent(40) {
        return;
    }
    let resource = rare.resource();
    let (connection, splitting) = (rare.connection(), rare.splitting());
    let (line, other) = (rare.line(), rare.line());
    for (section, id, body) in [
        ("nodes", "x-a", "()".to_owned()),
        ("nodes", "x-b", "(zone: \"Asia/Shanghai\")".to_owned()),
        ("nodes", "x-c", "()".to_owned()),
        ("resources", "x-begins", resource),
        ("connections", "x-trucks", connection),
        ("services", "x-split", splitting),
        ("services", "x-line", line),
        ("services", "x-other", other),
        ("flows", "x-units", rare.in_units()),
    ] {
        lane.add(section, id, &body);
    }
    // Watched queues are left to events, so not in every one of these worlds.
    if rare.dice.percent(50) {
        let body = rare.seeing();
        lane.add("flows", "x-sees", &body);
    }
    // Decisions at hubs are left to events too.
    if rare.dice.percent(50) {
        let body = rare.replanning();
        lane.add("flows", "x-replans", &body);
    }
}

/// What is rare in one world, being made.
struct Rare {
    dice: Dice,
    coarse: bool,
}

impl Rare {
    /// A law of some hours; of whole hours in a coarse world.
    fn law(&mut self, hours: u64) -> String {
        if self.coarse {
            return format!("\"{}min\"", 60 * self.dice.whole(0, hours));
        }
        let minutes = 60 * self.dice.whole(1, hours);
        match self.dice.whole(0, 2) {
            0 => format!("\"{minutes}min\""),
            1 => format!("Uniform(min: \"0min\", max: \"{minutes}min\")"),
            _ => format!("Exponential(mean: \"{minutes}min\")"),
        }
    }

    /// Servers that begin with two jobs or three.
    fn resource(&mut self) -> String {
        let room = self.dice.maybe(30, |dice| format!(", room: {}, when_full: Block", dice.whole(3, 5)));
        let open = self.dice.maybe(30, |dice| {
            let closing = dice.one(&["Finish", "Pause", "Fit"]);
            format!(", open: Daily(\"06:00-20:00\"), at_closing: {closing}")
        });
        let (servers, begins_with) = (self.dice.whole(1, 2), self.dice.whole(2, 3));
        format!("(at: \"x-b\", servers: {servers}, begins_with: {begins_with}{room}{open})")
    }

    fn connection(&mut self) -> String {
        let (time, fleet, back) = (self.law(4), self.dice.whole(1, 3), self.law(3));
        format!(
            r#"(from: "x-b", to: "x-c", freight: "300 CNY/TEU", distance: "40 km", emission: "95 g/tkm", time: {time}, fleet: {fleet}, return_time: {back})"#
        )
    }

    /// A service with a fleet that splits shipments and shares its room with other traffic.
    fn splitting(&mut self) -> String {
        let departs = match self.dice.whole(0, 2) {
            0 => format!("WhenFull(longest_wait: \"{}min\")", 60 * self.dice.whole(4, 20)),
            1 if !self.coarse => {
                format!("Headway(Uniform(min: \"60min\", max: \"{}min\"))", 60 * self.dice.whole(5, 20))
            }
            _ => format!("Every(period: \"{}min\")", 60 * self.dice.whole(4, 15)),
        };
        let background = self.dice.one(&[
            "\"2 units\"",
            "Discrete([(value: \"0 units\", weight: 1), (value: \"4 units\", weight: 1)])",
        ]);
        let (capacity, running, slip) = (self.dice.whole(6, 12), self.law(6), self.law(3));
        let (fleet, turnaround) = (self.dice.whole(1, 3), self.law(4));
        format!(
            r#"(mode: Road, stops: ["x-a", "x-b"], departs: {departs}, capacity: "{capacity} units", background: {background}, split: true,
                running: [{running}], slip: {slip}, fleet: {fleet}, turnaround: {turnaround}, distance: ["100 km"], emission: "20 kg/km")"#
        )
    }

    /// One of two lines of which shipments take whichever leaves first.
    fn line(&mut self) -> String {
        let (period, offset) = (60 * self.dice.whole(5, 30), 60 * self.dice.whole(0, 12));
        let capacity = self.dice.whole(6, 15);
        let season = self.dice.maybe(50, |_| "x".to_owned());
        let capacity = if season.is_empty() {
            format!("\"{capacity} TEU\"")
        } else {
            format!("Seasonal(load: \"{capacity} TEU\", month: [1, 1, 1, 0.6, 1, 1, 1, 1, 1, 1, 1, 1])")
        };
        let cutoff = 60 * self.dice.whole(0, 3);
        let running = self.law(9);
        format!(
            r#"(mode: Rail, stops: ["x-b", "x-c"], freight: "90 CNY/TEU", departs: Every(period: "{period}min", offset: "{offset}min"), cutoff: "{cutoff}min", capacity: {capacity}, running: [{running}])"#
        )
    }

    fn arrivals(&mut self) -> String {
        let gap = 60 * self.dice.whole(4, 12);
        if self.coarse {
            format!("Regular(every: \"{gap}min\")")
        } else {
            format!("Poisson(mean: 1, per: \"{gap}min\")")
        }
    }

    /// A flow of shipments of several units.
    fn in_units(&mut self) -> String {
        let work = format!("Work(resource: \"{}\", time: {})", self.dice.one(&["r0", "r2"]), self.law(2));
        let per = self.dice.one(&["Unit", "Tonne"]);
        let begins = format!("Work(resource: \"x-begins\", time: {}, per: {per})", self.law(1));
        let lines = r#"Ride(service: ["x-line", "x-other"])"#;
        let units = self.dice.whole(2, 5);
        let reroutes = self.dice.one(&["Wait", "Reroute"]);
        format!(
            r#"(arrivals: {}, size: "2 TEU", mass: "5 t", units: {units}, when_closed: {reroutes}, itineraries: {{
                "one": (share: 0.6, steps: [{work}, Ride(service: "x-split"), {begins}, {lines}]),
                "other": (share: 0.4, steps: [{begins}, {lines}, Haul("x-trucks")]) }})"#,
            self.arrivals(),
        )
    }

    /// A flow that may take another way at the first node or at the second.
    fn replanning(&mut self) -> String {
        let late = format!("WhenLate(by: \"{}min\")", 60 * self.dice.whole(0, 20));
        let policy = self.dice.one(&["WhenClosed", "AtHubs", late.as_str()]).to_owned();
        let (work, end) = (self.law(2), self.law(4));
        let feeder = r#"Ride(service: "s0")"#;
        format!(
            r#"(arrivals: {}, size: "2 TEU", mass: "11 t", units: 2, replan: {policy}, itineraries: {{
                "one": (share: 0.5, steps: [{feeder}, Work(resource: "r0", time: {work}), Ride(service: "s1", from: "n1"), Delay(time: {end})]),
                "other": (share: 0.3, steps: [{feeder}, Work(resource: "r0", time: {work}), Ride(service: "s2")]),
                "third": (share: 0.2, steps: [Ride(service: "s1", to: "n1"), Ride(service: "s2")]) }})"#,
            self.arrivals(),
        )
    }

    /// A flow that sees the queues of its itineraries, and chooses by a policy or by its shares.
    fn seeing(&mut self) -> String {
        let [choice, one, other] = match self.dice.whole(0, 3) {
            0 => ["", "share: 0.5, ", "share: 0.5, "],
            1 => ["choice: Fastest, ", "", ""],
            2 => ["choice: Logit(time: 0.1), ", "", ""],
            _ => ["choice: Generalised(value_of_time: \"3 CNY\"), ", "", ""],
        };
        let work = format!("Work(resource: \"r0\", time: {})", self.law(2));
        let background = self.dice.one(&["", "background: true, "]);
        format!(
            r#"({background}arrivals: {}, size: "1 TEU", mass: "9 t", {choice}sees: Queue, itineraries: {{
                "one": ({one}steps: [{work}, Ride(service: "x-line")]),
                "other": ({other}steps: [Ride(service: "x-other"), Haul("c0")]) }})"#,
            self.arrivals(),
        )
    }
}
