//! Small words of the stories: times, instants, categories, amounts.
//!
//! Does not own sentences (`story`).

use sanda_core::model::category::Category;
use sanda_core::model::program::Op;

use crate::account::Spent;
use crate::facts::{Named, Text};

/// The cause of the time in the category of servers. The engine counts a wait set by the state of a border in that category too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Queues of resources alone.
    #[default]
    Servers,
    /// The state of a border alone.
    Border,
    /// Both.
    Either,
}

impl Queue {
    /// Returns the cause among operations of an itinerary or of a vehicle.
    pub(crate) fn among(ops: impl Iterator<Item = Op>) -> Self {
        let (mut has_border, mut has_servers) = (false, false);
        for op in ops {
            has_border |= matches!(op, Op::Regime(_));
            has_servers |= matches!(op, Op::Work(_) | Op::Seize(_));
        }
        match (has_border, has_servers) {
            (true, true) => Self::Either,
            (true, false) => Self::Border,
            (false, _) => Self::Servers,
        }
    }
}

/// The language of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// Returns the text in this language.
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

    /// Returns a duration to the minute, or in seconds below one minute.
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

    /// Returns the words for a time by category: the category alone if there is one, else each with its part.
    pub(crate) fn spent(self, spent: &Spent, queue: Queue) -> String {
        match &spent.0[..] {
            [(category, _)] => self.category(*category, queue).to_owned(),
            several => {
                let parts: Vec<_> = several
                    .iter()
                    .map(|(category, hours)| match self {
                        Self::Zh => format!("{}{}", self.category(*category, queue), self.time(*hours)),
                        Self::En => format!("{} {}", self.time(*hours), self.category(*category, queue)),
                    })
                    .collect();
                parts.join(self.of("，", ", "))
            }
        }
    }

    /// Returns the words for a category as a cause.
    pub(crate) fn category(self, category: Category, queue: Queue) -> &'static str {
        let (zh, en) = match category {
            Category::Moving => ("运行", "under way"),
            Category::Worked => ("作业", "being worked on"),
            Category::Server => match queue {
                Queue::Servers => ("排队", "queueing"),
                Queue::Border => ("口岸等待", "waiting at the border"),
                Queue::Either => ("排队或口岸等待", "queueing or waiting at the border"),
            },
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

/// Returns an instant without its offset, to the minute: `2025-03-14 18:00`.
pub(crate) fn instant(local: &str) -> String {
    let date = local.get(..10).unwrap_or(local);
    let time = local.get(11..16).unwrap_or_default();
    format!("{date} {time}")
}

/// Returns a number without needless zeros.
pub(crate) fn amount(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
