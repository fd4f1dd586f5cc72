//! SARIF 2.1.0, for code scanning: one result per failed metric, at the line of the promise, flow, service or resource.
//!
//! Rule ids are the names of families and causes. Partial fingerprints consist of scenario and metric path. Both are stable, so that
//! servers recognise an alert. The document is small enough to be written without a library.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::family::Family;
use crate::findings::{Cause, Finding, Findings, Move, MoveVerdict, Place, Verdict};
use crate::text::{advice, amount, difference, move_word, reason, size};

/// Returns the findings as SARIF; `version` is that of the program.
///
/// # Errors
/// Never: all numbers can be written as JSON.
pub fn sarif(findings: &Findings, version: &str) -> Result<String, serde_json::Error> {
    let mut results = Vec::new();
    for finding in &findings.findings {
        results.extend(of_finding(finding, findings.strict));
    }
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sanda check",
                "version": version,
                "rules": rules(),
            } },
            "originalUriBaseIds": { "ROOT": { "description": { "text": "The folder that sanda check was run in." } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

/// The rules that belong to no family.
const CAUSES: [(&str, &str); 6] = [
    ("statistics-changed", "The same events give the same numbers."),
    ("metrics-vanished", "Every metric of the baseline still exists."),
    ("drift", "The accumulated change since the ledger began stays within every margin."),
    ("trajectory", "The same events happen in the first replications."),
    ("baseline", "A comparison with the baseline is possible."),
    ("invariant", "The invariants of the simulator hold."),
];

fn rules() -> Vec<Value> {
    let families = Family::ALL.iter().map(|family| (family.rule(), family.meaning()));
    let rule = |(id, meaning): (&str, &str)| json!({ "id": id, "shortDescription": { "text": meaning } });
    families.chain(CAUSES).map(rule).collect()
}

fn of_finding(finding: &Finding, strict: bool) -> Vec<Value> {
    let mut results = Vec::new();
    let whole =
        |rule: &str, level: &str, subject: &str, words: String| result(finding, rule, level, subject, &words);
    let with_advice = || {
        let advice = advice(finding);
        if advice.is_empty() { reason(finding) } else { format!("{}; {advice}", reason(finding)) }
    };
    match finding.cause {
        Cause::Baseline | Cause::Invariant => {
            let rule = if finding.cause == Cause::Baseline { "baseline" } else { "invariant" };
            results.push(whole(
                rule,
                "error",
                "",
                finding.message.clone().unwrap_or_else(|| reason(finding)),
            ));
        }
        Cause::QuickTierOnly => results.push(whole("trajectory", "warning", "", with_advice())),
        _ => {}
    }
    for path in &finding.statistics_changed {
        let words = format!("{path} has other numbers, though the same events happened");
        results.push(whole("statistics-changed", "error", path, words));
    }
    for path in &finding.vanished {
        results.push(whole(
            "metrics-vanished",
            "error",
            path,
            format!("{path} no longer exists, or no longer observes anything"),
        ));
    }
    for one in &finding.moves {
        let level = match one.verdict {
            MoveVerdict::Fail if finding.vanished.contains(&one.path) => continue,
            MoveVerdict::Fail => "error",
            MoveVerdict::Inconclusive => "warning",
            MoveVerdict::Changed if strict => "error",
            MoveVerdict::Changed => "note",
            _ => continue,
        };
        results.push(whole(one.family.rule(), level, &one.path, sentence(one)));
    }
    for one in finding.drifted() {
        let words = format!("since the ledger began, in all: {}", sentence(one));
        results.push(whole("drift", "error", &one.path, words));
    }
    if results.is_empty() && finding.verdict == Verdict::Fail {
        results.push(whole("baseline", "error", "", with_advice()));
    }
    results
}

fn sentence(one: &Move) -> String {
    format!(
        "{}: {} -> {}, {} with a margin of {}: {}",
        one.path,
        amount(one.baseline, one.is_share),
        amount(one.now, one.is_share),
        difference(one.difference, one.is_share),
        size(one.margin, one.is_share),
        move_word(one)
    )
}

fn result(finding: &Finding, rule: &str, level: &str, subject: &str, words: &str) -> Value {
    let place = place(finding, subject);
    let fingerprint = format!("{}/{rule}/{subject}", finding.name());
    json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": words },
        "partialFingerprints": { "sandaMetricPath/v1": fingerprint },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.file), "uriBaseId": "ROOT" },
            "region": { "startLine": place.line },
        } }],
    })
}

/// Returns the position of a metric's subject, else the beginning of the scenario file, else the baseline.
fn place(finding: &Finding, path: &str) -> Place {
    let mut parts = path.split('.');
    let subject = parts.next().zip(parts.next()).map(|(section, id)| format!("{section}.{id}"));
    let known = subject.and_then(|subject| finding.places.get(&subject)).cloned();
    let file = if finding.file.is_empty() { &finding.baseline } else { &finding.file };
    known.unwrap_or_else(|| Place { file: file.clone(), line: 1 })
}

/// Converts a path to a relative URI: `/` between names, and escapes for reserved characters.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
