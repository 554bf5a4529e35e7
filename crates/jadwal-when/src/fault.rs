//! What is wrong with a condition, and where in it.

/// One thing that is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, and what was expected.
    pub message: String,
    /// Where, as a byte of the expression on a character boundary, if that is known.
    pub at: Option<usize>,
    /// An unknown name and those that are known: one of them may be meant.
    pub unknown: Option<(String, Vec<&'static str>)>,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>, at: Option<usize>) -> Self {
        Self {
            message: message.into(),
            at,
            unknown: None,
        }
    }

    /// Returns the fault that `name` is not one of the `known` names of a `sort` of thing.
    pub(crate) fn unknown(
        sort: &str,
        name: &str,
        known: impl IntoIterator<Item = &'static str>,
        at: Option<usize>,
    ) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let quoted: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
        let list = quoted.join(", ");
        Self {
            message: format!("unknown {sort} `{name}`; the known ones are {list}"),
            at,
            unknown: Some((name.to_owned(), known)),
        }
    }
}
