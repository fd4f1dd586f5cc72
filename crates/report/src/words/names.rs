//! Names and other look-ups in results that figures, tables and the page share: ids by section, clocks, names in both languages, the
//! title of a run. It passes on what results hold and computes nothing.

use std::collections::BTreeSet;

use sanda_results::{Language, Promise, Results, Text, paths};

use super::phrase::{self, Deadline};

/// Lists the ids that have metrics in a section, sorted.
pub(crate) fn ids<'a>(results: &'a Results, section: &str) -> BTreeSet<&'a str> {
    results
        .metrics
        .keys()
        .filter_map(|path| paths::split(path))
        .filter(|(s, _, _)| *s == section)
        .map(|(_, id, _)| id)
        .collect()
}

/// Lists the clocks of a flow whose distribution is stored, door to door first.
pub(crate) fn clocks<'a>(results: &'a Results, flow: &str) -> Vec<&'a str> {
    let prefix = paths::flow(flow, "clocks.");
    let mut clocks: Vec<&str> =
        results.distributions.keys().filter_map(|key| key.strip_prefix(prefix.as_str())).collect();
    clocks.sort_by_key(|clock| *clock != "door-to-door");
    clocks
}

/// Names a flow in both languages.
pub(crate) fn flow_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.flow(id, language))
}

/// Names a resource.
pub(crate) fn resource_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.resource(id, language))
}

/// Names a service.
pub(crate) fn service_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.service(id, language))
}

/// Names a stage.
pub(crate) fn stage_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.stage(id, language))
}

/// Names a node.
pub(crate) fn node_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.node(id, language))
}

/// Names a strait, canal or border, which may also be a node.
pub(crate) fn passage_name(results: &Results, id: &str) -> Text {
    if results.texts.passages.contains_key(id) {
        name(id, |language| results.texts.passage(id, language))
    } else {
        node_name(results, id)
    }
}

/// Returns a name in both languages. An id without a name is turned into words.
fn name<'a>(id: &'a str, of: impl Fn(Language) -> &'a str) -> Text {
    let in_language = |language| {
        let name = of(language);
        if name == id { phrase::id_in_words(id) } else { phrase::isolated(name) }
    };
    Text::new(in_language(Language::Zh), in_language(Language::En))
}

/// Returns the deadline of a promise; `None` when it states neither a limit nor a day.
pub(crate) fn deadline(promise: &Promise) -> Option<Deadline> {
    match (promise.limit_hours, promise.by_end_of_day) {
        (Some(hours), _) => Some(Deadline::Within { hours }),
        (None, day) => day.map(Deadline::EndOfDay),
    }
}

/// Returns the title of the scenario; its name where it has none.
pub(crate) fn title(results: &Results) -> Text {
    let (title, name) = (&results.scenario.title, &results.scenario.name);
    let in_language =
        |language| Some(title.in_language(language)).filter(|text| !text.is_empty()).unwrap_or(name);
    Text::new(in_language(Language::Zh), in_language(Language::En))
}

/// Says which run a figure shows, for the small print.
pub(crate) fn source(results: &Results) -> String {
    let title = title(results);
    let (name, fingerprint) = (&results.scenario.name, results.fingerprint.total);
    let title = if title.zh == title.en { title.zh } else { format!("{} {}", title.zh, title.en) };
    let name = if title == *name { String::new() } else { format!(" ({name})") };
    format!("情景 scenario: {title}{name}; 指纹 fingerprint {fingerprint}")
}
