//! Small types used all over the language: bilingual text, provenance, zones, dates, loads.
//!
//! Does not own ids and numbers (`decode`) or quantities (`sanda_units`).

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};
use sanda_units::{Mass, Quantity, QuantityError, Teu, parse_whole, split_number};

use crate::{
    decode::{Body, Context, Decode, MapKey, Schema, choice, record},
    source::{Located, Span},
    suggest::did_you_mean,
    tree::{Tree, Value},
};

/// A text for readers in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

record! {
    /// Both languages of a text.
    struct BothLanguages ("text") {
        /// Chinese; the English when left out.
        zh: Option<String>,
        /// English; the Chinese when left out.
        en: Option<String>,
    }
}

impl Decode for Text {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if !matches!(tree.value, Value::Struct { .. }) {
            let both = String::decode(tree, cx)?;
            return Some(Self { zh: both.clone(), en: both });
        }
        let BothLanguages { zh, en } = BothLanguages::decode(tree, cx)?;
        let Some(either) = zh.clone().or_else(|| en.clone()) else {
            cx.error(tree.headline(), "a text in no language").label("expected `zh`, `en` or both");
            return None;
        };
        Some(Self { zh: zh.unwrap_or_else(|| either.clone()), en: en.unwrap_or(either) })
    }

    fn describe(schema: &mut Schema) -> String {
        schema.add("Text", &["A text for readers, in one language or both."], |_| {
            Body::Plain(r#""Customs", or (zh: "海关", en: "Customs")"#)
        })
    }
}

record! {
    /// Where the value of a parameter comes from.
    pub struct Provenance ("source") {
        /// The publication, or the assumption made.
        from: Text,
        /// The year the value speaks of.
        year: Option<u64>,
        /// How far it can be relied on.
        confidence: Confidence = Assumed,
        /// Lowest and highest plausible value, written as the parameter is; sensitivity studies draw from it. The stated
        /// value is the median: below it lies one half of the draws, evenly between it and the low end, above it the other,
        /// evenly up to the high end; a law is drawn parameter by parameter, all at one place of their ranges. Where nothing
        /// lies between (timetables), half of the draws are the stated value and a quarter is each end. A number or law
        /// that does not lie between the ends, or is of another kind than they are, is warned of, and draws lie
        /// evenly between the ends. For a part of a parameter, name that part:
        /// `"running[0].mode": (from: ..., range: ["78h", "96h"])`.
        range: Option<[Tree; 2]>,
        /// What else it is drawn with: all parameters that name the same are at one place of their ranges, for they rest on
        /// one thing that is not known (the cut-offs of all flights). Without it each is drawn by itself, and what is
        /// assumed forty times over nearly cancels out. First ends go together and so do second ones: a range written
        /// the other way round, `["80%", "20%"]`, falls as others rise.
        with: Option<Located<String>>,
        /// For `servers` of a resource and `capacity` of a service that suit what is asked of them: what is drawn here is scaled
        /// with the mean work, or cargo for a scheduled departure, that other draws ask for (volumes, shares, working times,
        /// timetables), up to whole servers; a vehicle so scaled stands for larger ones, or more at a time. So the
        /// load is the stated one, moved by this range alone and by what takes space or servers away: cancellations,
        /// other traffic, seasons, hours, failures. Otherwise draws meet that nobody has lived with for a year, such as
        /// half of the flights for a fifth more cargo. A value put in its place by `changes` or `--set` stays.
        follows_load: bool = false,
    }
}

choice! {
    /// How far a value can be relied on.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum Confidence ("confidence") {
        /// Published by who knows, recently.
        High,
        /// Published, but old, partial or second-hand.
        Medium,
        /// Inferred from something published.
        Low,
        /// Not known: assumed.
        Assumed,
    }
}

/// Any value, kept as it was written.
impl Decode for Tree {
    fn decode(tree: &Tree, _: &mut Context<'_>) -> Option<Self> {
        Some(tree.clone())
    }

    fn describe(_: &mut Schema) -> String {
        "value".to_owned()
    }
}

/// One of something or several.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if matches!(tree.value, Value::List(_)) {
            Vec::decode(tree, cx).map(Self)
        } else {
            T::decode(tree, cx).map(|one| Self(vec![one]))
        }
    }

    fn describe(schema: &mut Schema) -> String {
        let one = T::describe(schema);
        format!("{one} or [{one}]")
    }
}

/// Cities that are often taken for the names of time zones.
const CHINESE_CITIES: [&str; 10] = [
    "Beijing",
    "Chengdu",
    "Ezhou",
    "Guangzhou",
    "Hangzhou",
    "Ningbo",
    "Shenzhen",
    "Wuhan",
    "Xian",
    "Zhengzhou",
];

/// An IANA time zone that the compiled-in database knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(String);

impl Zone {
    /// Its IANA name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(name: &str, span: Span, cx: &mut Context<'_>) -> Option<Self> {
        // The canonical spelling is kept, so that two spellings do not make two zones.
        if let Ok(zone) = TimeZone::get(name) {
            return Some(Self(zone.iana_name().unwrap_or(name).to_owned()));
        }
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let city = name.rsplit('/').next().unwrap_or(name);
        let same_city = known
            .iter()
            .find(|known| known.rsplit('/').next().is_some_and(|other| other.eq_ignore_ascii_case(city)))
            .map(|known| format!("did you mean `{known}`?"));
        let hint = if CHINESE_CITIES.iter().any(|other| other.eq_ignore_ascii_case(city)) {
            Some("all of China keeps the time of `Asia/Shanghai`".to_owned())
        } else {
            same_city.or_else(|| did_you_mean(name, known.iter().map(String::as_str)))
        };
        cx.error(span, format!("unknown time zone `{name}`"))
            .label("expected an IANA time zone, such as \"Asia/Shanghai\"")
            .hint(hint);
        None
    }
}

impl Decode for Zone {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let name = String::decode(tree, cx)?;
        Self::read(&name, tree.span, cx)
    }

    fn describe(_: &mut Schema) -> String {
        "time zone".to_owned()
    }
}

/// A civil instant and the zone in which it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Date and time of day.
    pub local: DateTime,
    /// The time zone.
    pub zone: Zone,
}

impl Decode for Start {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        const EXAMPLE: &str = "\"2025-01-06T00:00[Asia/Shanghai]\"";
        let text = String::decode(tree, cx)?;
        let zoned = text.trim().strip_suffix(']').and_then(|text| text.split_once('['));
        let Some((local, zone)) = zoned else {
            cx.error(tree.span, format!("`{text}` has no time zone in brackets"))
                .label(format!("expected a local time with its zone, such as {EXAMPLE}"));
            return None;
        };
        let zone = Zone::read(zone, tree.span, cx);
        let local = local.parse::<DateTime>();
        if local.is_err() {
            cx.error(tree.span, format!("`{text}` does not begin with a date and a time of day"))
                .label(format!("expected a local time with its zone, such as {EXAMPLE}"));
        }
        Some(Self { local: local.ok()?, zone: zone? })
    }

    fn describe(_: &mut Schema) -> String {
        "civil instant".to_owned()
    }
}

/// Days from a first to a last one, both included: "2025-01-28..2025-02-04", or a single day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateSpan {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl MapKey for DateSpan {
    const TYPE_NAME: &'static str = "days";

    fn read(text: &str, span: Span, cx: &mut Context<'_>) -> Option<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (Ok(first), Ok(last)) = (first.trim().parse::<Date>(), last.trim().parse::<Date>()) else {
            cx.error(span, format!("`{text}` is no day and no span of days"))
                .label("expected \"2025-05-01\" or \"2025-01-28..2025-02-04\"");
            return None;
        };
        if last < first {
            cx.error(span, format!("the days `{text}` end before they begin"))
                .label("expected the earlier day first");
            return None;
        }
        Some(Self { first, last })
    }
}

impl Decode for DateSpan {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let text = String::decode(tree, cx)?;
        Self::read(&text, tree.span, cx)
    }

    fn describe(_: &mut Schema) -> String {
        Self::TYPE_NAME.to_owned()
    }
}

/// Local date and time without a zone: "2025-03-01T10:20".
impl Decode for DateTime {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let text = String::decode(tree, cx)?;
        let parsed = text.trim().parse::<DateTime>().ok();
        if parsed.is_none() {
            cx.error(tree.span, format!("`{text}` is no date with a time of day"))
                .label("expected a local date and time, such as \"2025-03-01T10:20\"");
        }
        parsed
    }

    fn describe(_: &mut Schema) -> String {
        "local time".to_owned()
    }
}

/// How much a vehicle, a batch or a departure holds, in the measure in which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Container capacity.
    Teu(Teu),
    /// Mass.
    Mass(Mass),
    /// Whole shipments.
    Shipments(u64),
    /// Units of shipments: pallets, unit load devices, trailers.
    Units(u64),
}

impl Load {
    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.base() == 0
    }

    /// Thousandths of TEU, kilograms, shipments or units.
    pub fn base(self) -> i64 {
        match self {
            Self::Teu(teu) => teu.base(),
            Self::Mass(mass) => mass.base(),
            Self::Shipments(count) | Self::Units(count) => i64::try_from(count).unwrap_or(i64::MAX),
        }
    }

    /// What it is counted in: "TEU", "mass", "shipments" or "units".
    pub fn measure(self) -> &'static str {
        match self {
            Self::Teu(_) => "TEU",
            Self::Mass(_) => "mass",
            Self::Shipments(_) => "shipments",
            Self::Units(_) => "units",
        }
    }
}

impl crate::decode::Sign for Load {
    fn is_above_zero(&self) -> bool {
        !self.is_zero()
    }
}

impl Decode for Load {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        const EXPECTED: &str = "a load, such as \"110 TEU\", \"100 t\", \"20 shipments\" or \"30 units\"";
        let (Value::Text(text) | Value::Number(text)) = &tree.value else {
            cx.wrong_kind(tree, EXPECTED);
            return None;
        };
        let (number, unit) = split_number(text);
        let count = || parse_whole(number).filter(|count| i64::try_from(*count).is_ok());
        let read: Result<Option<Self>, QuantityError> = match unit {
            "shipment" | "shipments" => Ok(count().map(Self::Shipments)),
            "unit" | "units" | "pallet" | "pallets" | "ULD" | "ULDs" => Ok(count().map(Self::Units)),
            "t" | "kg" | "kt" | "Mt" => sanda_units::parse_quantity(text).map(|mass| Some(Self::Mass(mass))),
            "TEU" | "FEU" => sanda_units::parse_quantity(text).map(|teu| Some(Self::Teu(teu))),
            "" => {
                cx.error(tree.span, format!("{} has no unit", tree.describe()))
                    .label(format!("expected {EXPECTED}"));
                return None;
            }
            unit => {
                let units = ["TEU", "FEU", "t", "kg", "kt", "shipments", "units", "pallets", "ULD"];
                cx.error(tree.span, format!("unknown unit `{unit}` of a load"))
                    .label(format!("expected {EXPECTED}"))
                    .hint(did_you_mean(unit, units));
                return None;
            }
        };
        match read {
            Ok(Some(load)) => Some(load),
            Ok(None) => {
                cx.error(tree.span, format!("`{number}` is not a whole number of {unit}"))
                    .label(format!("expected {EXPECTED}"));
                None
            }
            Err(error) => {
                cx.error(tree.span, error.to_string())
                    .label(format!("expected {EXPECTED}"))
                    .hint(error.hint());
                None
            }
        }
    }

    fn describe(schema: &mut Schema) -> String {
        schema.add(
            "Load",
            &["How much something holds: TEU, mass, whole shipments, or units (pallets, unit load devices)."],
            |_| Body::Plain(r#""110 TEU", "100 t", "20 shipments", "30 units", "12 pallets", "30 ULD""#),
        )
    }
}
