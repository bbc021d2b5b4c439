//! One e-graph.

use crate::failure::Failure;
use crate::{insert, primitive, term};
use egglog::prelude::add_ruleset;
use egglog::{ArcSort, CommandOutput, EGraph, SerializeConfig, Value};
use egglog_numeric_id::NumericId;
use egglog_reports::RunReport;
use js_sys::Array;

/// A ruleset without rules: running it only makes egglog report a failure that it has noted and not yet returned.
const EMPTY_RULESET: &str = "egglog-wasm/empty";

pub struct Graph {
    pub egraph: EGraph,
    /// With egglog-experimental, the sum of the reports that programs returned: its own `run-schedule` bypasses egglog's
    /// sum.
    experimental_report: Option<RunReport>,
}

impl Graph {
    pub fn new(experimental: bool) -> Result<Graph, Failure> {
        let mut egraph = if experimental { egglog_experimental::new_experimental_egraph() } else { EGraph::default() };
        add_ruleset(&mut egraph, EMPTY_RULESET)?;
        Ok(Graph { egraph, experimental_report: experimental.then(RunReport::default) })
    }

    /// Runs a program and returns what its commands print. An exception of a JavaScript primitive goes first.
    pub fn run(&mut self, program: &str) -> Result<Vec<String>, Failure> {
        let result = self.egraph.parse_and_run_program(None, program);
        primitive::take_exception()?;
        let outputs = result?;
        if let Some(sum) = &mut self.experimental_report {
            for output in &outputs {
                if let CommandOutput::RunSchedule(report) = output {
                    sum.union(report.clone());
                }
            }
        }
        Ok(outputs.iter().map(term::print).filter(|text| !text.is_empty()).collect())
    }

    /// Statistics of the runs so far.
    pub fn report(&self) -> &RunReport {
        self.experimental_report.as_ref().unwrap_or_else(|| self.egraph.get_overall_run_report())
    }

    /// Inserts entries and rebuilds. Nothing is inserted when an entry is malformed.
    pub fn insert(&mut self, entries: &Array) -> Result<Vec<u32>, Failure> {
        let batch = insert::read(&self.egraph, entries)?;
        let values = insert::apply(&mut self.egraph, &batch)?;
        // `update` inside `apply` merges, but leaves a failed merge for the next run to report.
        let settled = self.egraph.step_rules(EMPTY_RULESET);
        primitive::take_exception()?;
        settled?;
        Ok(values)
    }

    /// Canonical values of e-classes.
    pub fn find(&self, sort: &str, values: &[u32]) -> Result<Vec<u32>, Failure> {
        let Some(found) = self.egraph.get_sort_by_name(sort) else {
            return Err(Failure::Usage(format!("find: there is no sort {sort}")));
        };
        if !found.is_eq_sort() {
            return Err(Failure::Usage(format!("find: {sort} is not a sort of e-classes")));
        }
        Ok(values.iter().map(|value| canonical(&self.egraph, found, Value::new_const(*value)).rep()).collect())
    }

    /// The e-graph as JSON in the format of egraph-serialize.
    pub fn serialize(&self) -> Result<String, Failure> {
        let serialized = self.egraph.serialize(SerializeConfig::default());
        serde_json::to_string(&serialized.egraph).map_err(|error| Failure::Egglog {
            kind: "runtime",
            message: format!("serialize: {error}"),
            span: None,
        })
    }
}

/// The representative of an e-class. egglog's only public way to it goes through the class id of the serializer.
pub fn canonical(egraph: &EGraph, sort: &ArcSort, value: Value) -> Value {
    egraph.class_id_to_value(&egraph.value_to_class_id(sort, value))
}
