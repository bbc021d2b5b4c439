//! Printing the outputs of commands.

use egglog::{CommandOutput, Term, TermDag, TermId};
use std::fmt::Write;

/// Terms above this number of nodes, counted as trees, are printed with `let`s.
const MAX_TREE: f64 = 1e5;

/// What a command prints, without the line end; empty for commands that print nothing.
pub fn print(output: &CommandOutput) -> String {
    match output {
        CommandOutput::ExtractBest(terms, _, root) if tree_size(terms, *root) > MAX_TREE => lets(terms, *root),
        output => output.to_string().trim_end().to_string(),
    }
}

/// Nodes of a term as a tree: shared terms count each time they are used, so this can be exponential in the graph.
fn tree_size(terms: &TermDag, root: TermId) -> f64 {
    let mut sizes = vec![0.0; terms.size()];
    for id in reachable(terms, root) {
        sizes[id] = 1.0 + children(terms, id).iter().map(|child| sizes[*child]).sum::<f64>();
    }
    sizes[root]
}

/// A term as `(let t1 (f …))` lines, one for each distinct call, and the name of the root.
fn lets(terms: &TermDag, root: TermId) -> String {
    let mut text = String::new();
    for id in reachable(terms, root) {
        let Term::App(function, arguments) = terms.get(id) else { continue };
        let _ = write!(text, "(let t{id} ({function}");
        for argument in arguments {
            let _ = match terms.get(*argument) {
                Term::App(..) => write!(text, " t{argument}"),
                _ => write!(text, " {}", terms.to_string(*argument)),
            };
        }
        text.push_str("))\n");
    }
    let _ = write!(text, "t{root}");
    text
}

/// The terms below a root and itself, children first (a term's id is larger than its children's).
fn reachable(terms: &TermDag, root: TermId) -> Vec<TermId> {
    let mut seen = vec![false; terms.size()];
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        if !std::mem::replace(&mut seen[id], true) {
            stack.extend(children(terms, id));
        }
    }
    (0..seen.len()).filter(|id| seen[*id]).collect()
}

fn children(terms: &TermDag, id: TermId) -> &[TermId] {
    match terms.get(id) {
        Term::App(_, arguments) => arguments,
        _ => &[],
    }
}
