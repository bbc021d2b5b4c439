//! Plain JavaScript objects.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// Characters of a string that an error message shows.
const MAX_TEXT: usize = 40;

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
    if let Some(number) = value.as_f64() {
        return format!("the number {number}");
    }
    if let Some(boolean) = value.as_bool() {
        return format!("the boolean {boolean}");
    }
    if let Some(text) = value.as_string() {
        let short: String = text.chars().take(MAX_TEXT).collect();
        return format!("the string {short:?}{}", if short.len() < text.len() { "…" } else { "" });
    }
    match value.js_typeof().as_string().unwrap_or_default().as_str() {
        _ if Array::is_array(value) => "an array".to_string(),
        _ if value.is_null() => "null".to_string(),
        "undefined" => "undefined".to_string(),
        "object" => "an object".to_string(),
        kind => format!("a {kind}"),
    }
}
