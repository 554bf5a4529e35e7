//! Walks an expression, finds the kind of each part, and says what doesn't fit.
//!
//! What is known only of a document (a record's own fields, what custom stages said) is of any kind
//! and fits everywhere; a wrong guess about it is an error of that document when it is evaluated.

use std::collections::BTreeMap;

use cel::Program;
use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, MapExpr, SelectExpr,
    SourceInfo, operators,
};
use regex::Regex;

use crate::fault::Fault;
use crate::functions::{FUNCTIONS, Function, MATCHES, function};
use crate::kinds::{ENTITY_FIELDS, Kind};
use crate::variables::{VARIABLES, Variable, variable_named};

/// Patterns of `matches`, compiled, by their text.
pub(crate) type Patterns = BTreeMap<String, Regex>;

/// What was found out about an expression that is right.
pub(crate) struct Checked {
    pub(crate) reads: Vec<&'static Variable>,
    pub(crate) patterns: Patterns,
}

/// A walk through one expression.
pub(crate) struct Inference<'a> {
    source: &'a str,
    places: &'a SourceInfo,
    /// Variables of `exists(name, ...)` and its like, the innermost last.
    scope: Vec<(&'a str, Kind)>,
    read: Vec<&'static str>,
    patterns: Patterns,
    faults: Vec<Fault>,
}

impl<'a> Inference<'a> {
    /// Checks that `program` is a condition.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(crate) fn check(program: &'a Program, source: &'a str) -> Result<Checked, Vec<Fault>> {
        let mut walk = Self {
            source,
            places: program.source_info(),
            scope: Vec::new(),
            read: Vec::new(),
            patterns: Patterns::new(),
            faults: Vec::new(),
        };
        let kind = walk.kind(program.expression());
        if !kind.fits(Kind::Bool) {
            let message = format!(
                "expected a condition, true or false; it gives {}",
                kind.name()
            );
            walk.faults.push(Fault::new(message, None));
        }
        if !walk.faults.is_empty() {
            return Err(walk.faults);
        }
        let read = |variable: &&Variable| walk.read.contains(&variable.name);
        Ok(Checked {
            reads: VARIABLES.iter().filter(read).collect(),
            patterns: walk.patterns,
        })
    }

    fn kind(&mut self, expr: &'a IdedExpr) -> Kind {
        match &expr.expr {
            Expr::Unspecified => Kind::Any,
            Expr::Literal(literal) => literal_kind(literal),
            Expr::Ident(name) => self.variable(name, expr.id),
            Expr::Select(select) => self.select(select, expr.id),
            Expr::List(list) => {
                let kinds: Vec<_> = list.elements.iter().map(|item| self.kind(item)).collect();
                let same = kinds.into_iter().reduce(Kind::or);
                same.unwrap_or(Kind::Any).listed()
            }
            Expr::Map(map) => self.map(map),
            Expr::Struct(made) => {
                let message = format!("`{}` can't be made in a condition", made.type_name);
                self.fault(message, expr.id)
            }
            Expr::Call(call) => self.call(call, expr.id),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, expr.id),
        }
    }

    fn variable(&mut self, name: &'a str, id: u64) -> Kind {
        let scoped = self.scope.iter().rev().find(|(known, _)| *known == name);
        if let Some((_, kind)) = scoped {
            return *kind;
        }
        let Some(variable) = variable_named(name) else {
            let names = VARIABLES.iter().map(|variable| variable.name);
            let fault = Fault::unknown("variable", name, names, self.place(id));
            self.faults.push(fault);
            return Kind::Any;
        };
        self.read.push(variable.name);
        variable.kind
    }

    fn select(&mut self, select: &'a SelectExpr, id: u64) -> Kind {
        let kind = match self.kind(&select.operand) {
            Kind::Map | Kind::Any => Kind::Any,
            Kind::Entity => self.entity_field(&select.field, id),
            other => {
                let message = format!("{} has no fields, such as `{}`", other.name(), select.field);
                self.fault(message, id)
            }
        };
        if select.test { Kind::Bool } else { kind }
    }

    fn entity_field(&mut self, name: &str, id: u64) -> Kind {
        let field = ENTITY_FIELDS.iter().find(|(known, _)| *known == name);
        field.map_or_else(
            || {
                let names = ENTITY_FIELDS.iter().map(|(name, _)| *name);
                let fault = Fault::unknown("field of an entity", name, names, self.place(id));
                self.faults.push(fault);
                Kind::Any
            },
            |(_, kind)| *kind,
        )
    }

    fn map(&mut self, map: &'a MapExpr) -> Kind {
        for entry in &map.entries {
            match &entry.expr {
                EntryExpr::MapEntry(entry) => {
                    self.kind(&entry.key);
                    self.kind(&entry.value);
                }
                EntryExpr::StructField(field) => {
                    self.kind(&field.value);
                }
            }
        }
        Kind::Map
    }

    fn call(&mut self, call: &'a CallExpr, id: u64) -> Kind {
        let given: Vec<_> = call
            .target
            .as_deref()
            .into_iter()
            .chain(&call.args)
            .map(|argument| self.kind(argument))
            .collect();
        if let Some(result) = operator(&call.func_name, &given) {
            return result.unwrap_or_else(|message| self.fault(message, id));
        }
        let Some(function) = function(&call.func_name) else {
            let names = FUNCTIONS.iter().map(|function| function.name);
            let fault = Fault::unknown("function", &call.func_name, names, self.place(id));
            self.faults.push(fault);
            return Kind::Any;
        };
        if let Some(message) = misused(function, call.target.is_some(), &given) {
            return self.fault(message, id);
        }
        if function.name == MATCHES {
            self.pattern(call, id);
        }
        function.gives
    }

    /// Compiles the pattern of `matches`.
    fn pattern(&mut self, call: &'a CallExpr, id: u64) {
        let pattern = match call.args.last().map(|argument| &argument.expr) {
            Some(Expr::Literal(LiteralValue::String(pattern))) => pattern.inner(),
            _ => {
                let message = "the pattern of `matches` must be written out as a string";
                self.fault(message, id);
                return;
            }
        };
        match Regex::new(pattern) {
            Ok(compiled) => {
                self.patterns.insert(pattern.to_owned(), compiled);
            }
            Err(error) => {
                let error = error.to_string();
                let last = error.lines().last().unwrap_or_default();
                let why = last.trim_start_matches("error: ");
                self.fault(format!("`{pattern}` is not a pattern: {why}"), id);
            }
        }
    }

    /// `exists`, `all`, `exists_one`, `map`, `filter`.
    fn comprehension(&mut self, expr: &'a ComprehensionExpr, id: u64) -> Kind {
        let range = self.kind(&expr.iter_range);
        let builds_list = matches!(expr.accu_init.expr, Expr::List(_));
        let item = match range {
            Kind::List(item) => *item,
            // The order of a table's keys is not fixed; a list made of them would not be either.
            Kind::Map | Kind::Any if builds_list => self.fault(
                "`map` and `filter` need a list; this is not known to be one",
                id,
            ),
            Kind::Map => Kind::Text,
            Kind::Any => Kind::Any,
            other => {
                let message = format!("expected a list, found {}", other.name());
                self.fault(message, id)
            }
        };
        let first = self.kind(&expr.accu_init);
        let before = self.scope.len();
        self.scope.push((&expr.iter_var, item));
        if let Some(second) = &expr.iter_var2 {
            self.scope.push((second, Kind::Any));
        }
        self.scope.push((&expr.accu_var, first));
        self.kind(&expr.loop_cond);
        let step = self.kind(&expr.loop_step);
        self.scope.pop();
        self.scope.push((&expr.accu_var, first.or(step)));
        let result = self.kind(&expr.result);
        self.scope.truncate(before);
        result
    }

    /// Notes what is wrong with the expression `id`, whose kind is not known then.
    fn fault(&mut self, message: impl Into<String>, id: u64) -> Kind {
        let place = self.place(id);
        self.faults.push(Fault::new(message, place));
        Kind::Any
    }

    /// Returns the byte that the expression `id` begins at.
    fn place(&self, id: u64) -> Option<usize> {
        let (start, _) = self.places.offset_for(id)?;
        let start = usize::try_from(start).ok()?;
        self.source.is_char_boundary(start).then_some(start)
    }
}

fn literal_kind(literal: &LiteralValue) -> Kind {
    match literal {
        LiteralValue::Boolean(_) => Kind::Bool,
        LiteralValue::Bytes(_) => Kind::Bytes,
        LiteralValue::Double(_) => Kind::Double,
        LiteralValue::Int(_) => Kind::Int,
        LiteralValue::Null => Kind::Null,
        LiteralValue::String(_) => Kind::Text,
        LiteralValue::UInt(_) => Kind::UInt,
    }
}

/// Says how a function is called wrongly, if it is.
fn misused(function: &Function, as_member: bool, given: &[Kind]) -> Option<String> {
    let name = function.name;
    if as_member && !function.member {
        return Some(format!("`{name}` is called as `{name}(...)`"));
    }
    if !as_member && !function.global {
        return Some(format!("`{name}` is called as `x.{name}(...)`"));
    }
    if given.len() != function.takes.len() {
        let (expected, found) = (function.takes.len(), given.len());
        let whole = if as_member {
            " with what it is called on"
        } else {
            ""
        };
        return Some(format!(
            "`{name}` takes {expected} values{whole}, found {found}"
        ));
    }
    let mut pairs = given.iter().zip(function.takes);
    pairs.find_map(|(kind, wanted)| {
        let fits = wanted.iter().any(|wanted| kind.fits(*wanted));
        (!fits).then(|| format!("`{name}` does not take {}", kind.name()))
    })
}

/// Returns what an operator gives, or why it can't; `None` for what is no operator.
fn operator(name: &str, given: &[Kind]) -> Option<Result<Kind, String>> {
    let pair = match given {
        [left, right] => Some((*left, *right)),
        _ => None,
    };
    Some(match (name, given, pair) {
        (operators::LOGICAL_AND, _, Some(pair)) => both_bool("&&", pair),
        (operators::LOGICAL_OR, _, Some(pair)) => both_bool("||", pair),
        (operators::LOGICAL_NOT, [kind], _) if kind.fits(Kind::Bool) => Ok(Kind::Bool),
        (operators::LOGICAL_NOT, [kind], _) => {
            Err(format!("`!` needs true or false, found {}", kind.name()))
        }
        (operators::NOT_STRICTLY_FALSE, ..) => Ok(Kind::Bool),
        (operators::CONDITIONAL, [test, left, right], _) if test.fits(Kind::Bool) => {
            Ok(left.or(*right))
        }
        (operators::CONDITIONAL, [test, ..], _) => Err(format!(
            "`?` needs true or false before it, found {}",
            test.name()
        )),
        (operators::EQUALS | operators::NOT_EQUALS, _, Some((left, right))) => {
            compared(left, right, left.equals(right))
        }
        (
            operators::LESS
            | operators::LESS_EQUALS
            | operators::GREATER
            | operators::GREATER_EQUALS,
            _,
            Some((left, right)),
        ) => compared(left, right, ordered(left, right)),
        (operators::ADD, _, Some(pair)) => sum(pair),
        (operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE, _, Some(pair)) => {
            arithmetic(pair, Kind::is_number)
        }
        (operators::MODULO, _, Some(pair)) => {
            arithmetic(pair, |kind| matches!(kind, Kind::Int | Kind::UInt))
        }
        (operators::NEGATE, [kind], _) => match kind {
            Kind::Int | Kind::Double | Kind::Any => Ok(*kind),
            other => Err(format!("`-` needs a number, found {}", other.name())),
        },
        (operators::IN, _, Some((item, list))) => contained(item, list),
        (operators::INDEX, _, Some((list, index))) => indexed(list, index),
        _ => return None,
    })
}

fn both_bool(symbol: &str, (left, right): (Kind, Kind)) -> Result<Kind, String> {
    let wrong = [left, right]
        .into_iter()
        .find(|kind| !kind.fits(Kind::Bool));
    match wrong {
        None => Ok(Kind::Bool),
        Some(kind) => Err(format!(
            "`{symbol}` needs true or false on both sides, found {}",
            kind.name()
        )),
    }
}

fn compared(left: Kind, right: Kind, fits: bool) -> Result<Kind, String> {
    if fits {
        return Ok(Kind::Bool);
    }
    Err(format!(
        "{} can't be compared with {}",
        left.name(),
        right.name()
    ))
}

fn ordered(left: Kind, right: Kind) -> bool {
    let has_order =
        |kind: Kind| kind.is_number() || matches!(kind, Kind::Text | Kind::Bytes | Kind::Bool);
    match (left, right) {
        (Kind::Any, other) | (other, Kind::Any) => has_order(other) || other == Kind::Any,
        _ => has_order(left) && left.equals(right),
    }
}

fn sum((left, right): (Kind, Kind)) -> Result<Kind, String> {
    match (left, right) {
        (Kind::Text, Kind::Text) => Ok(Kind::Text),
        (Kind::Bytes, Kind::Bytes) => Ok(Kind::Bytes),
        (Kind::List(left), Kind::List(right)) => Ok(left.or(*right).listed()),
        (Kind::Any, Kind::List(_)) | (Kind::List(_), Kind::Any) => Ok(Kind::Any.listed()),
        (Kind::Any, Kind::Text | Kind::Bytes) | (Kind::Text | Kind::Bytes, Kind::Any) => {
            Ok(if left == Kind::Any { right } else { left })
        }
        pair => arithmetic(pair, Kind::is_number),
    }
}

fn arithmetic((left, right): (Kind, Kind), fits: impl Fn(Kind) -> bool) -> Result<Kind, String> {
    match (left, right) {
        (Kind::Any, Kind::Any) => Ok(Kind::Any),
        (Kind::Any, other) | (other, Kind::Any) if fits(other) => Ok(other),
        _ if left == right && fits(left) => Ok(left),
        _ => Err(format!(
            "{} and {} can't be reckoned together; `int(...)`, `double(...)` and `string(...)` convert",
            left.name(),
            right.name()
        )),
    }
}

fn contained(item: Kind, list: Kind) -> Result<Kind, String> {
    match list {
        Kind::List(kind) if item.equals(*kind) => Ok(Kind::Bool),
        Kind::List(kind) => Err(format!(
            "a list of {} can't hold {}",
            kind.name(),
            item.name()
        )),
        Kind::Map | Kind::Any => Ok(Kind::Bool),
        other => Err(format!(
            "`in` needs a list or a table after it, found {}",
            other.name()
        )),
    }
}

fn indexed(list: Kind, index: Kind) -> Result<Kind, String> {
    match list {
        Kind::List(kind) if index.fits(Kind::Int) || index.fits(Kind::UInt) => Ok(*kind),
        Kind::List(_) => Err(format!(
            "a list is asked for an item by its number, found {}",
            index.name()
        )),
        Kind::Map | Kind::Entity | Kind::Any => Ok(Kind::Any),
        other => Err(format!("{} has no items", other.name())),
    }
}
