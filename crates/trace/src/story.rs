//! One life as a story, in Chinese or English.
//!
//! Made from its account alone, so that story and JSON cannot differ. Does not own what is true (`account`, `rescue`).

use crate::account::{
    Account, DepartureAccount, Inside, LegAccount, NotTakenAccount, PromiseAccount, RescueAccount,
    RideAccount, StageAccount, Trace, VisitAccount,
};
use crate::facts::Text;
use crate::words::{Language, amount, instant};

/// What `rescue` assumes, in one line.
pub(crate) fn assumption() -> Text {
    Text {
        zh: "“最小改变”按实际班次推算：此后的作业与行驶时间照旧，后续各程改乘届时赶得上的首班；其他货物的经历不重新计算。".into(),
        en: "Smallest changes are worked out from the departures that there were: work and ways after the change take as long as they did, each later ride is on the first departure it would then have made, and the fate of other shipments is not worked out anew.".into(),
    }
}

impl Trace {
    /// The stories of all lives, one after the other.
    pub fn story(&self, language: Language) -> String {
        let mut stories: Vec<_> = self.lives.iter().map(|life| life.story(language, &self.zone)).collect();
        if self.lives.iter().flat_map(|life| &life.promises).any(|promise| promise.rescue.is_some()) {
            stories.push(format!("{}\n", language.text(&self.assumption)));
        }
        stories.join("\n")
    }

    /// One line for each life: what it is, when it was released and delivered, how long that took, which promises it kept.
    pub fn list(&self, language: Language) -> String {
        self.lives.iter().map(|life| life.line(language)).collect()
    }
}

impl Account {
    /// The story of this life.
    pub fn story(&self, language: Language, zone: &str) -> String {
        let mut lines = vec![self.title(language), self.summary(language, zone), String::new()];
        lines.push(at(&self.released_at, language.of("发货", "released")));
        for stage in &self.stages {
            stage.tell(language, &mut lines);
        }
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

/// A line with its instant.
fn at(local: &str, words: &str) -> String {
    format!("{}  {words}", instant(local))
}

impl StageAccount {
    fn tell(&self, language: Language, lines: &mut Vec<String>) {
        self.inside.tell(language, lines);
        let (name, time, spent) =
            (language.text(&self.name), language.time(self.hours), language.spent(&self.spent));
        let words = match language {
            Language::Zh => format!("{name}完成，历时{time}：{spent}"),
            Language::En => format!("{name} done after {time}: {spent}"),
        };
        lines.push(at(&self.to, &words));
    }
}

impl Inside {
    fn tell(&self, language: Language, lines: &mut Vec<String>) {
        for visit in &self.visits {
            // Work that begins at once says no more than its stage.
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
    fn name(&self, language: Language) -> String {
        let (service, number) = (language.name(&self.service), self.departure + 1);
        match language {
            Language::Zh => format!("{service}第{number}班"),
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
            Language::Zh => format!("装上{name}开行，候班{waited}"),
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
        // The stage says as much of a ride of one leg.
        let ran = match language {
            _ if is_only => String::new(),
            Language::Zh => format!("，本段{}", language.time(total(&self.running))),
            Language::En => format!(" after {}", language.time(total(&self.running))),
        };
        let stopped = match language {
            _ if stop == 0.0 => String::new(),
            Language::Zh => format!("；停留{}：{}", language.time(stop), language.spent(&self.stop)),
            Language::En => format!("; there for {}: {}", language.time(stop), language.spent(&self.stop)),
        };
        let vehicle = match (language, &self.vehicle_waited_for) {
            (_, waits) if waits.0.is_empty() || stop == 0.0 => String::new(),
            (Language::Zh, waits) => format!("（车辆：{}）", language.spent(waits)),
            (Language::En, waits) => format!(" (the vehicle: {})", language.spent(waits)),
        };
        let words = match language {
            Language::Zh => format!("到达{to}{ran}{stopped}{vehicle}"),
            Language::En => format!("arrives at {to}{ran}{stopped}{vehicle}"),
        };
        lines.push(at(&self.arrived_at, &words));
    }
}

impl PromiseAccount {
    fn tell(&self, language: Language, outcome: &str, lines: &mut Vec<String>) {
        let limit = match (language, self.within_hours, self.by_end_of_day) {
            (Language::Zh, Some(hours), _) => format!("{}内", language.time(hours)),
            (Language::En, Some(hours), _) => format!("within {}", language.time(hours)),
            (Language::Zh, None, days) => format!("第{}天结束前", days.unwrap_or(0)),
            (Language::En, None, days) => format!("by the end of day {}", days.unwrap_or(0)),
        };
        let name = language.name(&self.promise);
        let took = self.hours.map(|hours| language.time(hours));
        let missed = language.time(self.missed_by_hours.unwrap_or(0.0).abs());
        let words = match (language, took) {
            (Language::Zh, Some(took)) if self.kept => {
                format!("“{name}”（{limit}）按时：用时{took}，余{missed}。")
            }
            (Language::En, Some(took)) if self.kept => {
                format!("\"{name}\" ({limit}) kept: it took {took}, with {missed} to spare.")
            }
            (Language::Zh, Some(took)) => format!("“{name}”（{limit}）超时：用时{took}，超出{missed}。"),
            (Language::En, Some(took)) => {
                format!("\"{name}\" ({limit}) broken: it took {took}, {missed} too long.")
            }
            (Language::Zh, None) if outcome == "delivered" => {
                format!("“{name}”（{limit}）未计时：没有经过起止环节。")
            }
            (Language::En, None) if outcome == "delivered" => {
                format!("\"{name}\" ({limit}) not kept: its clock never ran.")
            }
            (Language::Zh, None) => format!("“{name}”（{limit}）超时：未送达。"),
            (Language::En, None) => format!("\"{name}\" ({limit}) broken: it was never delivered."),
        };
        lines.push(words);
        if let Some(rescue) = &self.rescue {
            lines.push(format!("  {}", rescue.tell(language, &limit)));
        }
    }
}

impl RescueAccount {
    fn tell(&self, language: Language, limit: &str) -> String {
        let time = |hours: Option<f64>| language.time(hours.unwrap_or(0.0));
        let (saved, waited) = (time(self.saved_hours), time(self.waited_hours));
        let at = self.at.as_ref().map_or("", |at| language.name(at));
        let least = time(self.least_hours);
        match (language, self.how) {
            (Language::Zh, "no-wait-suffices") => {
                format!("减少等待也无济于事：即使全程不等待也要{least}，超出{limit}的要求。")
            }
            (Language::En, "no-wait-suffices") => {
                format!("No change of waiting could have kept it: even with no wait at all it takes {least}.")
            }
            (_, "ready-earlier") => self.tell_ready(language, at, &saved, &waited),
            (Language::Zh, "quicker-after-departure") => {
                format!("最小改变：自{at}开行后少等{saved}即可按时；这段时间内它共等待{waited}。")
            }
            (Language::En, "quicker-after-departure") => format!(
                "Smallest change: {saved} less waiting after its departure from {at} would have kept it. It waited {waited} there and on the way."
            ),
            (Language::Zh, "quicker") => format!("最小改变：少等{saved}即可按时；全程共等待{waited}。"),
            (Language::En, "quicker") => {
                format!(
                    "Smallest change: {saved} less waiting would have kept it. It waited {waited} in all."
                )
            }
            (Language::Zh, "split") => "该票拆分到多个班次，未推算最小改变。".to_owned(),
            (Language::En, "split") => {
                "It was split over several departures: no smallest change is worked out.".to_owned()
            }
            (Language::Zh, _) => format!(
                "没有哪一处单独的改变能使其按时：改乘任何更早的班次都不够，末次开行后也只等待了{waited}。"
            ),
            (Language::En, _) => format!(
                "No single change would have kept it: no earlier departure would have done, and after its last one it waited only {waited}."
            ),
        }
    }

    fn tell_ready(&self, language: Language, at: &str, saved: &str, waited: &str) -> String {
        let departure =
            self.departure.as_ref().map_or_else(String::new, |departure| departure.name(language));
        let left_at =
            self.departure.as_ref().map_or_else(String::new, |departure| instant(&departure.left_at));
        let earlier = language.time(self.departs_earlier_hours.unwrap_or(0.0));
        let spare = language.time(self.to_spare_hours.unwrap_or(0.0));
        let has_waited = self.waited_hours.unwrap_or(0.0);
        let until_then = match language {
            _ if has_waited >= self.saved_hours.unwrap_or(0.0) => match language {
                Language::Zh => format!("此前它已等待{waited}，少等即可。"),
                Language::En => format!("It had waited {waited} until then: less waiting would have done."),
            },
            Language::Zh if has_waited > 0.0 => format!("此前它只等待了{waited}，其余须靠作业或运输加快。"),
            Language::En if has_waited > 0.0 => {
                format!(
                    "It had waited only {waited} until then: the rest would have had to come from work or ways."
                )
            }
            Language::Zh => "此前它没有等待，须靠作业或运输加快。".to_owned(),
            Language::En => {
                "It had not waited until then: work or the way there would have had to be quicker.".to_owned()
            }
        };
        match language {
            Language::Zh => format!(
                "最小改变：若在{at}早{saved}备妥，即可赶上{left_at}开行的{departure}，比实际早{earlier}，按时且余{spare}。{until_then}"
            ),
            Language::En => format!(
                "Smallest change: ready {saved} earlier at {at}, it would have made {departure}, of {left_at}, which left {earlier} before its own, and kept the promise with {spare} to spare. {until_then}"
            ),
        }
    }
}
