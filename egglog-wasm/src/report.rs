//! Statistics of all runs.

use crate::object::object;
use egglog_reports::RunReport;
use js_sys::Array;
use std::collections::BTreeSet;
use wasm_bindgen::JsValue;

const MILLISECONDS: f64 = 1e3;

/// `{ rules, rulesets, iterations }`: rules by falling time, rulesets by name.
pub fn of(report: &RunReport) -> JsValue {
    object([
        ("rules", rules(report).into()),
        ("rulesets", rulesets(report).into()),
        ("iterations", report.iterations.len().into()),
    ])
}

fn rules(report: &RunReport) -> Array {
    let mut times: Vec<_> = report.search_and_apply_time_per_rule.iter().collect();
    times.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    times
        .into_iter()
        .map(|(name, time)| {
            object([
                ("name", (**name).into()),
                ("matches", report.num_matches_per_rule.get(name).copied().unwrap_or(0).into()),
                ("milliseconds", (time.as_secs_f64() * MILLISECONDS).into()),
            ])
        })
        .collect()
}

fn rulesets(report: &RunReport) -> Array {
    let phases =
        [&report.search_and_apply_time_per_ruleset, &report.merge_time_per_ruleset, &report.rebuild_time_per_ruleset];
    let names: BTreeSet<_> = phases.iter().flat_map(|phase| phase.keys()).collect();
    names
        .into_iter()
        .map(|name| {
            let [search, merge, rebuild] =
                phases.map(|phase| phase.get(name).map_or(0.0, |time| time.as_secs_f64() * MILLISECONDS).into());
            object([
                ("name", (**name).into()),
                ("searchMilliseconds", search),
                ("mergeMilliseconds", merge),
                ("rebuildMilliseconds", rebuild),
            ])
        })
        .collect()
}
