//! Circumstances of a run beside its scenario: parameters set for it alone, and how far it came.
//!
//! Both stand in the results and among their remarks, so that the results of one run are not taken for those of another. Does not own
//! how remarks are shown.

use sanda_results::{Results, Text};

/// Notes parameters that were set for this run alone, each as `PATH=VALUE`.
pub fn add_overrides(results: &mut Results, overrides: &[String]) {
    if overrides.is_empty() {
        return;
    }
    // A value may have been given on several lines; a remark is one.
    let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let overrides: Vec<String> = overrides.iter().map(one_line).collect();
    let list = overrides.join(", ");
    let note = Text::new(
        format!("本次运行用--set改动了参数：{list}"),
        format!("Parameters were set for this run by --set: {list}"),
    );
    results.notes.insert(0, note);
    results.overrides = overrides;
}

/// Notes that fewer replications are merged than were asked for; nothing otherwise.
pub fn add_interruption(results: &mut Results, n_planned: u64) {
    let n_done = u64::from(results.scenario.replications);
    if n_done >= n_planned {
        return;
    }
    let note = Text::new(
        format!("运行被中断：只完成了{n_planned}次重复中的{n_done}次，以下结果以此为限。"),
        format!(
            "This run was interrupted: {n_done} of {n_planned} replications were finished, and these results are of them alone."
        ),
    );
    results.notes.insert(0, note);
    results.interrupted_of = Some(n_planned);
}
