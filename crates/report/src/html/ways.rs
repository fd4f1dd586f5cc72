//! The ways of a flow in words: which borders, straits and canals each uses, its share, and what it is expected to take and to cost.
//!
//! Does not own what was measured of them, which is in a table (`flow`).

use maud::{Markup, html};
use sanda_results::{Language, Results, Route, Text};

use super::parts::both;
use super::words;
use crate::costs;
use crate::wording::{self, TimeUnit};

/// One line for each way of a flow.
pub(super) fn ways(results: &Results, id: &str) -> Markup {
    let Some(ways) = results.routes.get(id) else { return html! {} };
    html! {
        ul .ways {
            @for (name, way) in ways { li { (both(&line(results, name, way, ways.len() > 1))) } }
        }
    }
}

fn line(results: &Results, name: &str, way: &Route, is_one_of_several: bool) -> Text {
    let texts = &results.texts;
    let named = |name: &dyn Fn(Language) -> String| Text::new(name(Language::Zh), name(Language::En));
    let borders = way.borders.iter().map(|id| named(&|language| texts.node(id, language).to_owned()));
    let passages = way.passages.iter().map(|id| named(&|language| texts.passage(id, language).to_owned()));
    let passed: Vec<Text> = borders.chain(passages).collect();
    let mut text = if passed.is_empty() {
        Text::new("不经口岸、海峡与运河", "through no border, strait or canal")
    } else {
        let list = words::list(&passed);
        Text::new(format!("经{}", list.zh), format!("via {}", list.en))
    };
    if is_one_of_several {
        text = Text::new(format!("{name}：{}", text.zh), format!("{name}: {}", text.en));
        let percent = wording::percent(way.share, 1);
        words::add(&mut text, &format!("；份额{percent}%"), &format!("; share {percent} %"));
    }
    if way.expected_hours > 0.0 {
        let unit = TimeUnit::for_hours(way.expected_hours);
        let time = |hours: f64| words::quantity(&wording::time_fixed(hours, unit, 1), unit);
        let mean = time(way.expected_hours);
        words::add(
            &mut text,
            &format!("；不计排队与中断，预计{}", mean.zh),
            &format!("; expected without queues and disruptions: {}", mean.en),
        );
        if let Some(sd) = way.sd_hours.map(time) {
            words::add(
                &mut text,
                &format!("（标准差{}）", sd.zh),
                &format!(" (standard deviation {})", sd.en),
            );
        }
    }
    if let Some(yuan) = way.expected_cost {
        let amount = costs::stated_amount(yuan);
        words::add(
            &mut text,
            &format!("；预计每票成本{amount}元（已减补贴，含资金占用）"),
            &format!("; expected cost a shipment {amount} CNY (less subsidies, with capital)"),
        );
    }
    words::ended(text)
}
