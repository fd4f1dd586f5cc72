//! Small types used throughout the language: bilingual text, provenance, zones, dates, loads.
//!
//! Does not own ids and numbers (`decode`) or quantities (`sanda_units`).

use std::ops::Deref;

use sanda_network::{CivilDate, Epoch, EpochError, Moment, MomentError, Zone as CivilZone, ZoneError};
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
        /// Chinese. The English text by default.
        zh: Option<String>,
        /// English. The Chinese text by default.
        en: Option<String>,
    }
}

/// A text on one line, without the line ends of the file. Tables and titles have one line.
fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r', '\t']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}

impl Decode for Text {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if !matches!(tree.value, Value::Struct { .. }) {
            let both = one_line(&String::decode(tree, cx)?);
            return Some(Self { zh: both.clone(), en: both });
        }
        let BothLanguages { zh, en } = BothLanguages::decode(tree, cx)?;
        let (zh, en) = (zh.as_deref().map(one_line), en.as_deref().map(one_line));
        let Some(either) = zh.clone().or_else(|| en.clone()) else {
            cx.error(tree.headline(), "a text without a language").label("expected `zh`, `en` or both");
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
        /// The year that the value describes.
        year: Option<u64>,
        /// How reliable the value is.
        confidence: Confidence = Assumed,
        /// Lowest and highest plausible value, written like the parameter. Sensitivity studies draw from
        /// this range. The stated value is the median: half of the draws lie evenly between the low end and
        /// the stated value, the other half evenly between it and the high end. A law is drawn parameter by
        /// parameter, all at the same position in their ranges. If nothing lies between the ends
        /// (timetables), half of the draws are the stated value and a quarter is each end. A number or law
        /// that does not lie between the ends, or is of another kind, causes a warning, and draws lie
        /// evenly between the ends. For a part of a parameter, name that part: `"running[0].mode": (from:
        /// ..., range: ["78h", "96h"])`.
        range: Option<[Tree; 2]>,
        /// A name shared by parameters that are drawn together, since they rest on the same unknown (the
        /// cut-offs of all flights). All parameters with the same name are drawn at the same position in
        /// their ranges. Without it each parameter is drawn independently, and an assumption made forty
        /// times nearly cancels out. First ends go with first ends and second with second. A range in
        /// reverse order, `["80%", "20%"]`, falls as the others rise.
        with: Option<Located<String>>,
        /// For `servers` of a resource and `capacity` of a service that are matched to their load. The
        /// drawn value is scaled with the mean work, or with the mean cargo of a scheduled departure, that
        /// the other draws bring (volumes, shares, working times, timetables). The result is rounded up to
        /// whole servers; a scaled vehicle stands for larger or more vehicles. So the load stays as stated,
        /// except for this range and for what takes capacity away: cancellations, other traffic, seasons,
        /// hours, failures. Without it draws can combine that could not last a year, such as half of the
        /// flights with a fifth more cargo. A value set by `changes` or `--set` is not scaled.
        follows_load: bool = false,
    }
}

choice! {
    /// How reliable a value is.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum Confidence ("confidence") {
        /// Published recently by a primary source.
        High,
        /// Published, but old, partial or second-hand.
        Medium,
        /// Inferred from something published.
        Low,
        /// Unknown: assumed.
        Assumed,
    }
}

/// Any value, kept as written.
impl Decode for Tree {
    fn decode(tree: &Tree, _: &mut Context<'_>) -> Option<Self> {
        Some(tree.clone())
    }

    fn describe(_: &mut Schema) -> String {
        "value".to_owned()
    }
}

/// One item or several: `x` means the same as `[x]`.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T> {
    items: Vec<T>,
    is_list: bool,
}

impl<T> OneOrMany<T> {
    /// One item.
    pub fn one(item: T) -> Self {
        Self { items: vec![item], is_list: false }
    }

    /// A list.
    pub fn several(items: Vec<T>) -> Self {
        Self { items, is_list: true }
    }

    /// The item, if it is a single one.
    pub fn only(&self) -> Option<&T> {
        if let [only] = self.items.as_slice() { Some(only) } else { None }
    }

    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// Every item with the suffix of its path: empty, or its index.
    pub fn with_paths(&self) -> impl Iterator<Item = (String, &T)> {
        let step = |index| if self.is_list { format!("[{index}]") } else { String::new() };
        self.items.iter().enumerate().map(move |(index, item)| (step(index), item))
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let is_list = matches!(tree.value, Value::List(_));
        let items = if is_list { Vec::decode(tree, cx)? } else { vec![T::decode(tree, cx)?] };
        Some(Self { items, is_list })
    }

    fn describe(schema: &mut Schema) -> String {
        let one = T::describe(schema);
        format!("{one} or [{one}]")
    }
}

/// Cities that are often mistaken for the names of time zones.
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
    /// The IANA name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(name: &str, span: Span, cx: &mut Context<'_>) -> Option<Self> {
        match CivilZone::named(name) {
            // The canonical spelling is kept, so that two spellings do not give two zones.
            Ok(zone) => Some(Self(zone.name().to_owned())),
            Err(error) => {
                refuse_zone(&error, span, cx);
                None
            }
        }
    }
}

fn refuse_zone(error: &ZoneError, span: Span, cx: &mut Context<'_>) {
    let city = error.name.rsplit('/').next().unwrap_or(&error.name);
    let hint = if CHINESE_CITIES.iter().any(|other| other.eq_ignore_ascii_case(city)) {
        Some("all of China keeps the time of `Asia/Shanghai`".to_owned())
    } else {
        let known: Vec<String> = CivilZone::names().collect();
        error.hint().or_else(|| did_you_mean(&error.name, known.iter().map(String::as_str)))
    };
    cx.error(span, format!("unknown time zone `{}`", error.name))
        .label("expected an IANA time zone, such as \"Asia/Shanghai\"")
        .hint(hint);
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

impl Decode for Epoch {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let text = String::decode(tree, cx)?;
        match text.parse::<Self>() {
            Ok(start) => Some(start),
            Err(EpochError::Moment(MomentError::Zone(error))) => {
                refuse_zone(&error, tree.span, cx);
                None
            }
            Err(error) => {
                let example = "\"2025-01-06T00:00[Asia/Shanghai]\"";
                cx.error(tree.span, error.to_string())
                    .label(format!("expected a local time with its zone, such as {example}"))
                    .hint(error.hint().filter(|_| !matches!(error, EpochError::NoZone { .. })));
                None
            }
        }
    }

    fn describe(_: &mut Schema) -> String {
        "civil instant".to_owned()
    }
}

/// Days from a first to a last one, both included: "2025-01-28..2025-02-04", or a single day. They are
/// whole days of the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateSpan {
    /// The first day.
    pub first: CivilDate,
    /// The last day.
    pub last: CivilDate,
}

impl MapKey for DateSpan {
    const TYPE_NAME: &'static str = "days";

    fn read(text: &str, span: Span, cx: &mut Context<'_>) -> Option<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = match (first.trim().parse::<CivilDate>(), last.trim().parse::<CivilDate>()) {
            (Ok(first), Ok(last)) => (first, last),
            (Err(error), _) | (_, Err(error)) => {
                cx.error(span, error.to_string())
                    .label("expected \"2025-05-01\" or \"2025-01-28..2025-02-04\"")
                    .hint(error.hint());
                return None;
            }
        };
        if last < first {
            cx.error(span, format!("the days `{text}` end before they begin"))
                .label("expected the earlier day first");
            return None;
        }
        Some(Self { first, last })
    }
}

impl std::fmt::Display for DateSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}..{}", self.first, self.last)
        }
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

impl Decode for Moment {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let text = String::decode(tree, cx)?;
        match text.parse::<Self>() {
            Ok(moment) => Some(moment),
            Err(MomentError::Zone(error)) => {
                refuse_zone(&error, tree.span, cx);
                None
            }
            Err(error) => {
                cx.error(tree.span, error.to_string())
                    .label("expected a local date and time, such as \"2025-03-01T10:20\"")
                    .hint(error.hint());
                None
            }
        }
    }

    fn describe(schema: &mut Schema) -> String {
        schema.add(
            "Time",
            &[
                "A date with a time of day on the local clock of its place. A time in a skipped hour means the end of the \
                 gap, a time in a repeated hour the first of the two. With an offset from UTC, a zone in brackets, or both \
                 (which must agree), it is that instant anywhere. Seconds are optional. A date alone means its midnight.",
            ],
            |_| {
                Body::Plain(
                    r#""2025-03-01T10:20", "2025-03-01 10:20:30", "2025-10-26T02:30+01:00", "2025-03-01T10:20[Europe/Berlin]""#,
                )
            },
        )
    }
}

/// How much a vehicle, a batch or a departure holds: TEU, mass, shipments or units.
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
    /// Whether the load is zero.
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

    /// The measure: "TEU", "mass", "shipments" or "units".
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
