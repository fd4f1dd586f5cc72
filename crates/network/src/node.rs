//! Nodes of the network, and modes of transport.
//!
//! Owns: what a place is and what it is called in both languages. Does not own: its resources and procedures
//! (`core`), or the links between nodes (`graph`).

use std::collections::BTreeMap;
use std::fmt;

use crate::civil::Zone;
use crate::distance::Position;

/// A name in both languages of the reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Something that has one name in a file and one in each language of the reports.
macro_rules! labelled {
    ($type:ident: $($variant:ident $text:literal $zh:literal $en:literal),+ $(,)?) => {
        impl $type {
            /// All of them, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As written in a scenario and in results.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The label of reports in Chinese.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The label of reports in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// The one written so in a scenario.
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// What a node is. Changes nothing in a simulation; reports and maps tell nodes apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// An airport.
    Airport,
    /// A railway terminal for containers.
    RailTerminal,
    /// A port on a river.
    RiverPort,
    /// A port at sea.
    SeaPort,
    /// A border crossing.
    Border,
    /// A depot, warehouse or plant.
    Depot,
    /// A pilot free-trade zone.
    FreeZone,
    /// A comprehensive bonded zone.
    BondedZone,
    /// A market: where cargo comes from or goes to.
    Market,
}

labelled!(NodeKind:
    Airport "Airport" "机场" "airport",
    RailTerminal "RailTerminal" "铁路场站" "rail terminal",
    RiverPort "RiverPort" "内河港" "river port",
    SeaPort "SeaPort" "海港" "sea port",
    Border "Border" "口岸" "border crossing",
    Depot "Depot" "堆场仓库" "depot",
    FreeZone "FreeZone" "自贸区" "free-trade zone",
    BondedZone "BondedZone" "综合保税区" "bonded zone",
    Market "Market" "市场" "market",
);

/// A mode of transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// By aircraft.
    Air,
    /// By train.
    Rail,
    /// By sea-going ship.
    Sea,
    /// By inland ship.
    River,
    /// By lorry.
    Road,
}

labelled!(Mode:
    Air "Air" "航空" "air",
    Rail "Rail" "铁路" "rail",
    Sea "Sea" "海运" "sea",
    River "River" "内河" "river",
    Road "Road" "公路" "road",
);

/// A set of modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modes(u8);

impl Modes {
    /// Every mode.
    pub const ALL: Self = Self(0b1_1111);
    /// No mode.
    pub const NONE: Self = Self(0);

    /// This set and one mode more.
    #[must_use]
    pub const fn with(self, mode: Mode) -> Self {
        Self(self.0 | 1 << mode as u8)
    }

    /// Whether a mode is in the set.
    #[inline]
    pub const fn contains(self, mode: Mode) -> bool {
        self.0 & (1 << mode as u8) != 0
    }

    /// The modes in the order of declaration.
    pub fn iter(self) -> impl Iterator<Item = Mode> {
        Mode::ALL.iter().copied().filter(move |mode| self.contains(*mode))
    }
}

impl FromIterator<Mode> for Modes {
    fn from_iter<Items: IntoIterator<Item = Mode>>(modes: Items) -> Self {
        modes.into_iter().fold(Self::NONE, Self::with)
    }
}

/// "air, rail"; "any mode" for all of them, "no mode" for none.
impl fmt::Display for Modes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Mode::en).collect();
        match *self {
            Self::ALL => f.pad("any mode"),
            Self::NONE => f.pad("no mode"),
            _ => f.pad(&names.join(", ")),
        }
    }
}

/// A place of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its id in the scenario, such as "wujiashan".
    pub id: String,
    /// Its names in reports.
    pub names: Names,
    /// Where it is, if a map or a distance needs that.
    pub position: Option<Position>,
    /// Its time zone, in which its timetables and opening hours are stated.
    pub zone: Zone,
    /// What it is, if the scenario says so.
    pub kind: Option<NodeKind>,
    /// Codes by their list: "unlocode" to "CNWUH", "iata" to "WUH".
    pub codes: BTreeMap<String, String>,
}

impl Node {
    /// A node of which only id and zone are known; its names are its id.
    pub fn new(id: &str, zone: Zone) -> Self {
        let names = Names { zh: id.to_owned(), en: id.to_owned() };
        Self { id: id.to_owned(), names, position: None, zone, kind: None, codes: BTreeMap::new() }
    }
}
