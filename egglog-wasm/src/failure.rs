//! Errors on their way to JavaScript, where `index.js` makes an `EgglogError` of them.

use crate::object::object;
use egglog::ast::{ParseError, Span};
use egglog::{Error, TypeError};
use js_sys::Array;
use std::panic::PanicHookInfo;
use wasm_bindgen::JsValue;

pub enum Failure {
    /// Refused by egglog: `kind` is one of the kinds that `EgglogError` documents.
    Egglog { kind: &'static str, message: String, span: Option<Span> },
    /// Wrong arguments of a call.
    Usage(String),
    /// Thrown by a JavaScript callback: handed on unchanged.
    Thrown(JsValue),
}

/// `[kind, message, span]`, or `["thrown", exception]`.
impl From<Failure> for JsValue {
    fn from(failure: Failure) -> JsValue {
        match failure {
            Failure::Egglog { kind, message, span } => tuple(kind, &message, span.as_ref().and_then(span_object)),
            Failure::Usage(message) => tuple("usage", &message, None),
            Failure::Thrown(exception) => Array::of2(&"thrown".into(), &exception).into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let (kind, span) = classify(&error);
        let span = span.cloned();
        Failure::Egglog { kind, message: error.to_string(), span }
    }
}

/// What the panic hook throws.
pub fn of_panic(info: &PanicHookInfo<'_>) -> JsValue {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
    tuple("panic", &format!("{message}{place}"), None)
}

fn tuple(kind: &str, message: &str, span: Option<JsValue>) -> JsValue {
    Array::of3(&kind.into(), &message.into(), &span.unwrap_or(JsValue::UNDEFINED)).into()
}

fn classify(error: &Error) -> (&'static str, Option<&Span>) {
    match error {
        Error::ParseError(ParseError(span, _)) => ("syntax", Some(span)),
        Error::DesugarError(span, _) => ("syntax", Some(span)),
        Error::TypeError(error) => ("type", span_of_type_error(error)),
        Error::TypeErrors(errors) => ("type", errors.first().and_then(span_of_type_error)),
        Error::NoSuchRuleset(_, span)
        | Error::CombinedRulesetError(_, span)
        | Error::SubsumeMergeError(_, span)
        | Error::Shadowing(_, span, _)
        | Error::CommandAlreadyExists(_, span)
        | Error::RuleAlreadyExists(_, span)
        | Error::UnsupportedInputType(_, span) => ("type", Some(span)),
        Error::CheckError(_, span) | Error::ExpectFail(span) => ("check", Some(span)),
        Error::Pop(span) | Error::IoError(_, _, span) | Error::ProofError { span, .. } => ("runtime", Some(span)),
        Error::NotFoundError(_)
        | Error::ApiError(_)
        | Error::BackendError(_)
        | Error::ExtractError(_)
        | Error::InputFileFormatError(_)
        | Error::UnsupportedProofCommand { .. }
        | Error::ProofsIncompatibleApi { .. } => ("runtime", None),
    }
}

fn span_of_type_error(error: &TypeError) -> Option<&Span> {
    use TypeError::*;
    match error {
        Arity { expr, .. } | Mismatch { expr, .. } | InferenceFailure(expr) => Some(span_of_expr(expr)),
        Unbound(_, span)
        | Ungrounded(_, span)
        | UndefinedSort(_, span)
        | UnboundFunction(_, span)
        | ProveExistsRequiresConstructor(_, span)
        | FunctionAlreadyBound(_, span)
        | SortAlreadyBound(_, span)
        | PrimitiveAlreadyBound(_, span)
        | PresortNotFound(_, span)
        | BadPresortArguments(_, span)
        | AlreadyDefined(_, span)
        | ConstructorOutputNotSort(_, span)
        | LookupInRuleDisallowed(_, span)
        | SetConstructorDisallowed(_, span)
        | NonEqsortUnion(_, span)
        | NonUnionableSort(_, span)
        | TermConstructorNoInputs(_, span)
        | NonGlobalPrefixed { span, .. }
        | GlobalMissingPrefix { span, .. }
        | AmbiguousPrimitive { span, .. }
        | UnresolvedPrimitive { span, .. } => Some(span),
        AllAlternativeFailed(errors) => errors.first().and_then(span_of_type_error),
        FunctionTypeMismatch(..) => None,
    }
}

fn span_of_expr(expr: &egglog::ast::Expr) -> &Span {
    use egglog::ast::GenericExpr::{Call, Lit, Var};
    match expr {
        Lit(span, _) | Var(span, _) | Call(span, _, _) => span,
    }
}

/// `{ start, end, text }`; see `SourceSpan` in index.d.ts. None for spans outside the program.
fn span_object(span: &Span) -> Option<JsValue> {
    let Span::Egglog(span) = span else { return None };
    let position = |offset: usize| {
        let (line, column) = span.file.get_location(offset);
        object([("line", line.into()), ("column", column.into())])
    };
    let last = span.j.saturating_sub(1).max(span.i);
    Some(object([
        ("start", position(span.i)),
        ("end", position(last)),
        ("text", span.file.contents.get(span.i..span.j).unwrap_or_default().into()),
    ]))
}
