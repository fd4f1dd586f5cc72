//! The warning that a figure rests on too few replications. It judges nothing: the remark comes with the results.

use sanda_results::{Figure, Promise, Remark, Results, Text};

/// Number of promises that the warning names. The others are counted, so that the sentence stays short.
const NAMED: usize = 3;

/// Returns whether the interval of a figure rests on too few replications.
pub(crate) fn rests_on_few(figure: &Figure) -> bool {
    figure.remark == Some(Remark::FewReplications)
}

/// Returns whether any figure of the run rests on too few replications.
pub(crate) fn any(results: &Results) -> bool {
    results.metrics.values().any(rests_on_few) || results.promises.values().any(is_concerned)
}

/// Returns whether the share of a promise, or a time that it could promise, rests on too few replications.
fn is_concerned(promise: &Promise) -> bool {
    rests_on_few(&promise.share) || promise.achievable.iter().any(|entry| rests_on_few(&entry.within_hours))
}

/// Names the promises whose figures rest on too few replications; `None` where there is none.
pub(crate) fn words(results: &Results) -> Option<Text> {
    let concerned: Vec<&Promise> =
        results.promises.values().filter(|promise| is_concerned(promise)).collect();
    if concerned.is_empty() {
        return None;
    }
    let n = results.scenario.replications;
    let more = concerned.len().saturating_sub(NAMED);
    let named = || concerned.iter().take(NAMED);
    let zh: Vec<String> = named().map(|promise| format!("“{}”", promise.name.zh)).collect();
    let mut en: Vec<String> = named().map(|promise| format!("“{}”", promise.name.en)).collect();
    let etc = if more > 0 { format!("等{}项承诺", concerned.len()) } else { String::new() };
    if more > 0 {
        en.push(format!("{more} more"));
    }
    Some(Text::new(
        format!(
            "就{}{etc}而言，{n}次重复过少：置信区间主要取决于其中一两次，可能偏窄，且大多偏乐观，请增加重复次数。",
            zh.concat()
        ),
        format!(
            "{n} replications are too few for {}: the interval rests on one or two of them, may be too narrow, and errs on the favourable side. Run more.",
            en.join(", ")
        ),
    ))
}

/// Explains the mark of such figures.
pub(crate) fn guide() -> Text {
    Text::new(
        "标有†的数值，其置信区间主要取决于一两次重复，或者分位点以外的独立样本过少。这样的区间未必达到所称的置信水平，遗漏的多为更不利的情形。重复20次以上通常足够；罕见的不利时段或99%分位数需要更多次数。",
        "A figure marked † has an interval that rests on one or two replications, or on too few independent values beyond the percentile. Such an interval holds less often than it says, and what it misses is mostly the worse side. Twenty replications are usually enough; rare bad spells and far percentiles need more.",
    )
}
