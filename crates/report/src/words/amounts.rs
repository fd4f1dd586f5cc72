//! Amounts of cargo that keep a promise, in words: TEU and tonnes per replication.
//!
//! It does not own the numbers (`sanda_results::Promise`), nor the words for shares and times.

use sanda_results::{Figure, Promise, Text};

use crate::words::number::{self, Estimate};

/// Writes an amount with its interval, to the digits that the interval supports: `26,740 [26,100–27,400]`.
pub(crate) fn with_interval(amount: &Estimate) -> String {
    let number = rounded(amount.value, amount);
    match interval(amount) {
        Some(ends) => format!("{number} [{ends}]"),
        None => number,
    }
}

/// Says how much cargo keeps a promise; `None` where no shipment has TEU or a mass.
pub(crate) fn kept_words(promise: &Promise) -> Option<Text> {
    let part = |figure: Option<&Figure>, zh: &str, en: &str| {
        let amount = Estimate::from_figure(figure?)?;
        let number = rounded(amount.value, &amount);
        let (ends_zh, ends_en) =
            interval(&amount).map(|ends| (format!("（{ends}）"), format!(" ({ends})"))).unwrap_or_default();
        Some((format!("{number} {zh}{ends_zh}"), format!("{number} {en}{ends_en}")))
    };
    let parts =
        [part(promise.kept_teu.as_ref(), "TEU", "TEU"), part(promise.kept_tonnes.as_ref(), "吨", "tonnes")];
    let (zh, en): (Vec<String>, Vec<String>) = parts.into_iter().flatten().unzip();
    (!zh.is_empty()).then(|| {
        Text::new(
            format!("时限内送达：{}（每次重复平均）。", zh.join("，")),
            format!("Within the limit: {} (mean of a replication).", en.join(" and ")),
        )
    })
}

fn interval(amount: &Estimate) -> Option<String> {
    let (low, high) = amount.interval?;
    let ends = (rounded(low.max(0.0), amount), rounded(high, amount));
    // Two ends that read the same are not shown.
    (low.is_finite() && high.is_finite() && ends.0 != ends.1).then(|| format!("{}–{}", ends.0, ends.1))
}

/// Rounds an amount so that its uncertainty has two digits. It stays whole where the uncertainty is smaller or unknown.
fn rounded(value: f64, amount: &Estimate) -> String {
    let mut step = 1.0;
    while amount.uncertainty().is_some_and(|uncertainty| uncertainty >= 100.0 * step) {
        step *= 10.0;
    }
    // Amounts of a plausible year stay far below 2^53.
    number::count(((value.max(0.0) / step).round() * step) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_the_interval_supports() {
        let check = |value, interval, expected: &str| {
            assert_eq!(with_interval(&Estimate { value, interval }), expected);
        };
        check(26_741.3, Some((26_691.3, 26_791.3)), "26,741 [26,691–26,791]");
        check(26_741.3, Some((26_041.3, 27_441.3)), "26,740 [26,040–27,440]");
        check(1_234_567.0, Some((1_204_567.0, 1_264_567.0)), "1,235,000 [1,205,000–1,265,000]");
        check(3.0, Some((-1.0, 7.0)), "3 [0–7]");
        check(12.4, None, "12");
    }
}
