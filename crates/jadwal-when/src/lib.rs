//! Conditions over what is known of a document, as `when` of a stage gives them: a CEL expression
//! (Common Expression Language) such as `language == "ar" && size(text) > 200`.
//!
//! [`When::parse`] finds all that can be told without a document: syntax, unknown variables and
//! functions, kinds that don't fit, patterns that are none. [`When::holds`] answers for a document.
//! The same document gives the same answer: there is no clock, no randomness, and no order of a hash
//! table can be seen.
//!
//! | module | idea |
//! |---|---|
//! | `when` | parses a condition once, answers for each document |
//! | `variables` | what a condition may read, and where it is taken from |
//! | `kinds` | the kinds of values, and which go together |
//! | `functions` | what may be called with what |
//! | `inference` | walks an expression and says what doesn't fit |
//! | `json` | JSON as CEL values |

mod fault;
mod functions;
mod inference;
mod json;
mod kinds;
#[cfg(test)]
mod tests;
mod variables;
mod when;

pub use fault::Fault;
pub use variables::{VARIABLES, Variable};
pub use when::When;
