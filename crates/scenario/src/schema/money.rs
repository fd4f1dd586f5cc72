//! Exchange rates, and the costs of measures.
//!
//! Does not own amounts (`sanda_units`).

use std::fmt;

use sanda_units::{CurrencyAmount, parse_decimal, parse_number, split_number};

use crate::{
    decode::{Body, Context, Decode, MapKey, Schema},
    source::Span,
    tree::{Tree, Value},
};

/// A currency by its three letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency(String);

impl Currency {
    /// The code: "USD".
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl MapKey for Currency {
    const TYPE_NAME: &'static str = "currency";

    fn read(text: &str, span: Span, cx: &mut Context<'_>) -> Option<Self> {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Some(Self(text.to_owned()));
        }
        cx.error(span, format!("`{text}` is not a currency"))
            .label("expected three capital letters, such as \"USD\"");
        None
    }
}

/// Yuan for one unit of a currency: "7.2 CNY".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurrencyRate(pub f64);

impl Decode for CurrencyRate {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Text(text) = &tree.value
            && let (number, "CNY") = split_number(text)
            && let Some(rate) = parse_number(number)
            && rate > 0.0
        {
            return Some(Self(rate));
        }
        cx.wrong_kind(tree, "a rate in yuan greater than zero, such as \"7.2 CNY\"");
        None
    }

    fn describe(_: &mut Schema) -> String {
        "money (yuan for one unit)".to_owned()
    }
}

/// The cost of a measure: an amount, once or every year.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// The amount.
    pub amount: CurrencyAmount,
    /// Whether it is spent every year.
    pub is_yearly: bool,
}

impl Decode for Budget {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let text = String::decode(tree, cx)?;
        let (amount, is_yearly) = match text.split_once('/') {
            None => (text.as_str(), false),
            Some((amount, per)) if per.trim() == "year" => (amount, true),
            Some((_, per)) => {
                cx.error(tree.span, format!("unknown period `{}`", per.trim()))
                    .label("expected an amount, such as \"60 million CNY/year\" or \"12 million CNY\"");
                return None;
            }
        };
        let (number, words) = split_number(amount);
        let (scale, currency) = match words.split_once(char::is_whitespace) {
            Some(("thousand", currency)) => (1_000, currency),
            Some(("million", currency)) => (1_000_000, currency),
            Some(("billion", currency)) => (1_000_000_000, currency),
            _ => (1, words),
        };
        // The currency is checked with the amount of one, and the number exactly with its scale.
        let one = format!("1 {}", currency.trim()).parse::<CurrencyAmount>();
        let hundredths = parse_decimal(number, 100 * scale);
        if let (Ok(one), Some(hundredths)) = (one, hundredths)
            && hundredths >= 0
        {
            let amount = CurrencyAmount { hundredths, currency: one.currency };
            return Some(Self { amount, is_yearly });
        }
        cx.error(tree.span, format!("`{text}` is not an amount of money"))
            .label("expected an amount, such as \"60 million CNY/year\" or \"12 million CNY\"");
        None
    }

    fn describe(schema: &mut Schema) -> String {
        schema.add("Budget", &["An amount of money, once or every year."], |_| {
            Body::Plain(r#""60 million CNY/year", "12 million CNY""#)
        })
    }
}
