//! `sanda schema`: the language in a form for readers, and in a form for editors. Both are made from the
//! types.
//!
//! Does not own what parameters mean (`schema`).

use sanda_units::{Distance, Duration, Emission, Mass, Money, Quantity, Speed, Teu};
use serde_json::{Value as Json, json};

use crate::{
    decode::{Body, Decode as _, Field, Schema, TypeDescription, Variant},
    schema::{Composition, Provenance, Scenario},
};

/// A first example: three servers with a queue.
pub const EXAMPLE_LANES: &str = r#"(
    schema: 1,
    name: "three-lanes",
    title: (zh: "三条查验通道", en: "Three customs lanes"),
    start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (warm_up: "30d", measure: "365d", replications: 40, seed: 7),
    nodes: { "gate": () },
    resources: { "customs": (at: "gate", servers: 3) },
    flows: {
        "boxes": (
            arrivals: Poisson(mean: 2.4, per: "1h"),
            steps: [ Work(resource: "customs", time: Exponential(mean: "1h")) ],
        ),
    },
    promises: { "quick": (flows: ["boxes"], within: "3h") },
)
"#;

/// A second example: a daily train with a cut-off and a capacity, to which shipments are routed.
pub const EXAMPLE_TRAIN: &str = r#"(
    schema: 1,
    name: "daily-train",
    run: (warm_up: "10d", measure: "100d"),
    nodes: { "yard": (zone: "Asia/Shanghai"), "away": (zone: "Europe/Berlin") },
    services: {
        "train": (
            mode: Rail,
            stops: ["yard", "away"],
            departs: Every(period: "24h"),
            capacity: "10 TEU",
            cutoff: "4h",
            running: [LogNormal(mean: "10h", cv: 0.1)],
        ),
    },
    flows: {
        "boxes": (from: "yard", to: "away", arrivals: Poisson(mean: 8, per: "24h"), size: "1 TEU"),
    },
    promises: { "two-days": (flows: ["boxes"], within: "48h", target: "95%") },
)
"#;

/// The groups in which types are printed. A type in none of them comes last.
const GROUPS: [(&str, &[&str]); 11] = [
    ("The scenario", &["Scenario", "Composition", "Run", "ArrivalsUntil"]),
    (
        "Nodes and resources",
        &["Node", "NodeKind", "Position", "Resource", "Servers", "Shift", "Discipline", "WhenFull"],
    ),
    (
        "Opening hours and breakdowns",
        &["Calendar", "Open", "Closing", "Breakdowns", "BreakdownClock", "Interrupted"],
    ),
    (
        "Procedures and steps",
        &["Procedure", "Turn", "Mode", "StepKind", "Per", "Category", "ChooseCase", "CustomsCase"],
    ),
    (
        "Services and connections",
        &["Service", "Departs", "Capacity", "Cancelled", "AtStop", "Boarding", "Connection"],
    ),
    (
        "Flows",
        &[
            "Flow",
            "Itinerary",
            "RouteChoice",
            "Sight",
            "WhenClosed",
            "Replan",
            "Arrivals",
            "Column",
            "Profile",
            "CustomsAttributes",
            "CustomsShare",
            "CustomsMode",
            "Declaration",
            "Operator",
        ],
    ),
    ("Money and emissions", &["MoneyTerms", "Freight", "Fees", "FeeKind", "TransportFactor", "HubFactor"]),
    ("Clocks and promises", &["Clock", "Milestone", "Promise"]),
    (
        "Regimes, passages, disruptions",
        &["Regime", "Passage", "Disruption", "Target", "Occurrence", "DatedSpan", "Effect"],
    ),
    ("Levers", &["Lever", "Range", "LeverCost", "Budget"]),
    ("Laws", &["LawSpec", "Weighted", "Point", "Part", "Decimal"]),
];

/// The whole language.
pub(crate) fn schema() -> Schema {
    let mut schema = Schema::default();
    Scenario::describe(&mut schema);
    Composition::describe(&mut schema);
    Provenance::describe(&mut schema);
    schema
}

/// The name of a type for readers.
pub(crate) fn shown(name: &str) -> &str {
    match name {
        "StepKind" => "Step",
        "LawSpec" => "Law",
        name => name,
    }
}

fn shown_type(name: &str) -> String {
    name.replace("StepKind", "Step")
}

/// The name, an example and the units of every quantity, each unit with its value in the first base unit.
pub(crate) fn quantities() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    fn of<Q: Quantity>() -> (&'static str, &'static str, Vec<&'static str>) {
        (Q::NAME, Q::EXAMPLE, Q::UNITS.iter().map(|(unit, _)| *unit).collect())
    }
    vec![
        of::<Duration>(),
        of::<Teu>(),
        of::<Mass>(),
        of::<Distance>(),
        of::<Speed>(),
        of::<Money>(),
        of::<Emission>(),
    ]
}

/// The language for readers: every parameter with its type, default and meaning, in groups, with two
/// examples.
pub fn schema_text() -> String {
    let schema = schema();
    let types: Vec<&TypeDescription> = schema.types().collect();
    let mut page = Page::new();
    page.line(0, "The scenario language, version 1");
    page.line(0, "");
    page.prose(0, INTRODUCTION);
    page.heading("Values");
    page.prose(0, VALUES);
    for (name, example, units) in quantities() {
        page.line(2, &format!("{name:<10} {}   for example \"{example}\"", units.join(", ")));
    }
    for (title, names) in GROUPS {
        page.heading(title);
        for name in names {
            if let Some(description) = types.iter().find(|description| description.name == *name) {
                page.type_(description);
            }
        }
    }
    page.heading("Small types");
    let is_grouped = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    for description in types.iter().filter(|description| !is_grouped(description.name)) {
        page.type_(description);
    }
    for (title, example) in [("Example: a queue", EXAMPLE_LANES), ("Example: a train", EXAMPLE_TRAIN)] {
        page.heading(title);
        page.text.push_str(example);
    }
    page.text
}

const INTRODUCTION: &str = "\
A scenario is a RON file: `( field: value, ... )`. Sections are maps from an id (lower-case letters, digits, hyphens) to a \
entry: `resources: { \"customs\": (at: \"gate\", servers: 3) }`. So every parameter has a path, such as \
`resources.customs.servers` or `flows.boxes.steps[0].time.mean`; `changes`, `--set`, sweeps, levers and error messages all \
use it. Every entry of a section may also have `sources: { \"field\": (from: ..., confidence: ...) }` and `note: \"...\"`.

Below, `field: type` must be given, `field: type = value` has a default, and `field: type, optional` may be left out.";

const VALUES: &str = "\
Every dimensioned value is a text with its unit; `d` is 24 h and `w` 168 h. A share is 0.05 or \"5%\". A count is a whole \
number. A text for readers is \"...\" or (zh: \"...\", en: \"...\"). Local times are read in the zone of their node.";

pub(crate) struct Page {
    text: String,
}

impl Page {
    const WIDTH: usize = 100;

    pub(crate) fn new() -> Self {
        Self { text: String::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text without empty lines before and after it.
    pub(crate) fn into_entry(self) -> String {
        self.text.trim_matches('\n').to_owned() + "\n"
    }

    fn line(&mut self, indent: usize, words: &str) {
        self.text.extend(std::iter::repeat_n(' ', if words.is_empty() { 0 } else { indent }));
        self.text.push_str(words);
        self.text.push('\n');
    }

    pub(crate) fn heading(&mut self, title: &str) {
        self.line(0, "");
        self.line(0, title);
        self.line(0, &"=".repeat(title.chars().count()));
    }

    /// Fills words into lines. Empty lines separate paragraphs.
    fn prose(&mut self, indent: usize, words: &str) {
        for (index, paragraph) in words.split("\n\n").enumerate() {
            if index > 0 {
                self.line(0, "");
            }
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > Self::WIDTH
                {
                    self.line(indent, &line);
                    line.clear();
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            self.line(indent, &line);
        }
    }

    pub(crate) fn type_(&mut self, description: &TypeDescription) {
        self.line(0, "");
        self.line(0, shown(description.name));
        self.prose(2, &joined(description.meaning));
        match &description.body {
            Body::Record(fields) => fields.iter().for_each(|field| self.field(2, field)),
            Body::Choice(variants, bare) => {
                for variant in variants {
                    self.variant(variant, *bare == Some(variant.name));
                }
            }
            Body::Plain(example) => self.line(2, &format!("written {example}")),
        }
    }

    pub(crate) fn field(&mut self, indent: usize, field: &Field) {
        let type_name = shown_type(&field.type_name);
        let head = match field.default {
            Some(default) => format!("{}: {type_name} = {default}", field.name),
            None if field.is_optional => format!("{}: {type_name}, optional", field.name),
            None => format!("{}: {type_name}", field.name),
        };
        self.line(indent, &head);
        self.prose(indent + 4, &joined(field.meaning));
    }

    pub(crate) fn variant(&mut self, variant: &Variant, is_bare: bool) {
        let sole = variant.fields.first().filter(|_| variant.is_sole);
        match sole {
            Some(field) if is_bare => self.line(2, &shown_type(&field.type_name)),
            Some(field) => self.line(2, &format!("{}({})", variant.name, shown_type(&field.type_name))),
            None if variant.fields.is_empty() => self.line(2, variant.name),
            None => self.line(2, &format!("{}(...)", variant.name)),
        }
        self.prose(6, &joined(variant.meaning));
        if sole.is_none() {
            variant.fields.iter().for_each(|field| self.field(6, field));
        }
    }
}

/// The lines of a doc comment as one paragraph.
pub(crate) fn joined(meaning: &[&str]) -> String {
    meaning.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// The language for editors: a JSON object with all types, fields, defaults and meanings.
pub fn schema_json() -> String {
    let schema = schema();
    let field = |field: &Field| {
        json!({
            "name": field.name,
            "type": shown_type(&field.type_name),
            "default": field.default,
            "required": field.default.is_none() && !field.is_optional,
            "meaning": joined(field.meaning),
        })
    };
    let types: Vec<Json> = schema
        .types()
        .map(|description| {
            let (kind, parts) = match &description.body {
                Body::Record(fields) => {
                    ("record", json!({ "fields": fields.iter().map(field).collect::<Vec<_>>() }))
                }
                Body::Choice(variants, bare) => {
                    let variants: Vec<Json> = variants
                        .iter()
                        .map(|variant| {
                            json!({
                                "name": variant.name,
                                "meaning": joined(variant.meaning),
                                "fields": variant.fields.iter().map(field).collect::<Vec<_>>(),
                                "field_names_may_be_left_out": variant.is_sole,
                            })
                        })
                        .collect();
                    ("choice", json!({ "variants": variants, "without_name": bare }))
                }
                Body::Plain(example) => ("text", json!({ "examples": example })),
            };
            json!({
                "name": shown(description.name),
                "meaning": joined(description.meaning),
                "kind": kind,
                "parts": parts,
            })
        })
        .collect();
    let quantities: Vec<Json> = quantities()
        .into_iter()
        .map(|(name, example, units)| json!({ "name": name, "example": example, "units": units }))
        .collect();
    let whole = json!({ "version": 1, "root": "Scenario", "types": types, "quantities": quantities });
    format!("{whole:#}\n")
}
