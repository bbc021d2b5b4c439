//! The whole e-graph as flat data.

use crate::column::Column;
use crate::failure::Failure;
use crate::object::object;
use egglog::ast::FunctionSubtype;
use egglog::{EGraph, Function, Read, Value};
use egglog_numeric_id::NumericId;
use js_sys::{Array, Map, Uint32Array};
use std::collections::{HashMap, HashSet};
use wasm_bindgen::JsValue;

/// `{ functions, literals, globals, rows }`, where rows = [function, subsumed, ...arguments, output]*.
pub fn take(egraph: &EGraph) -> Result<JsValue, Failure> {
    let tables: Vec<Table> = egraph
        .functions_iter()
        .map(|(_, function)| function)
        .filter(|function| !function.is_let_binding() && !function.is_hidden())
        .map(Table::of)
        .collect();
    let mut rows = Vec::new();
    let mut literals = Literals::default();
    egraph.read(|state| {
        for (index, table) in tables.iter().enumerate() {
            table.each_row(&state, |inputs, output, subsumed| {
                rows.extend([index as u32, u32::from(subsumed)]);
                for (column, value) in table.columns.iter().zip(inputs.iter().chain([&output])) {
                    rows.push(value.rep());
                    literals.note(&state, column, *value);
                }
            })?;
        }
        Ok::<(), egglog::Error>(())
    })?;
    Ok(object([
        ("functions", tables.iter().map(Table::describe).collect::<Array>().into()),
        ("literals", literals.into_map().into()),
        ("globals", globals(egraph)?.into()),
        ("rows", Uint32Array::from(rows.as_slice()).into()),
    ]))
}

struct Table<'e> {
    function: &'e Function,
    constructor: bool,
    /// The inputs, then the output.
    columns: Vec<Column>,
}

impl<'e> Table<'e> {
    fn of(function: &'e Function) -> Table<'e> {
        let schema = function.func_type();
        Table {
            function,
            constructor: schema.subtype == FunctionSubtype::Constructor,
            columns: schema.input.iter().chain([&schema.output]).map(Column::of).collect(),
        }
    }

    fn describe(&self) -> JsValue {
        let schema = self.function.func_type();
        object([
            ("name", self.function.name().into()),
            ("inputs", schema.input.iter().map(|sort| JsValue::from(sort.name())).collect::<Array>().into()),
            ("output", schema.output.name().into()),
            ("constructor", self.constructor.into()),
        ])
    }

    fn each_row<'a, 'db: 'a>(
        &self,
        state: &impl Read<'a, 'db>,
        mut visit: impl FnMut(&[Value], Value, bool),
    ) -> Result<(), egglog::Error> {
        let name = self.function.name();
        if self.constructor {
            state.constructor_enodes(name, |node| visit(node.children, node.eclass, node.subsumed))
        } else {
            state.function_entries(name, |entry| visit(entry.inputs, entry.output, entry.subsumed))
        }
    }
}

/// Sort name -> value -> literal, for the sorts whose values are not e-classes.
#[derive(Default)]
struct Literals {
    sorts: HashMap<String, (Map, HashSet<Value>)>,
}

impl Literals {
    fn note<'a, 'db: 'a>(&mut self, state: &impl Read<'a, 'db>, column: &Column, value: Value) {
        if column.is_class() {
            return;
        }
        let name = column.sort.name();
        if !self.sorts.contains_key(name) {
            self.sorts.insert(name.to_string(), (Map::new(), HashSet::new()));
        }
        if let Some((map, seen)) = self.sorts.get_mut(name)
            && seen.insert(value)
        {
            map.set(&value.rep().into(), &column.write(state, value));
        }
    }

    fn into_map(self) -> Map {
        let all = Map::new();
        for (name, (map, _)) in self.sorts {
            all.set(&name.into(), &map);
        }
        all
    }
}

/// Name -> `{ sort, value }` for `(let name …)`; the value is the JavaScript counterpart, a number for e-classes.
fn globals(egraph: &EGraph) -> Result<Map, Failure> {
    let found = Map::new();
    for (name, function) in egraph.functions_iter().filter(|(_, function)| function.is_let_binding()) {
        let table = Table::of(function);
        let sort = &function.func_type().output;
        egraph.read(|state| {
            table.each_row(&state, |_, output, _| {
                let value = Column::of(sort).write(&state, output);
                found.set(&name.into(), &object([("sort", sort.name().into()), ("value", value)]));
            })
        })?;
    }
    Ok(found)
}
