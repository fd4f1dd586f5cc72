//! Prices, fees, subsidies, emission factors: amounts per unit, and the terms on which costs are
//! calculated.
//!
//! Does not own how amounts are written (`sanda_units`), exchange rates (`money`), nor who pays what
//! (`build`).

use std::str::FromStr;

use sanda_units::{Basis, EmissionRate, MassPerTeu, Price, RateError, Share};

use crate::{
    decode::{Body, Context, Decode, Schema, choice, record},
    source::Located,
    tree::{Tree, Value},
};

record! {
    /// The terms on which costs are calculated.
    pub struct MoneyTerms ("terms of money") {
        /// Yearly cost of the capital bound in cargo (a year has 365 days). Raising it makes slow ways more
        /// expensive.
        capital: Share = "10%",
    }
}

choice! {
    /// What a fee is paid for.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum FeeKind ("kind of fee") {
        /// Carriage.
        Freight,
        /// Work at terminals.
        Handling,
        /// Customs.
        Customs,
    }
}

/// One price, or several that are added. With `MOVES`, prices may be by distance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices<const MOVES: bool>(pub Vec<Located<Price>>);

/// Prices of carriage.
pub type Freight = Prices<true>;
/// Prices of work at a place.
pub type Fees = Prices<false>;

impl<const MOVES: bool> Decode for Prices<MOVES> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let Value::List(items) = &tree.value else {
            return one_price(tree, MOVES, cx).map(|price| Self(vec![price]));
        };
        let mut prices = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            prices.extend(cx.at_index(index, |cx| one_price(item, MOVES, cx)));
        }
        (prices.len() == items.len()).then_some(Self(prices))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn describe(schema: &mut Schema) -> String {
        if MOVES {
            schema.add(
                "Freight",
                &[
                    "A price of carriage, or several that are added: per shipment, TEU, FEU, t or kg for the whole ride or haul,",
                    "or by distance: per km (of a shipment), TEU-km or tkm. Currencies other than CNY need a rate in `rates`.",
                ],
                |_| Body::Plain(r#""3250 USD/FEU", "0.9 CNY/tkm", ["800 CNY/TEU", "50 CNY/shipment"]"#),
            )
        } else {
            schema.add(
                "Fees",
                &[
                    "An amount of money per shipment, TEU, FEU, t or kg, or several that are added. Currencies other than CNY need a",
                    "rate in `rates`.",
                ],
                |_| Body::Plain(r#""600 CNY/shipment", "40 USD/kg", ["300 CNY/TEU", "50 CNY/shipment"]"#),
            )
        }
    }
}

fn one_price(tree: &Tree, moves: bool, cx: &mut Context<'_>) -> Option<Located<Price>> {
    let price: Price = read(tree, Price::NAME, Price::EXAMPLE, cx)?;
    allow(price.basis, moves, tree, cx)?;
    Some(Located::new(price, tree.span))
}

/// Greenhouse gas per unit. With `MOVES`, by distance too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor<const MOVES: bool>(pub EmissionRate);

impl<const MOVES: bool> Decode for Factor<MOVES> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let rate: EmissionRate = read(tree, EmissionRate::NAME, EmissionRate::EXAMPLE, cx)?;
        allow(rate.basis, MOVES, tree, cx)?;
        Some(Self(rate))
    }

    fn describe(schema: &mut Schema) -> String {
        if MOVES {
            schema.add(
                "TransportFactor",
                &["CO2 equivalents of carriage, well to wheel: per tkm, TEU-km, km (of a vehicle), or per shipment, TEU or t."],
                |_| Body::Plain(r#""34.7 g/tkm", "0.2 kg/TEU-km", "22 kg/km""#),
            )
        } else {
            schema.add(
                "HubFactor",
                &["CO2 equivalents of work at a place, well to wheel: per shipment, TEU, FEU, t or kg."],
                |_| Body::Plain(r#""15 kg/TEU", "1.2 kg/t""#),
            )
        }
    }
}

impl Decode for MassPerTeu {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        read(tree, Self::NAME, Self::EXAMPLE, cx)
    }

    fn describe(_: &mut Schema) -> String {
        "mass per TEU".to_owned()
    }
}

/// Reads an amount per unit.
fn read<Q: FromStr<Err = RateError>>(
    tree: &Tree,
    name: &str,
    example: &str,
    cx: &mut Context<'_>,
) -> Option<Q> {
    let article = if name.starts_with('e') { "an" } else { "a" };
    let expected = format!("{article} {name}, such as \"{example}\"");
    let (Value::Text(text) | Value::Number(text)) = &tree.value else {
        cx.wrong_kind(tree, &expected);
        return None;
    };
    match text.parse::<Q>() {
        Ok(read) => Some(read),
        Err(error) => {
            cx.error(tree.span, error.to_string()).label(format!("expected {expected}")).hint(error.hint());
            None
        }
    }
}

/// Refuses an amount by distance where nothing moves.
fn allow(basis: Basis, moves: bool, tree: &Tree, cx: &mut Context<'_>) -> Option<()> {
    if moves || !basis.is_by_distance() {
        return Some(());
    }
    cx.error(tree.span, format!("per {} where nothing moves", basis.unit()))
        .label("expected an amount per shipment, TEU, FEU, t or kg")
        .hint(Some("what grows with distance belongs to a service or connection".to_owned()));
    None
}
