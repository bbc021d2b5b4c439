//! The functions that `index.js` calls: one handle per e-graph, every failure a [`failure::Failure`].
//!
//! Modules in reading order:
//! - [`graphs`]: the table of live e-graphs behind the handles;
//! - [`graph`]: one e-graph: run, size, find, serialize;
//! - [`column`]: the sorts of egglog and their JavaScript counterparts, in both directions;
//! - [`insert`], [`snapshot`]: bulk input and output;
//! - [`primitive`]: primitives implemented by JavaScript callbacks;
//! - [`report`], [`term`]: statistics, and printing of extracted terms;
//! - [`failure`], [`object`]: errors and plain objects as JavaScript values.

mod column;
mod failure;
mod graph;
mod graphs;
mod insert;
mod object;
mod primitive;
mod report;
mod snapshot;
mod term;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

/// Runs at instantiation. A Rust panic is thrown as a JavaScript value that names the place; the instance must not be
/// used afterwards, because nothing was unwound.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_val(failure::of_panic(info))));
}

/// Makes an e-graph and returns its handle. `experimental` adds the commands of egglog-experimental.
#[wasm_bindgen]
pub fn create(experimental: bool) -> Result<u32, JsValue> {
    Ok(graphs::add(graph::Graph::new(experimental)?))
}

/// Drops an e-graph. A handle that is not live is ignored.
#[wasm_bindgen]
pub fn destroy(handle: u32) {
    graphs::remove(handle);
}

#[wasm_bindgen]
pub fn run(handle: u32, program: &str) -> Result<Vec<String>, JsValue> {
    graphs::with(handle, |graph| graph.run(program))
}

#[wasm_bindgen]
pub fn insert(handle: u32, entries: Array) -> Result<Vec<u32>, JsValue> {
    graphs::with(handle, |graph| graph.insert(&entries))
}

/// `{ functions, literals, globals, rows }`; see `Snapshot` in index.d.ts.
#[wasm_bindgen]
pub fn snapshot(handle: u32) -> Result<JsValue, JsValue> {
    graphs::with(handle, |graph| snapshot::take(&graph.egraph))
}

#[wasm_bindgen]
pub fn find(handle: u32, sort: &str, values: &[u32]) -> Result<Vec<u32>, JsValue> {
    graphs::with(handle, |graph| graph.find(sort, values))
}

#[wasm_bindgen]
pub fn size(handle: u32) -> Result<usize, JsValue> {
    graphs::with(handle, |graph| Ok(graph.egraph.num_tuples()))
}

#[wasm_bindgen]
pub fn serialize(handle: u32) -> Result<String, JsValue> {
    graphs::with(handle, |graph| graph.serialize())
}

#[wasm_bindgen]
pub fn primitive(
    handle: u32,
    name: &str,
    inputs: Vec<String>,
    output: &str,
    callback: Function,
) -> Result<(), JsValue> {
    graphs::with(handle, |graph| primitive::register(&mut graph.egraph, name, &inputs, output, callback))
}

/// `{ rules, rulesets, iterations }`; see `Report` in index.d.ts.
#[wasm_bindgen]
pub fn report(handle: u32) -> Result<JsValue, JsValue> {
    graphs::with(handle, |graph| Ok(report::of(graph.report())))
}

/// Bytes of linear memory: it grows and never shrinks.
#[wasm_bindgen]
pub fn memory_bytes() -> f64 {
    const PAGE: f64 = 65536.0;
    core::arch::wasm32::memory_size(0) as f64 * PAGE
}
