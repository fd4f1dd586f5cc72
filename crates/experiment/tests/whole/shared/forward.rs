//! Lanes in random worlds that are computed without events: shipments meet others at stations and in timetabled yards alone.
//!
//! Elsewhere in these worlds something nearly always makes a resource general. Half of the worlds have two flows at nodes of their own, by
//! throws of their own, so that everything else stays as it was. Does not own the worlds: see `world`.

use super::dice::Dice;
use super::lane::Lane;

/// Keeps these throws apart from those of the rest of the world.
const APART: u64 = 1 << 41;

/// Adds two flows through stations to the world of a number, or nothing.
pub(super) fn add_forward(lane: &mut Lane, number: u64) {
    let mut dice = Dice::new(number + APART);
    if !dice.percent(50) {
        return;
    }
    let coarse = number.is_multiple_of(2);
    let law = |dice: &mut Dice, least: u64| {
        let hours = dice.whole(least, 3);
        if coarse {
            format!("\"{hours}h\"")
        } else {
            format!("Uniform(min: \"{least}h\", max: \"{}h\")", hours + 1)
        }
    };
    let servers = dice.whole(1, 3);
    lane.add("nodes", "y-a", "()");
    lane.add("nodes", "y-b", "()");
    lane.add("resources", "y-fifo", &format!("(at: \"y-a\", servers: {servers})"));
    let hours = dice.maybe(50, |dice| {
        let closing = dice.one(&["Finish", "Pause", "Fit"]);
        format!(", open: Daily(\"06:00-20:00\"), at_closing: {closing}")
    });
    lane.add("resources", "y-rank", &format!("(at: \"y-a\", servers: 2, discipline: Priority{hours})"));
    let rule = dice.one(&[
        "open: Daily(\"04:00-22:00\")",
        "room: 3",
        "open: Daily(\"08:00-20:00\"), at_closing: Pause",
    ]);
    lane.add("resources", "y-hours", &format!("(at: \"y-b\", servers: {servers}, {rule})"));
    let (period, running) = (dice.whole(4, 16), law(&mut dice, 1));
    lane.add(
        "services",
        "y-train",
        &format!(
            r#"(mode: Rail, stops: ["y-a", "y-b"], departs: Every(period: "{period}h"), cutoff: "1h", capacity: "30 TEU", running: [{running}])"#
        ),
    );
    // The one passes the desks one way and the other the other way: a cycle, broken only where work takes an hour at least.
    let least = u64::from(dice.percent(50));
    for (id, priority, desks) in [("y-one", 1, ["y-fifo", "y-rank"]), ("y-two", 5, ["y-rank", "y-fifo"])] {
        let gap = dice.whole(1, 3);
        let batch = dice
            .maybe(40, |dice| format!("Batch(size: \"{} TEU\", longest_wait: \"9h\"), ", dice.whole(2, 4)));
        let [first, second] =
            desks.map(|desk| format!("Work(resource: \"{desk}\", time: {})", law(&mut dice, least)));
        let last = law(&mut dice, 0);
        let arrivals = if coarse {
            format!("Regular(every: \"{gap}h\")")
        } else {
            format!("Poisson(mean: 1, per: \"{gap}h\")")
        };
        lane.add(
            "flows",
            id,
            &format!(
                r#"(arrivals: {arrivals}, size: "1 TEU", priority: {priority}, steps: [{first}, {second}, {batch}Ride(service: "y-train"), Work(resource: "y-hours", time: {last})])"#
            ),
        );
    }
}
