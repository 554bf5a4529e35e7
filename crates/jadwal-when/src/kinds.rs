//! The kinds of values, and which of them go together.

/// What a value is, as far as it can be told without a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    UInt,
    Double,
    Text,
    Bytes,
    Null,
    /// A list of this kind.
    List(&'static Kind),
    /// A name, date or amount, with the fields of [`ENTITY_FIELDS`].
    Entity,
    /// A table of anything, by name.
    Map,
    /// Known only when it is evaluated.
    Any,
}

/// The fields of an entity.
pub(crate) const ENTITY_FIELDS: &[(&str, Kind)] = &[
    ("label", Kind::Text),
    ("text", Kind::Text),
    ("norm", Kind::Text),
    ("link", Kind::Text),
    ("score", Kind::Double),
];

impl Kind {
    /// Returns the name used in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::UInt => "a whole number without sign",
            Self::Double => "a number with a fraction",
            Self::Text => "a string",
            Self::Bytes => "bytes",
            Self::Null => "null",
            Self::List(_) => "a list",
            Self::Entity => "an entity",
            Self::Map => "a table",
            Self::Any => "anything",
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::UInt | Self::Double)
    }

    /// Returns the kind of a list of this.
    pub(crate) fn listed(self) -> Self {
        Self::List(match self {
            Self::Bool => &Self::Bool,
            Self::Int => &Self::Int,
            Self::UInt => &Self::UInt,
            Self::Double => &Self::Double,
            Self::Text => &Self::Text,
            Self::Entity => &Self::Entity,
            _ => &Self::Any,
        })
    }

    /// Returns the kind of a value that is one or the other.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Any }
    }

    /// Whether `==` between the two can ever be true.
    pub(crate) fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Any | Self::Null, _) | (_, Self::Any | Self::Null) => true,
            (Self::List(left), Self::List(right)) => left.equals(*right),
            (Self::Map | Self::Entity, Self::Map | Self::Entity) => true,
            _ => self == other || (self.is_number() && other.is_number()),
        }
    }

    /// Whether a value of this kind may stand where `wanted` is.
    pub(crate) fn fits(self, wanted: Self) -> bool {
        match (self, wanted) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::List(_), Self::List(_)) | (Self::Entity, Self::Map) => true,
            _ => self == wanted,
        }
    }
}
