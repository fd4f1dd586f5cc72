//! The words of a story on promises: kept or broken, by how much, and the smallest change that would have kept one.
//!
//! Does not own how that change is found (`rescue`).

use crate::account::{PromiseAccount, RescueAccount};
use crate::words::{Language, instant};

impl PromiseAccount {
    /// Appends the lines about the promise, of a life with this outcome.
    pub(crate) fn tell(&self, language: Language, outcome: &str, lines: &mut Vec<String>) {
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
            lines.push(format!("  {}", rescue.tell(language)));
        }
    }
}

impl RescueAccount {
    fn tell(&self, language: Language) -> String {
        let time = |hours: Option<f64>| language.time(hours.unwrap_or(0.0));
        let (saved, waited) = (time(self.saved_hours), time(self.waited_hours));
        let at = self.at.as_ref().map_or("", |at| language.name(at));
        let least = time(self.least_hours);
        match (language, self.how) {
            (Language::Zh, "no-wait-suffices") => {
                format!("减少等待也无济于事：即使全程不等待也要{least}。")
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
