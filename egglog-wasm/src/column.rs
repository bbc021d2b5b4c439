//! The sorts of egglog and their JavaScript counterparts.
//!
//! | sort | JavaScript |
//! | --- | --- |
//! | a sort of e-classes | number: the value of the class (a node id in `insert`) |
//! | `i64` | number if it is a safe integer, else bigint |
//! | `f64`, `String`, `bool`, `Unit` | number, string, boolean, null |
//! | `BigInt` | bigint |
//! | `Vec`, `Set`, `MultiSet` | array |
//! | `Pair` | array of two; read only |
//! | `Map` | array of `[key, value]`; read only |
//! | others (`BigRat`, functions, …) | string: the value as egglog prints it; read only |

use crate::object::describe;
use egglog::sort::{F, MapContainer, MultiSetContainer, OrderedFloat, PairContainer, S, SetContainer, VecContainer, Z};
use egglog::{ArcSort, Core, TermDag, Value};
use egglog_numeric_id::NumericId;
use js_sys::{Array, BigInt, Number};
use std::any::TypeId;
use wasm_bindgen::{JsCast, JsValue};

/// A column of a table, or an element of a container.
pub struct Column {
    pub sort: ArcSort,
    kind: Kind,
}

enum Kind {
    Class,
    I64,
    F64,
    String,
    Bool,
    Unit,
    BigInt,
    Vec(Box<Column>),
    Set(Box<Column>),
    MultiSet(Box<Column>),
    Pair(Box<[Column; 2]>),
    Map(Box<[Column; 2]>),
    Opaque,
}

/// What JavaScript gave for a column, checked, and not yet known to the e-graph.
pub enum Datum {
    /// The class of an earlier entry of the same batch.
    Node(usize),
    Class(Value),
    I64(i64),
    F64(f64),
    String(String),
    Bool(bool),
    Unit,
    BigInt(Z),
    Items(Vec<Datum>),
}

impl Column {
    pub fn of(sort: &ArcSort) -> Column {
        Column { kind: Kind::of(sort), sort: sort.clone() }
    }

    pub fn is_class(&self) -> bool {
        matches!(self.kind, Kind::Class)
    }

    /// Checks a JavaScript value against the sort. `class` reads the values of e-classes: what they look like differs
    /// between callers. The error says what was expected, and not where.
    pub fn read(
        &self,
        value: &JsValue,
        class: &dyn Fn(&ArcSort, &JsValue) -> Result<Datum, String>,
    ) -> Result<Datum, String> {
        let expected = |what: &str| format!("{} expects {what}, got {}", self.sort.name(), describe(value));
        match &self.kind {
            Kind::Class => class(&self.sort, value),
            Kind::I64 => read_i64(value).map(Datum::I64).ok_or_else(|| expected("a safe integer or a 64-bit bigint")),
            Kind::F64 => value.as_f64().map(Datum::F64).ok_or_else(|| expected("a number")),
            Kind::String => value.as_string().map(Datum::String).ok_or_else(|| expected("a string")),
            Kind::Bool => value.as_bool().map(Datum::Bool).ok_or_else(|| expected("a boolean")),
            Kind::Unit if value.is_null() => Ok(Datum::Unit),
            Kind::Unit => Err(expected("null")),
            Kind::BigInt => read_bigint(value).map(Datum::BigInt).ok_or_else(|| expected("a bigint")),
            Kind::Vec(element) | Kind::Set(element) | Kind::MultiSet(element) => {
                if !Array::is_array(value) {
                    return Err(expected("an array"));
                }
                let items = value.unchecked_ref::<Array>().iter().enumerate();
                let read =
                    |(index, item)| element.read(&item, class).map_err(|error| format!("element {index}: {error}"));
                items.map(read).collect::<Result<_, _>>().map(Datum::Items)
            }
            Kind::Pair(_) | Kind::Map(_) | Kind::Opaque => {
                Err(format!("values of sort {} cannot come from JavaScript", self.sort.name()))
            }
        }
    }

    /// Makes a checked datum known to the e-graph. `nodes` holds the classes of the batch so far.
    pub fn intern<'a, 'db: 'a>(&self, state: &mut impl Core<'a, 'db>, datum: &Datum, nodes: &[Value]) -> Value {
        match (datum, &self.kind) {
            (Datum::Node(index), _) => nodes[*index],
            (Datum::Class(value), _) => *value,
            (Datum::I64(value), _) => state.base_to_value(*value),
            (Datum::F64(value), _) => state.base_to_value(F::from(OrderedFloat(*value))),
            (Datum::String(value), _) => state.base_to_value(S::new(value.clone())),
            (Datum::Bool(value), _) => state.base_to_value(*value),
            (Datum::Unit, _) => state.base_to_value(()),
            (Datum::BigInt(value), _) => state.base_to_value(value.clone()),
            (Datum::Items(items), Kind::Vec(element)) => {
                let data = items.iter().map(|item| element.intern(state, item, nodes)).collect();
                state.container_to_value(VecContainer { do_rebuild: self.sort.is_eq_container_sort(), data })
            }
            (Datum::Items(items), Kind::Set(element)) => {
                let data = items.iter().map(|item| element.intern(state, item, nodes)).collect();
                state.container_to_value(SetContainer { do_rebuild: self.sort.is_eq_container_sort(), data })
            }
            (Datum::Items(items), Kind::MultiSet(element)) => {
                let data = items.iter().map(|item| element.intern(state, item, nodes)).collect();
                state.container_to_value(MultiSetContainer { do_rebuild: self.sort.is_eq_container_sort(), data })
            }
            (Datum::Items(_), _) => unreachable!("`read` makes items for containers only"),
        }
    }

    /// The JavaScript counterpart of a value.
    pub fn write<'a, 'db: 'a>(&self, state: &impl Core<'a, 'db>, value: Value) -> JsValue {
        match &self.kind {
            Kind::Class => value.rep().into(),
            Kind::I64 => write_i64(state.value_to_base::<i64>(value)),
            Kind::F64 => state.value_to_base::<F>(value).0.0.into(),
            Kind::String => state.value_to_base::<S>(value).as_str().into(),
            Kind::Bool => state.value_to_base::<bool>(value).into(),
            Kind::Unit => JsValue::NULL,
            Kind::BigInt => write_bigint(&state.value_to_base::<Z>(value)),
            Kind::Vec(element) | Kind::Set(element) | Kind::MultiSet(element) => {
                self.inner(state, value).map(|item| element.write(state, item)).collect::<Array>().into()
            }
            Kind::Pair(columns) => {
                let both = columns.iter().zip(self.inner(state, value));
                both.map(|(column, item)| column.write(state, item)).collect::<Array>().into()
            }
            Kind::Map(columns) => {
                let flat: Vec<JsValue> = columns
                    .iter()
                    .cycle()
                    .zip(self.inner(state, value))
                    .map(|(column, item)| column.write(state, item))
                    .collect();
                flat.chunks_exact(2).map(|pair| Array::of2(&pair[0], &pair[1])).collect::<Array>().into()
            }
            Kind::Opaque if self.sort.is_container_sort() => {
                self.sort.serialized_name(state.container_values(), value).into()
            }
            Kind::Opaque => {
                let mut terms = TermDag::default();
                let term = self.sort.reconstruct_termdag_base(state.base_values(), value, &mut terms);
                terms.to_string(term).into()
            }
        }
    }

    /// The elements of a container value.
    fn inner<'a, 'db: 'a>(&self, state: &impl Core<'a, 'db>, value: Value) -> impl Iterator<Item = Value> {
        self.sort.inner_values(state.container_values(), value).into_iter().map(|(_, item)| item)
    }
}

impl Kind {
    fn of(sort: &ArcSort) -> Kind {
        if sort.is_eq_sort() {
            return Kind::Class;
        }
        let is = |id: TypeId| sort.value_type() == Some(id);
        if sort.is_container_sort() {
            let mut inner = sort.inner_sorts().into_iter().map(|sort| Column::of(&sort));
            return match (inner.next(), inner.next()) {
                (Some(element), None) if is(TypeId::of::<VecContainer>()) => Kind::Vec(Box::new(element)),
                (Some(element), None) if is(TypeId::of::<SetContainer>()) => Kind::Set(Box::new(element)),
                (Some(element), None) if is(TypeId::of::<MultiSetContainer>()) => Kind::MultiSet(Box::new(element)),
                (Some(a), Some(b)) if is(TypeId::of::<PairContainer>()) => Kind::Pair(Box::new([a, b])),
                (Some(a), Some(b)) if is(TypeId::of::<MapContainer>()) => Kind::Map(Box::new([a, b])),
                _ => Kind::Opaque,
            };
        }
        match sort.name() {
            "i64" => Kind::I64,
            "f64" => Kind::F64,
            "String" => Kind::String,
            "bool" => Kind::Bool,
            "Unit" => Kind::Unit,
            "BigInt" => Kind::BigInt,
            _ => Kind::Opaque,
        }
    }
}

const MAX_SAFE: f64 = Number::MAX_SAFE_INTEGER;

fn read_i64(value: &JsValue) -> Option<i64> {
    match value.as_f64() {
        Some(number) => (number.fract() == 0.0 && number.abs() <= MAX_SAFE).then_some(number as i64),
        None => i64::try_from(value.clone()).ok(),
    }
}

fn write_i64(value: i64) -> JsValue {
    if value.unsigned_abs() <= MAX_SAFE as u64 { (value as f64).into() } else { value.into() }
}

fn read_bigint(value: &JsValue) -> Option<Z> {
    let text = value.dyn_ref::<BigInt>()?.to_string(10).ok()?.as_string()?;
    text.parse().ok().map(Z::new)
}

fn write_bigint(value: &Z) -> JsValue {
    BigInt::new(&value.to_string().into()).map_or(JsValue::UNDEFINED, Into::into)
}
