//! What may be called with what.

use crate::kinds::Kind;

/// A function of CEL's standard library.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Whether it is called as `f(x, y)`.
    pub(crate) global: bool,
    /// Whether it is called as `x.f(y)`.
    pub(crate) member: bool,
    /// Kinds that each argument may have, the receiver first.
    pub(crate) takes: &'static [&'static [Kind]],
    pub(crate) gives: Kind,
}

const SIZED: &[Kind] = &[Kind::Text, Kind::List(&Kind::Any), Kind::Map, Kind::Bytes];
const NUMBERS: &[Kind] = &[Kind::Int, Kind::UInt, Kind::Double, Kind::Text];
const PLAIN: &[Kind] = &[
    Kind::Text,
    Kind::Bool,
    Kind::Int,
    Kind::UInt,
    Kind::Double,
    Kind::Bytes,
];
const TWO_TEXTS: &[&[Kind]] = &[&[Kind::Text], &[Kind::Text]];

/// Every function that a condition may call.
pub(crate) const FUNCTIONS: &[Function] = &[
    either("size", &[SIZED], Kind::Int),
    member("contains", TWO_TEXTS, Kind::Bool),
    member("startsWith", TWO_TEXTS, Kind::Bool),
    member("endsWith", TWO_TEXTS, Kind::Bool),
    either(MATCHES, TWO_TEXTS, Kind::Bool),
    global("int", &[NUMBERS], Kind::Int),
    global("double", &[NUMBERS], Kind::Double),
    global("uint", &[NUMBERS], Kind::UInt),
    global("string", &[PLAIN], Kind::Text),
    global("bool", &[&[Kind::Bool, Kind::Text]], Kind::Bool),
];

/// The one function whose second argument must be written out: it is compiled beforehand.
pub(crate) const MATCHES: &str = "matches";

const fn global(name: &'static str, takes: &'static [&'static [Kind]], gives: Kind) -> Function {
    Function {
        name,
        global: true,
        member: false,
        takes,
        gives,
    }
}

const fn member(name: &'static str, takes: &'static [&'static [Kind]], gives: Kind) -> Function {
    Function {
        name,
        global: false,
        member: true,
        takes,
        gives,
    }
}

const fn either(name: &'static str, takes: &'static [&'static [Kind]], gives: Kind) -> Function {
    Function {
        name,
        global: true,
        member: true,
        takes,
        gives,
    }
}

/// Returns the function of this name.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
