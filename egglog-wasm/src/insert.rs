//! Bulk insertion: `[constructor, ...arguments]`, `["set", function, [arguments], value]`, `["union", a, b]`.

use crate::column::{Column, Datum};
use crate::failure::Failure;
use crate::graph::canonical;
use crate::object::describe;
use egglog::ast::FunctionSubtype;
use egglog::{ArcSort, EGraph, RawValues, Value, Write};
use egglog_numeric_id::NumericId;
use js_sys::{Array, Reflect};
use std::collections::HashMap;
use std::collections::hash_map;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// In the result, the place of an entry that makes no node.
const NO_VALUE: u32 = u32::MAX;

/// Entries that were checked against the e-graph's declarations.
pub struct Batch {
    entries: Vec<Entry>,
}

enum Entry {
    Add { table: Rc<Table>, arguments: Vec<Datum> },
    Set { table: Rc<Table>, arguments: Vec<Datum>, value: Datum },
    Union(Datum, Datum),
}

struct Table {
    name: String,
    constructor: bool,
    inputs: Vec<Column>,
    output: Column,
}

/// Checks all entries; the error names the entry, its function and the argument.
pub fn read(egraph: &EGraph, entries: &Array) -> Result<Batch, Failure> {
    let mut reader = Reader { egraph, tables: HashMap::new(), entries: Vec::with_capacity(entries.length() as usize) };
    for (index, entry) in entries.iter().enumerate() {
        let entry = reader.entry(&entry).map_err(|error| Failure::Usage(format!("insert: entry {index}{error}")))?;
        reader.entries.push(entry);
    }
    Ok(Batch { entries: reader.entries })
}

/// Performs the entries and returns the class of each.
pub fn apply(egraph: &mut EGraph, batch: &Batch) -> Result<Vec<u32>, Failure> {
    let values = egraph.update(|mut state| {
        let mut nodes: Vec<Value> = Vec::with_capacity(batch.entries.len());
        for entry in &batch.entries {
            let mut value = Value::new_const(NO_VALUE);
            match entry {
                Entry::Add { table, arguments } => {
                    let row = table.row(&mut state, arguments, &nodes);
                    value = state.add(&table.name, RawValues(row))?;
                }
                Entry::Set { table, arguments, value } => {
                    let row = table.row(&mut state, arguments, &nodes);
                    let value = table.output.intern(&mut state, value, &nodes);
                    state.set(&table.name, RawValues(row), value)?;
                }
                Entry::Union(a, b) => {
                    let class = |datum: &Datum| match datum {
                        Datum::Node(index) => nodes[*index],
                        Datum::Class(value) => *value,
                        _ => unreachable!("`class` makes nodes and classes only"),
                    };
                    state.union(class(a), class(b))?;
                }
            }
            nodes.push(value);
        }
        Ok(nodes)
    })?;
    Ok(values.into_iter().map(NumericId::rep).collect())
}

impl Table {
    fn row(&self, state: &mut egglog::FullState<'_, '_>, arguments: &[Datum], nodes: &[Value]) -> Vec<Value> {
        let columns = self.inputs.iter().zip(arguments);
        columns.map(|(column, datum)| column.intern(state, datum, nodes)).collect()
    }
}

struct Reader<'e> {
    egraph: &'e EGraph,
    tables: HashMap<String, Rc<Table>>,
    entries: Vec<Entry>,
}

/// Errors start with `" (name)"` or with `": "`: the caller puts `entry N` before them.
impl Reader<'_> {
    fn entry(&mut self, entry: &JsValue) -> Result<Entry, String> {
        if !Array::is_array(entry) {
            return Err(format!(": expected an array, got {}", describe(entry)));
        }
        let entry: &Array = entry.unchecked_ref();
        let head = entry.get(0);
        let Some(head) = head.as_string() else {
            return Err(format!(": expected the name of a constructor first, got {}", describe(&head)));
        };
        match head.as_str() {
            "set" => self.set(entry),
            "union" => self.union(entry),
            name => self.add(name, entry),
        }
    }

    fn add(&mut self, name: &str, entry: &Array) -> Result<Entry, String> {
        let table = self.table(name)?;
        if !table.constructor {
            return Err(format!(" ({name}): {name} is a function: use [\"set\", \"{name}\", arguments, value]"));
        }
        let arguments = self.arguments(&table, &entry.slice(1, entry.length()))?;
        Ok(Entry::Add { table, arguments })
    }

    fn set(&mut self, entry: &Array) -> Result<Entry, String> {
        let (name, arguments) = (entry.get(1), entry.get(2));
        let (Some(name), true, 4) = (name.as_string(), Array::is_array(&arguments), entry.length()) else {
            return Err(" (set): expected [\"set\", function, [arguments], value]".to_string());
        };
        let table = self.table(&name)?;
        if table.constructor {
            return Err(format!(" (set {name}): {name} is a constructor: use [\"{name}\", ...arguments]"));
        }
        let arguments = self.arguments(&table, arguments.unchecked_ref())?;
        let value = table
            .output
            .read(&entry.get(3), &|sort, value| self.class(Some(sort), value))
            .map_err(|error| format!(" (set {name}): value: {error}"))?;
        Ok(Entry::Set { table, arguments, value })
    }

    fn union(&self, entry: &Array) -> Result<Entry, String> {
        if entry.length() != 3 {
            return Err(" (union): expected [\"union\", a, b]".to_string());
        }
        let argument = |index: u32, sort: Option<&ArcSort>| {
            let found = self.class(sort, &entry.get(index));
            found.map_err(|error| format!(" (union): argument {}: {error}", index - 1))
        };
        let a = argument(1, None)?;
        let b = argument(2, self.sort_of(&a))?;
        Ok(Entry::Union(a, b))
    }

    fn arguments(&self, table: &Table, arguments: &Array) -> Result<Vec<Datum>, String> {
        let (name, arity) = (&table.name, table.inputs.len());
        if arguments.length() as usize != arity {
            return Err(format!(" ({name}): expected {arity} arguments, got {}", arguments.length()));
        }
        let columns = table.inputs.iter().zip(arguments.iter()).enumerate();
        let read = |(index, (column, value)): (usize, (&Column, JsValue))| {
            let datum = column.read(&value, &|sort, value| self.class(Some(sort), value));
            datum.map_err(|error| format!(" ({name}): argument {index}: {error}"))
        };
        columns.map(read).collect()
    }

    /// An e-class: the index of an earlier entry, or `{ value }` with a value from earlier.
    fn class(&self, sort: Option<&ArcSort>, value: &JsValue) -> Result<Datum, String> {
        let expected = sort.map_or("an e-class", |sort| sort.name());
        if let Some(number) = value.as_f64() {
            let index = number as usize;
            let known = number >= 0.0 && number.fract() == 0.0 && index < self.entries.len();
            let Some(found) = known.then(|| &self.entries[index]) else {
                return Err(format!("{expected} expects the index of an earlier entry, got {number}"));
            };
            let Entry::Add { table, .. } = found else {
                return Err(format!("{expected} expects a node, and entry {index} makes none"));
            };
            let actual = table.output.sort.name();
            if sort.is_some_and(|sort| sort.name() != actual) {
                return Err(format!("{expected} expects a node of its sort, and entry {index} is a {actual}"));
            }
            return Ok(Datum::Node(index));
        }
        let inner = if value.is_object() { Reflect::get(value, &"value".into()).ok() } else { None };
        match inner.and_then(|inner| inner.as_f64()) {
            Some(number) if number >= 0.0 && number.fract() == 0.0 && number < f64::from(NO_VALUE) => {
                let class = Value::new_const(number as u32);
                Ok(Datum::Class(sort.map_or(class, |sort| canonical(self.egraph, sort, class))))
            }
            _ => {
                Err(format!("{expected} expects the index of an earlier entry or {{ value }}, got {}", describe(value)))
            }
        }
    }

    fn sort_of(&self, datum: &Datum) -> Option<&ArcSort> {
        let Datum::Node(index) = datum else { return None };
        let Entry::Add { table, .. } = &self.entries[*index] else { return None };
        Some(&table.output.sort)
    }

    fn table(&mut self, name: &str) -> Result<Rc<Table>, String> {
        let place = match self.tables.entry(name.to_string()) {
            hash_map::Entry::Occupied(found) => return Ok(found.get().clone()),
            hash_map::Entry::Vacant(place) => place,
        };
        let function = self.egraph.get_function(name).filter(|function| !function.is_let_binding());
        let Some(function) = function else {
            return Err(format!(" ({name}): no constructor or function has this name"));
        };
        let schema = function.func_type();
        let table = Table {
            name: name.to_string(),
            constructor: schema.subtype == FunctionSubtype::Constructor,
            inputs: schema.input.iter().map(Column::of).collect(),
            output: Column::of(&schema.output),
        };
        Ok(place.insert(Rc::new(table)).clone())
    }
}
