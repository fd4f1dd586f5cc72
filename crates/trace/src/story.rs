//! One life as a story, in Chinese or English.
//!
//! A story is made from the account alone, so that story and JSON cannot differ. Does not own the facts (`teller`, `rescue`), or the words
//! on promises (`verdict`).

use crate::account::{
    Account, DepartureAccount, DisruptionAccount, Inside, LeftWayAccount, LegAccount, NotTakenAccount,
    RideAccount, StageAccount, Trace, VisitAccount,
};
use crate::facts::Text;
use crate::words::{Language, amount, instant};

/// Largest number of disruptions named per stage; the others are only counted.
const MOST_DISRUPTIONS: usize = 3;

/// Returns the assumption behind `rescue`, in one line.
pub(crate) fn assumption() -> Text {
    Text {
        zh: "“最小改变”按实际班次推算：此后的作业与行驶时间照旧，后续各程改乘届时赶得上的首班；其他货物的经历不重新计算。".into(),
        en: "Smallest changes are worked out from the departures that there were: work and ways after the change take as long as they did, each later ride is on the first departure it would then have made, and the fate of other shipments is not worked out anew.".into(),
    }
}

impl Trace {
    /// Returns the stories of all lives, one after the other.
    pub fn story(&self, language: Language) -> String {
        let mut stories: Vec<_> = self.lives.iter().map(|life| life.story(language, &self.zone)).collect();
        let rescues =
            self.lives.iter().flat_map(|life| &life.promises).filter_map(|promise| promise.rescue.as_ref());
        if { rescues }.any(|rescue| matches!(rescue.how, "ready-earlier" | "none")) {
            stories.push(format!("{}\n", language.text(&self.assumption)));
        }
        stories.join("\n")
    }

    /// Returns one line per life: its name, release and delivery, the time that took, and the promises it kept.
    pub fn list(&self, language: Language) -> String {
        self.lives.iter().map(|life| life.line(language)).collect()
    }
}

impl Account {
    /// Returns the story of this life.
    pub fn story(&self, language: Language, zone: &str) -> String {
        let mut lines = vec![self.title(language), self.summary(language, zone), String::new()];
        lines.push(at(&self.released_at, language.of("发货", "released")));
        for (place, stage) in self.stages.iter().enumerate() {
            self.leave_way(place, language, &mut lines);
            let gives_up = |left: &LeftWayAccount| left.gave_up_waiting && left.stages == place + 1;
            stage.tell(language, self.replanned.as_ref().is_some_and(gives_up), &mut lines);
        }
        self.leave_way(self.stages.len(), language, &mut lines);
        self.unfinished.tell(language, &mut lines);
        if let Some(ended_at) = &self.ended_at {
            let delivered = self.outcome == "delivered";
            let words = if delivered {
                ("送达", "delivered")
            } else {
                ("无处可容，灭失", "lost: it found no room")
            };
            lines.push(at(ended_at, language.of(words.0, words.1)));
        } else {
            let words = language.of("仿真结束时仍在途", "still under way at the end of the run");
            lines.push(format!("{:18}{words}", ""));
        }
        lines.push(String::new());
        for promise in &self.promises {
            promise.tell(language, self.outcome, &mut lines);
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.join("\n") + "\n"
    }

    /// Tells of the way that was left at a hub, if that was after so many stages.
    fn leave_way(&self, n_stages: usize, language: Language, lines: &mut Vec<String>) {
        let Some(left) = self.replanned.as_ref().filter(|left| left.stages == n_stages) else { return };
        let (from, to) = (&left.itinerary, &self.itinerary);
        let words = match language {
            Language::Zh => format!("途中改道：原走 {from}，改走 {to}"),
            Language::En => format!("re-routed: {to} instead of {from}"),
        };
        lines.push(at(&left.at, &words));
    }

    fn title(&self, language: Language) -> String {
        let (name, flow, number) = (language.name(&self.flow), &self.flow.id, self.number);
        match language {
            Language::Zh => format!("{flow}/{number}：{name}"),
            Language::En => format!("{flow}/{number}: {name}"),
        }
    }

    fn summary(&self, language: Language, zone: &str) -> String {
        let mut sizes = Vec::new();
        if self.teu > 0.0 {
            sizes.push(format!("{} TEU", amount(self.teu)));
        }
        if self.tonnes > 0.0 {
            sizes.push(format!("{}{}", amount(self.tonnes), language.of("吨", " t")));
        }
        if self.units > 1 {
            sizes.push(format!("{}{}", self.units, language.of("件", " units")));
        }
        let way = match language {
            Language::Zh => format!("路径 {}", self.itinerary),
            Language::En => format!("By {}", self.itinerary),
        };
        sizes.insert(0, way);
        let total = match (language, self.hours) {
            (Language::Zh, Some(hours)) => format!("从发货到送达共{}", language.time(hours)),
            (Language::En, Some(hours)) => format!("From release to delivery {}", language.time(hours)),
            (Language::Zh, None) => "未送达".to_owned(),
            (Language::En, None) => "Not delivered".to_owned(),
        };
        match language {
            Language::Zh => format!("{}。{total}。时间均为 {zone}。", sizes.join("，")),
            Language::En => format!("{}. {total}. All times in {zone}.", sizes.join(", ")),
        }
    }

    fn line(&self, language: Language) -> String {
        let ended = match (&self.ended_at, self.hours) {
            (Some(ended_at), Some(hours)) => format!("{}  {}", instant(ended_at), language.time(hours)),
            _ => match self.outcome {
                "lost" => language.of("灭失", "lost").to_owned(),
                _ => language.of("在途", "under way").to_owned(),
            },
        };
        let promises: Vec<_> = self
            .promises
            .iter()
            .map(|promise| {
                let verdict = if promise.kept {
                    language.of("按时", "kept")
                } else {
                    language.of("超时", "broken")
                };
                format!("{} {verdict}", promise.promise.id)
            })
            .collect();
        let line = format!(
            "{}/{}  {}  {ended}  {}",
            self.flow.id,
            self.number,
            instant(&self.released_at),
            promises.join(language.of("，", ", "))
        );
        line.trim_end().to_owned() + "\n"
    }
}

/// Returns a line with its instant.
fn at(local: &str, words: &str) -> String {
    format!("{}  {words}", instant(local))
}

impl StageAccount {
    fn tell(&self, language: Language, is_given_up: bool, lines: &mut Vec<String>) {
        self.inside.tell(language, lines);
        let (name, time, spent) =
            (language.text(&self.name), language.time(self.hours), language.spent(&self.spent, self.queue));
        let words = match language {
            Language::Zh if is_given_up => format!("不再等候{name}，已等{time}：{spent}"),
            Language::En if is_given_up => format!("stops waiting for {name} after {time}: {spent}"),
            Language::Zh => format!("{name}完成，历时{time}：{spent}"),
            Language::En => format!("{name} done after {time}: {spent}"),
        };
        lines.push(at(&self.to, &format!("{words}{}", self.disruptions(language))));
    }

    /// Returns the disruptions that affected the stage, in brackets.
    fn disruptions(&self, language: Language) -> String {
        let mut parts: Vec<_> =
            self.disruptions.iter().take(MOST_DISRUPTIONS).map(|one| one.tell(language)).collect();
        let n_more = self.disruptions.len().saturating_sub(MOST_DISRUPTIONS);
        match language {
            _ if parts.is_empty() => return String::new(),
            Language::Zh if n_more > 0 => parts.push(format!("另有{n_more}次")),
            Language::En if n_more > 0 => parts.push(format!("{n_more} more")),
            _ => {}
        }
        match language {
            Language::Zh => format!("（{}）", parts.join("；")),
            Language::En => format!(" ({})", parts.join("; ")),
        }
    }
}

impl DisruptionAccount {
    fn tell(&self, language: Language) -> String {
        let (name, from) = (language.name(&self.disruption), instant(&self.from));
        match (language, self.to.as_deref().map(instant)) {
            (Language::Zh, Some(to)) => format!("{name}，{from}至{to}"),
            (Language::En, Some(to)) => format!("{name}, {from} to {to}"),
            (Language::Zh, None) => format!("{name}，{from}起"),
            (Language::En, None) => format!("{name}, from {from} on"),
        }
    }
}

impl Inside {
    fn tell(&self, language: Language, lines: &mut Vec<String>) {
        for visit in &self.visits {
            // Work that begins at once adds nothing to its stage.
            if visit.waited_hours > 0.0 {
                lines.push(visit.tell(language));
            }
        }
        for ride in &self.rides {
            ride.tell(language, lines);
        }
    }
}

impl VisitAccount {
    fn tell(&self, language: Language) -> String {
        let (name, waited) = (language.name(&self.resource), language.time(self.waited_hours));
        let words = match language {
            Language::Zh => format!("在“{name}”等待{waited}后开始作业"),
            Language::En => format!("served at {name} after waiting {waited}"),
        };
        at(&self.started_at, &words)
    }
}

impl DepartureAccount {
    /// Returns the name of the departure: its service and its number.
    pub(crate) fn name(&self, language: Language) -> String {
        let (service, number) = (language.name(&self.service), self.departure);
        match language {
            Language::Zh => format!("{service}（班次{number}）"),
            Language::En => format!("{service}, departure {number}"),
        }
    }
}

impl RideAccount {
    fn tell(&self, language: Language, lines: &mut Vec<String>) {
        let (from, service) = (language.name(&self.from), language.name(&self.boarded.service));
        let ready = match language {
            Language::Zh => format!("在{from}备妥，候乘{service}"),
            Language::En => format!("ready at {from} for {service}"),
        };
        lines.push(at(&self.ready_at, &ready));
        lines.extend(self.not_taken.iter().map(|missed| missed.tell(language)));
        let (name, waited) = (self.boarded.name(language), language.time(self.waited_hours));
        let boarded = match language {
            Language::Zh => format!("随{name}开行，候班{waited}"),
            Language::En => format!("leaves on {name}, after waiting {waited}"),
        };
        lines.push(at(&self.boarded.left_at, &boarded));
        for leg in &self.legs {
            leg.tell(language, self.legs.len() == 1, lines);
        }
        if let (Some(unloaded_at), true) = (&self.unloaded_at, self.units > 1) {
            let words = match language {
                Language::Zh => format!("卸下{}件", self.units),
                Language::En => format!("{} units unloaded", self.units),
            };
            lines.push(at(unloaded_at, &words));
        }
    }
}

impl NotTakenAccount {
    fn tell(&self, language: Language) -> String {
        let name = self.departure.name(language);
        let words = match (language, self.because) {
            (_, "cut-off") => {
                let after = language.time(self.ready_after_cut_off_hours.unwrap_or(0.0));
                match language {
                    Language::Zh => format!("未赶上{name}：备妥晚于截载{after}"),
                    Language::En => format!("{name} leaves without it: ready {after} after the cut-off"),
                }
            }
            (Language::Zh, "full") => {
                format!("被{name}甩货：满载，共甩下{}票", self.left_behind.unwrap_or(0))
            }
            (Language::En, "full") => {
                format!("rolled over by {name}: full, {} left behind", self.left_behind.unwrap_or(0))
            }
            (Language::Zh, _) => format!("{name}停运"),
            (Language::En, _) => format!("{name} is cancelled"),
        };
        at(&self.departure.left_at, &words)
    }
}

impl LegAccount {
    fn tell(&self, language: Language, is_only: bool, lines: &mut Vec<String>) {
        let total = |spent: &crate::account::Spent| spent.0.iter().map(|(_, hours)| hours).sum::<f64>();
        let (to, stop) = (language.name(&self.to), total(&self.stop));
        // For a ride of one leg, the stage says the same.
        let ran = match language {
            _ if is_only => String::new(),
            Language::Zh => format!("，本段{}", language.time(total(&self.running))),
            Language::En => format!(" after {}", language.time(total(&self.running))),
        };
        let stopped = match language {
            _ if stop == 0.0 => String::new(),
            Language::Zh => {
                format!("；停留{}：{}", language.time(stop), language.spent(&self.stop, self.queue))
            }
            Language::En => {
                format!("; there for {}: {}", language.time(stop), language.spent(&self.stop, self.queue))
            }
        };
        let vehicle = match (language, &self.vehicle_waited_for) {
            (_, waits) if waits.0.is_empty() || stop == 0.0 => String::new(),
            (Language::Zh, waits) => format!("（车辆：{}）", language.spent(waits, self.queue)),
            (Language::En, waits) => format!(" (the vehicle: {})", language.spent(waits, self.queue)),
        };
        let words = match language {
            Language::Zh => format!("到达{to}{ran}{stopped}{vehicle}"),
            Language::En => format!("arrives at {to}{ran}{stopped}{vehicle}"),
        };
        lines.push(at(&self.arrived_at, &words));
    }
}
