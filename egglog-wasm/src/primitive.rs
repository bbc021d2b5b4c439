//! Primitives implemented by JavaScript callbacks.

use crate::column::{Column, Datum};
use crate::failure::Failure;
use crate::object::describe;
use egglog::ast::Span;
use egglog::constraint::{SimpleTypeConstraint, TypeConstraint};
use egglog::{ArcSort, Core, EGraph, Primitive, PurePrim, PureState, TypeInfo, Value};
use js_sys::{Array, Function};
use std::cell::RefCell;
use std::sync::Arc;
use wasm_bindgen::JsValue;

thread_local! {
    /// The first exception of a callback in this run. Callbacks are not called again until it was taken.
    static EXCEPTION: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Fails with the exception that a callback threw since the last call, if any.
pub fn take_exception() -> Result<(), Failure> {
    EXCEPTION.take().map_or(Ok(()), |exception| Err(Failure::Thrown(exception)))
}

/// Registers a pure primitive. The name may be one of egglog's primitives with other sorts.
pub fn register(
    egraph: &mut EGraph,
    name: &str,
    inputs: &[String],
    output: &str,
    callback: Function,
) -> Result<(), Failure> {
    let usage = |error: &str| Failure::Usage(format!("primitive {name}: {error}"));
    if egraph.get_function(name).is_some() {
        return Err(usage("a constructor or function has this name"));
    }
    let sort = |sort: &String| {
        let found = egraph.get_sort_by_name(sort);
        found.cloned().ok_or_else(|| usage(&format!("there is no sort {sort}")))
    };
    let mut sorts = inputs.iter().map(sort).collect::<Result<Vec<_>, _>>()?;
    sorts.push(sort(&output.to_string())?);

    let types: &TypeInfo = egraph.type_info();
    let existing = types.get_prims(name).unwrap_or_default();
    if existing.iter().any(|primitive| primitive.accept(&sorts, types)) {
        return Err(usage("it has a definition for these sorts"));
    }
    let mut columns: Vec<Column> = sorts.iter().map(Column::of).collect();
    let Some(output) = columns.pop() else { return Err(usage("it needs an output sort")) };
    let definition = Definition { name: name.to_string(), inputs: columns, output, function: callback };
    egraph.add_pure_primitive(Callback(Arc::new(definition)), None);
    Ok(())
}

#[derive(Clone)]
struct Callback(Arc<Definition>);

struct Definition {
    name: String,
    inputs: Vec<Column>,
    output: Column,
    function: Function,
}

// SAFETY: wasm32-unknown-unknown without the threads feature has one thread, and the JavaScript function never leaves it.
unsafe impl Send for Definition {}
unsafe impl Sync for Definition {}

impl Primitive for Callback {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn get_type_constraints(&self, span: &Span) -> Box<dyn TypeConstraint> {
        let Definition { name, inputs, output, .. } = &*self.0;
        let sorts = inputs.iter().chain([output]).map(|column| column.sort.clone()).collect();
        SimpleTypeConstraint::new(name, sorts, span.clone()).into_box()
    }
}

impl PurePrim for Callback {
    /// None (the primitive does not apply) when the callback returns undefined, and when it throws: an exception must
    /// not cross egglog's frames, which could not unwind. It stops the search and waits for [`take_exception`].
    fn apply<'a, 'db>(&self, mut state: PureState<'a, 'db>, arguments: &[Value]) -> Option<Value> {
        if EXCEPTION.with_borrow(Option::is_some) {
            state.trigger_early_stop();
            return None;
        }
        match self.0.call(&state, arguments) {
            Ok(datum) => datum.map(|datum| self.0.output.intern(&mut state, &datum, &[])),
            Err(exception) => {
                EXCEPTION.set(Some(exception));
                state.trigger_early_stop();
                None
            }
        }
    }
}

impl Definition {
    fn call(&self, state: &PureState<'_, '_>, arguments: &[Value]) -> Result<Option<Datum>, JsValue> {
        let columns = self.inputs.iter().zip(arguments);
        let arguments: Array = columns.map(|(column, value)| column.write(state, *value)).collect();
        let result = self.function.apply(&JsValue::UNDEFINED, &arguments)?;
        if result.is_undefined() {
            return Ok(None);
        }
        let datum = self.output.read(&result, &class);
        datum
            .map(Some)
            .map_err(|error| js_sys::TypeError::new(&format!("primitive {}: result: {error}", self.name)).into())
    }
}

/// E-classes come to a callback as numbers and go back as such.
fn class(sort: &ArcSort, value: &JsValue) -> Result<Datum, String> {
    match value.as_f64() {
        Some(number) if number >= 0.0 && number.fract() == 0.0 && number < f64::from(u32::MAX) => {
            Ok(Datum::Class(Value::new_const(number as u32)))
        }
        _ => Err(format!("{} expects a value of an e-class, got {}", sort.name(), describe(value))),
    }
}
