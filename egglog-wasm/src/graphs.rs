//! The table of live e-graphs.

use crate::failure::Failure;
use crate::graph::Graph;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// Handles are indices; `None` is a free slot, or an e-graph in use.
    static GRAPHS: RefCell<Vec<Option<Box<Graph>>>> = const { RefCell::new(Vec::new()) };
}

/// Stores an e-graph in the first free slot.
pub fn add(graph: Graph) -> u32 {
    GRAPHS.with_borrow_mut(|graphs| {
        let free = graphs.iter().position(Option::is_none).unwrap_or_else(|| {
            graphs.push(None);
            graphs.len() - 1
        });
        graphs[free] = Some(Box::new(graph));
        free as u32
    })
}

/// Takes an e-graph out of the table, which frees its slot.
pub fn remove(handle: u32) -> Option<Box<Graph>> {
    GRAPHS.with_borrow_mut(|graphs| graphs.get_mut(handle as usize)?.take())
}

/// Calls `action` with an e-graph, which is out of the table meanwhile: a callback that came back here would find
/// nothing instead of a second mutable reference. (`index.js` refuses such calls earlier.)
pub fn with<R>(handle: u32, action: impl FnOnce(&mut Graph) -> Result<R, Failure>) -> Result<R, JsValue> {
    let mut graph = remove(handle).ok_or_else(|| Failure::Usage("this e-graph is not live".to_string()))?;
    let result = action(&mut graph);
    GRAPHS.with_borrow_mut(|graphs| graphs[handle as usize] = Some(graph));
    Ok(result?)
}
