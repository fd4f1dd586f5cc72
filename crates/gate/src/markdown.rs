//! The summary for reviewers, as Markdown for code review pages.
//!
//! Does not own the words of verdicts and reasons (`text`).

use std::fmt::Write as _;

use crate::findings::{Finding, Findings, Move};
use crate::text::{MOST_MOVES, advice, amount, difference, move_word, moved_line, reason, verdict_words};

/// Returns the summary as Markdown.
pub fn markdown(findings: &Findings) -> String {
    let (sign, chinese, english) = verdict_words(findings.verdict);
    let mut text = format!("## {sign} sanda check: {chinese} {english}\n\n");
    text.push_str("| 情景 scenario | 结论 verdict | 原因 reason |\n|---|---|---|\n");
    for finding in &findings.findings {
        let (sign, chinese, english) = verdict_words(finding.verdict);
        let _ = writeln!(
            text,
            "| {} | {sign} {chinese} {english} | {} |",
            escaped(finding.name()),
            escaped(&reason(finding))
        );
    }
    for finding in &findings.findings {
        details(&mut text, finding);
    }
    text
}

fn details(text: &mut String, finding: &Finding) {
    let mut body = String::new();
    if let Some(message) = &finding.message {
        let _ = writeln!(body, "```text\n{}\n```\n", message.replace("```", "'''"));
    }
    moves(&mut body, "变化最大的指标 Largest moves", &finding.moves);
    if let Some(drift) = &finding.drift {
        let title =
            format!("累计变化 Since \"{}\", over {} blessings", escaped(&drift.since), drift.blessings);
        moves(&mut body, &title, &drift.moves);
    }
    names(
        &mut body,
        "发生了变化的货流与班次 Other events in",
        finding.moved.iter().map(moved_line).collect(),
    );
    names(&mut body, "统计结果不同的指标 Other numbers for", code(&finding.statistics_changed));
    names(
        &mut body,
        "消失或没有观测值的指标 No longer there, or without observations",
        code(&finding.vanished),
    );
    names(&mut body, "新增，未比较 New, not compared", code(&finding.new));
    let advice = advice(finding);
    if !advice.is_empty() {
        let _ = writeln!(body, "{}\n", escaped(advice));
    }
    if !body.is_empty() {
        let _ = write!(text, "\n### {}\n\n{body}", escaped(finding.name()));
    }
}

/// Writes a table of the farthest moves, and the complete list in a collapsed section.
fn moves(body: &mut String, title: &str, moves: &[Move]) {
    const HEAD: &str = "| 指标 metric | 基线 baseline | 现在 now | 差 difference | 容许值的倍数 margins | |\n|---|---:|---:|---:|---:|---|\n";
    if moves.is_empty() {
        return;
    }
    let _ = write!(body, "**{title}**\n\n{HEAD}");
    let row = |one: &Move| {
        let margins = one.in_margins.map_or_else(|| "–".to_owned(), |size| format!("{size:.2}"));
        format!(
            "| `{}` | {} | {} | {} | {margins} | {} |\n",
            one.path,
            amount(one.baseline, one.is_share),
            amount(one.now, one.is_share),
            difference(one.difference, one.is_share),
            move_word(one)
        )
    };
    body.extend(moves.iter().take(MOST_MOVES).map(row));
    body.push('\n');
    let rest = &moves[moves.len().min(MOST_MOVES)..];
    if !rest.is_empty() {
        let _ = write!(body, "<details><summary>其余 {0} 项 {0} more</summary>\n\n{HEAD}", rest.len());
        body.extend(rest.iter().map(row));
        body.push_str("\n</details>\n\n");
    }
}

fn names(body: &mut String, title: &str, names: Vec<String>) {
    if names.is_empty() {
        return;
    }
    let is_long = names.len() > MOST_MOVES;
    let _ = if is_long {
        write!(body, "<details><summary>{title}: {}</summary>\n\n", names.len())
    } else {
        write!(body, "**{title}**\n\n")
    };
    body.extend(names.into_iter().map(|name| format!("- {name}\n")));
    body.push_str(if is_long { "\n</details>\n\n" } else { "\n" });
}

fn code(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// Escapes text for the cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
