//! Small words of the stories: times, instants, categories, amounts.
//!
//! Does not own sentences (`story`).

use sanda_core::model::category::Category;

use crate::account::Spent;
use crate::facts::{Named, Text};

/// The language of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// What is said in this language.
    pub(crate) fn of<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    pub(crate) fn text(self, text: &Text) -> &str {
        self.of(&text.zh, &text.en)
    }

    pub(crate) fn name(self, named: &Named) -> &str {
        self.text(&named.name)
    }

    /// A length of time to the minute, or in seconds below one.
    pub(crate) fn time(self, hours: f64) -> String {
        let seconds = (hours * 3600.0).round() as i64;
        if seconds.abs() < 60 {
            return format!("{seconds}{}", self.of("秒", " s"));
        }
        let sign = if seconds < 0 { "−" } else { "" };
        let minutes = (seconds.abs() + 30) / 60;
        let parts = [
            (minutes / 1440, self.of("天", " d")),
            (minutes / 60 % 24, self.of("小时", " h")),
            (minutes % 60, self.of("分钟", " min")),
        ];
        let parts: Vec<_> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
        format!("{sign}{}", parts.join(self.of("", " ")))
    }

    /// What a time was spent on: the categories alone if there is one, else each with its part.
    pub(crate) fn spent(self, spent: &Spent) -> String {
        match &spent.0[..] {
            [(category, _)] => self.category(*category).to_owned(),
            several => {
                let parts: Vec<_> = several
                    .iter()
                    .map(|(category, hours)| match self {
                        Self::Zh => format!("{}{}", self.category(*category), self.time(*hours)),
                        Self::En => format!("{} {}", self.time(*hours), self.category(*category)),
                    })
                    .collect();
                parts.join(self.of("，", ", "))
            }
        }
    }

    /// A category as a cause.
    pub(crate) fn category(self, category: Category) -> &'static str {
        let (zh, en) = match category {
            Category::Moving => ("运行", "under way"),
            Category::Worked => ("作业", "being worked on"),
            Category::Server => ("排队", "queueing"),
            Category::Hours => ("等待开放", "waiting for opening hours"),
            Category::Timetable => ("等待班次", "waiting for the timetable"),
            Category::Rolled => ("满载甩货后等待", "rolled over by full departures"),
            Category::Disruption => ("因中断滞留", "held by a closure, breakdown or cancellation"),
            Category::Inspection => ("查验", "held by inspection"),
            Category::Vehicle => ("随车等待", "waiting with its vehicle"),
            Category::Cargo => ("等待其他货物", "waiting for other cargo"),
        };
        self.of(zh, en)
    }
}

/// An instant without its offset, to the minute: `2025-03-14 18:00`.
pub(crate) fn instant(local: &str) -> String {
    let date = local.get(..10).unwrap_or(local);
    let time = local.get(11..16).unwrap_or_default();
    format!("{date} {time}")
}

/// A number without needless zeros.
pub(crate) fn amount(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
