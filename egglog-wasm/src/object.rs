//! Plain JavaScript objects.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// An object literal with these properties.
pub fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let target = Object::new();
    for (name, value) in properties {
        // Cannot fail: the target is a fresh, extensible object.
        let _ = Reflect::set(&target, &name.into(), &value);
    }
    target.into()
}

/// A short description of a value for error messages: its type, and the value itself where that is short.
pub fn describe(value: &JsValue) -> String {
    if js_sys::Array::is_array(value) {
        return "an array".to_string();
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    match kind.as_str() {
        "number" | "boolean" => format!("the {kind} {value:?}")
            .replace("JsValue(", "")
            .replace(')', ""),
        "bigint" => "a bigint".to_string(),
        "string" => {
            let text = value.as_string().unwrap_or_default();
            let short: String = text.chars().take(40).collect();
            if short.len() < text.len() { format!("the string {short:?}…") } else { format!("the string {short:?}") }
        }
        "object" if value.is_null() => "null".to_string(),
        "undefined" => kind,
        _ => format!("a value of type {kind}"),
    }
}
