//! Numbers for readers: the digits of a figure, the unit of a time, shares in per cent, counts.
//!
//! Digits that an interval does not support are not printed (statistics, point 8). The module computes no estimate.

use sanda_results::Figure;

/// An estimate with its interval; the upper end may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The point estimate; may be infinite.
    pub value: f64,
    /// Lower and upper end, where there is an interval. A one-sided upper bound has a lower end of negative infinity.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// Makes an estimate without interval.
    pub fn plain(value: f64) -> Self {
        Self { value, interval: None }
    }

    /// Reads a stored figure; `None` when it has no value.
    pub fn from_figure(figure: &Figure) -> Option<Self> {
        let interval = figure.upper().map(|upper| (figure.ci_low.unwrap_or(f64::NEG_INFINITY), upper));
        Some(Self { value: figure.value()?, interval })
    }

    /// Returns the uncertainty: half a two-sided interval, or the distance to a one-sided bound; `None` when unknown.
    pub(crate) fn uncertainty(&self) -> Option<f64> {
        let (low, high) = self.interval?;
        let distance = if low.is_finite() { (high - low) / 2.0 } else { high - self.value };
        (distance.is_finite() && distance >= 0.0).then_some(distance)
    }
}

/// Unit of times in one figure or table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl TimeUnit {
    /// Chooses the unit for times of at most `longest` hours.
    ///
    /// Seconds below a minute, minutes below an hour, hours up to three days, then days. Zero is given in hours.
    pub(crate) fn for_hours(longest: f64) -> Self {
        // A millisecond of tolerance, since a sixtieth of an hour is rounded.
        let at_least = |hours: f64| longest > hours - 2.8e-7;
        if longest > 72.0 {
            Self::Days
        } else if at_least(1.0) || longest.is_nan() || longest <= 0.0 {
            Self::Hours
        } else if at_least(1.0 / 60.0) {
            Self::Minutes
        } else {
            Self::Seconds
        }
    }

    /// Returns the hours in one unit.
    pub(crate) fn hours(self) -> f64 {
        match self {
            Self::Seconds => 1.0 / 3600.0,
            Self::Minutes => 1.0 / 60.0,
            Self::Hours => 1.0,
            Self::Days => 24.0,
        }
    }

    pub(crate) fn zh(self) -> &'static str {
        match self {
            Self::Seconds => "秒",
            Self::Minutes => "分钟",
            Self::Hours => "小时",
            Self::Days => "天",
        }
    }

    pub(crate) fn en(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
        }
    }

    pub(crate) fn en_long(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }
}

/// Returns the number of decimals that an uncertainty supports, at most two. The last digit is worth no more than the uncertainty.
pub(crate) fn decimals(uncertainty: Option<f64>, otherwise: usize) -> usize {
    match uncertainty {
        Some(uncertainty) if uncertainty >= 1.0 => 0,
        Some(uncertainty) if uncertainty >= 0.1 => 1,
        Some(uncertainty) if uncertainty > 0.0 => 2,
        _ => otherwise,
    }
}

/// Writes a share in per cent, without the sign. A share below one never reads as 100, nor one above zero as 0.
pub(crate) fn percent(share: f64, decimals: usize) -> String {
    let percent = share * 100.0;
    for decimals in decimals..=3 {
        let text = format!("{percent:.decimals$}");
        let rounded: f64 = text.parse().unwrap_or(percent);
        let misleading = (rounded >= 100.0 && share < 1.0) || (rounded <= 0.0 && share > 0.0);
        if !misleading {
            let whole = rounded <= 0.0 || rounded >= 100.0;
            return if whole { format!("{rounded:.0}") } else { text };
        }
    }
    if share > 0.5 { ">99.999".to_owned() } else { "<0.001".to_owned() }
}

/// Returns the number of decimals of a share in per cent and of its ends.
pub(crate) fn share_decimals(share: &Estimate) -> usize {
    decimals(share.uncertainty().map(|uncertainty| uncertainty * 100.0), 1)
}

/// Writes a share in per cent with the digits that its interval supports, without the sign.
pub(crate) fn share_number(share: &Estimate) -> String {
    percent(share.value, share_decimals(share))
}

/// Writes the ends of the interval of a share: `91.2–93.8`; `None` without an interval, or where it is a point.
pub(crate) fn share_interval(share: &Estimate) -> Option<String> {
    let (low, high) = share.interval.filter(|(low, high)| low < high)?;
    let decimals = share_decimals(share);
    Some(format!("{}–{}", percent(low.max(0.0), decimals), percent(high.min(1.0), decimals)))
}

/// Writes a share and the ends of its interval in per cent, none of which reads as the target unless it is.
///
/// `88–90` would seem to hold a target of 90 when the end is 89.97. Each number has as many decimals as that needs, at most three.
pub(crate) fn judged(share: &Estimate, target: f64) -> (String, Option<String>) {
    let shown = |value: f64| beside_target(value, target, share_decimals(share));
    let ends = share.interval.filter(|(low, high)| low < high);
    let ends = ends.map(|(low, high)| format!("{}–{}", shown(low.max(0.0)), shown(high.min(1.0))));
    (shown(share.value), ends)
}

/// Writes a share in per cent with `least` decimals or more, so that it does not read as the target unless it is. At most three.
pub(crate) fn beside_target(share: f64, target: f64, least: usize) -> String {
    let wanted = percentile_number(target).parse().unwrap_or(f64::NAN);
    let misleads = |decimals: usize| {
        (share - target).abs() > 1e-9
            && percent(share, decimals).parse().is_ok_and(|printed: f64| (printed - wanted).abs() < 1e-9)
    };
    percent(share, (least..=3).find(|&decimals| !misleads(decimals)).unwrap_or(least))
}

/// Writes shares of one whole as percentages that add up like the shares themselves: the largest remainders are rounded up.
///
/// Percentages are whole, unless a share below one would then read as 100. A share far below a per cent may read as 0.
pub(crate) fn parts(shares: &[f64]) -> Vec<String> {
    for (decimals, unit) in [(0_usize, 100.0), (1, 1_000.0), (2, 10_000.0)] {
        let scaled: Vec<f64> = shares.iter().map(|share| share * unit).collect();
        let mut rounded: Vec<f64> = scaled.iter().map(|share| (share + 1e-9).floor()).collect();
        let missing = scaled.iter().sum::<f64>().round() - rounded.iter().sum::<f64>();
        let mut by_rest: Vec<usize> = (0..shares.len()).collect();
        by_rest.sort_by(|&a, &b| (scaled[b] - rounded[b]).total_cmp(&(scaled[a] - rounded[a])));
        for &place in by_rest.iter().take(missing.max(0.0) as usize) {
            rounded[place] += 1.0;
        }
        if !shares.iter().zip(&rounded).any(|(share, &rounded)| rounded >= unit && *share < 1.0) {
            return rounded.iter().map(|share| format!("{:.decimals$}", share / unit * 100.0)).collect();
        }
    }
    shares.iter().map(|&share| percent(share, 0)).collect()
}

/// Writes a time in the unit with the digits that its interval supports, without the unit.
///
/// Without an interval it has three significant digits. A time above zero never reads as zero.
pub(crate) fn time_number(time: &Estimate, unit: TimeUnit) -> String {
    number(time.value / unit.hours(), time.uncertainty().map(|uncertainty| uncertainty / unit.hours()))
}

/// Writes another value, such as the end of an interval, with as many digits as the time.
pub(crate) fn time_alike(time: &Estimate, value: f64, unit: TimeUnit) -> String {
    time_number(&alike(time, value), unit)
}

/// Writes a time within which some share arrives. As [`time_number`], but rounded up, so that the share does arrive within it.
pub(crate) fn within_number(time: &Estimate, unit: TimeUnit) -> String {
    let uncertainty = time.uncertainty().map(|uncertainty| uncertainty / unit.hours());
    number_rounded(time.value / unit.hours(), uncertainty, round_up)
}

/// Writes another value, such as a bound, with as many digits as the time, rounded up.
pub(crate) fn within_alike(time: &Estimate, value: f64, unit: TimeUnit) -> String {
    within_number(&alike(time, value), unit)
}

/// Makes an estimate of a value with the uncertainty of a time.
fn alike(time: &Estimate, value: f64) -> Estimate {
    let distance = time.uncertainty().unwrap_or(0.0);
    Estimate { value, interval: Some((value - distance, value + distance)) }
}

/// Rounds up to a whole number. The tolerance absorbs errors of binary fractions.
fn round_up(value: f64) -> f64 {
    (value - value.abs().max(1.0) * 1e-9).ceil()
}

/// Writes a number with the digits that its uncertainty supports.
///
/// The last digit is worth between a tenth of the uncertainty and the uncertainty itself, unless that would leave no digit. An exact
/// number has up to three significant digits, and one of unknown uncertainty has three.
pub(crate) fn number(value: f64, uncertainty: Option<f64>) -> String {
    number_rounded(value, uncertainty, f64::round)
}

fn number_rounded(value: f64, uncertainty: Option<f64>, round: fn(f64) -> f64) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "∞".to_owned() } else { "–".to_owned() };
    }
    let significant = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        2
    };
    let decimals = decimals(uncertainty, significant);
    let mut step = 1.0;
    while uncertainty.is_some_and(|uncertainty| uncertainty >= 10.0 * step) && value.abs() >= 10.0 * step {
        step *= 10.0;
    }
    let mut parts = 1.0 / step;
    for _ in 0..decimals {
        parts *= 10.0;
    }
    let rounded = round(value * parts) / parts;
    let text = not_zero(value, format!("{rounded:.decimals$}"));
    // An exact number has no trailing zeros.
    if uncertainty == Some(0.0) && text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

/// Returns whether a printed number has no digit but zero.
pub(crate) fn reads_as_zero(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-' | b'+'))
}

/// Replaces a number above zero that reads as zero by `<` and one unit of its last digit.
fn not_zero(value: f64, text: String) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if reads_as_zero(&text) {
        if text.contains('.') {
            format!("<{}1", &text.trim_start_matches('-')[..text.trim_start_matches('-').len() - 1])
        } else {
            "<1".to_owned()
        }
    } else {
        text
    }
}

/// Returns the number of decimals for all times of a figure, so that they line up. It depends on the longest, in hours.
pub(crate) fn common_decimals(longest: f64, unit: TimeUnit) -> usize {
    if longest / unit.hours() >= 10.0 { 1 } else { 2 }
}

/// Writes a time with a given number of decimals, without the unit. A time above zero never reads as zero.
pub(crate) fn time_fixed(hours: f64, unit: TimeUnit, decimals: usize) -> String {
    let value = hours / unit.hours();
    not_zero(value, format!("{value:.decimals$}"))
}

/// Writes an exact time, such as a limit or a mark of an axis. It has as many digits as needed, and at most two decimals from 0.1 up.
pub(crate) fn exact_time(hours: f64, unit: TimeUnit) -> String {
    let value = hours / unit.hours();
    let mut decimals = 2;
    let mut smallest = 0.1;
    while value.abs() > 0.0 && value.abs() < smallest && decimals < 9 {
        decimals += 1;
        smallest /= 10.0;
    }
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns the unit that fits a limit. As [`TimeUnit::for_hours`], but a limit of more than three days is in days only if it is a whole
/// number of quarters of a day, else in hours.
pub(crate) fn limit_unit(hours: f64) -> TimeUnit {
    let quarters = hours / 6.0;
    match TimeUnit::for_hours(hours) {
        TimeUnit::Days if (quarters - quarters.round()).abs() >= 1e-9 => TimeUnit::Hours,
        unit => unit,
    }
}

/// Writes a count with commas between thousands.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes the share of a percentile or target in per cent: `90`, `99.9`.
pub(crate) fn percentile_number(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_interval() {
        let share = |value, low, high| Estimate { value, interval: Some((low, high)) };
        let shown =
            |estimate: Estimate| (share_number(&estimate), share_interval(&estimate).unwrap_or_default());
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(shown(share(0.9261, 0.9123, 0.9384)), pair("93", "91–94"));
        assert_eq!(shown(share(0.9261, 0.9229, 0.9293)), pair("92.6", "92.3–92.9"));
        assert_eq!(shown(share(0.9261, 0.9259, 0.9263)), pair("92.61", "92.59–92.63"));
        assert_eq!(shown(share(1.0, 0.991, 1.0)), pair("100", "99.1–100"));
        assert_eq!(shown(share(0.9997, 0.98, 0.99999)), pair("99.97", "98.0–99.999"));
        assert_eq!(shown(Estimate::plain(0.5)), pair("50.0", ""));
        assert_eq!(percent(0.999_999_9, 1), ">99.999");
        assert_eq!(percent(1e-9, 1), "<0.001");
    }

    #[test]
    fn times_take_the_unit_of_their_scale() {
        let time = |value, low, high| Estimate { value, interval: Some((low, high)) };
        assert_eq!(time_number(&time(340.8, 336.0, 345.0), TimeUnit::Days), "14.2");
        assert_eq!(time_number(&time(340.8, 240.0, 445.0), TimeUnit::Days), "14");
        assert_eq!(time_number(&Estimate::plain(7.0), TimeUnit::Hours), "7.00");
        assert_eq!(time_number(&time(340.8, f64::NEG_INFINITY, 345.6), TimeUnit::Days), "14.2");
        assert_eq!(exact_time(360.0, TimeUnit::Days), "15");
        assert_eq!(exact_time(36.0, TimeUnit::Days), "1.5");
        assert_eq!(TimeUnit::for_hours(72.0), TimeUnit::Hours);
    }

    /// A shipment that takes 74.95 hours does not arrive within 3.12 days, so such a time must not be rounded down.
    #[test]
    fn times_within_which_a_share_arrives_are_rounded_up() {
        let time = |value, low, high| Estimate { value, interval: Some((low, high)) };
        let exactly = |hours: f64| time(hours, hours, hours);
        assert_eq!(time_number(&exactly(74.95), TimeUnit::Days), "3.12");
        assert_eq!(within_number(&exactly(74.95), TimeUnit::Days), "3.13");
        assert_eq!(within_number(&time(340.8, 240.0, 445.0), TimeUnit::Days), "15");
        assert_eq!(within_alike(&time(340.8, 336.0, 345.0), 343.3, TimeUnit::Days), "14.4");
        // A time that needs no more digits stays as it is.
        for (hours, unit, printed) in
            [(72.0, TimeUnit::Days, "3"), (19.0, TimeUnit::Hours, "19"), (0.1, TimeUnit::Minutes, "6")]
        {
            assert_eq!(within_number(&exactly(hours), unit), printed);
        }
        for minutes in 1..3000 {
            let hours = f64::from(minutes) / 60.0;
            let printed: f64 = within_number(&exactly(hours), TimeUnit::Hours).parse().expect("a number");
            assert!(printed >= hours - 1e-9 && printed < hours + 1.0, "{hours} h as {printed}");
        }
    }

    #[test]
    fn times_of_one_figure_line_up() {
        assert_eq!(
            [0.0, 0.2, 1.0, 240.0].map(|hours| time_fixed(hours, TimeUnit::Hours, 1)),
            ["0", "0.2", "1.0", "240.0"]
        );
        assert_eq!(time_fixed(0.2, TimeUnit::Days, 1), "<0.1");
        assert_eq!([100.0, 300.0].map(|longest| common_decimals(longest, TimeUnit::Days)), [2, 1]);
    }

    #[test]
    fn parts_of_one_whole_add_up() {
        let check = |shares: &[f64], expected: &[&str]| assert_eq!(parts(shares), expected, "{shares:?}");
        check(&[1.0 / 3.0; 3], &["34", "33", "33"]);
        check(&[0.335, 0.335, 0.33], &["34", "33", "33"]);
        check(&[0.5, 0.3, 0.2], &["50", "30", "20"]);
        check(&[1.0, 0.0], &["100", "0"]);
        // A share below one does not read as 100 %.
        check(&[0.997, 0.003], &["99.7", "0.3"]);
        // Shares of part of a whole add up to that part.
        check(&[0.456, 0.251], &["46", "25"]);
    }

    #[test]
    fn counts_and_percentiles() {
        assert_eq!([0, 999, 1000, 1234567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.5, 0.9, 0.999].map(percentile_number), ["50", "90", "99.9"]);
    }
}
