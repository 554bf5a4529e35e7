//! Sizes and durations as people write them in `pipeline.toml`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A number of bytes, written as `64 MiB`, `1.5 GB` or `4096 B`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// Returns `count` binary megabytes.
    #[must_use]
    pub const fn mib(count: u64) -> Self {
        Self(count * 1024 * 1024)
    }

    /// Returns the number of bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        bytesize::ByteSize::from_str(text)
            .map(|size| Self(size.as_u64()))
            .map_err(|_| format!("`{text}` is not a size; write it as `64 MiB` or `4096 B`"))
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
        match units
            .iter()
            .find(|(_, unit)| self.0 >= *unit && self.0.is_multiple_of(*unit))
        {
            Some((name, unit)) => write!(f, "{} {name}", self.0 / unit),
            None => write!(f, "{} B", self.0),
        }
    }
}

/// A span of time, written as `500ms`, `2s`, `5m` or `1h 30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TimeSpan(pub Duration);

impl TimeSpan {
    /// Returns a span of `count` milliseconds.
    #[must_use]
    pub const fn millis(count: u64) -> Self {
        Self(Duration::from_millis(count))
    }

    /// Returns a span of `count` seconds.
    #[must_use]
    pub const fn secs(count: u64) -> Self {
        Self(Duration::from_secs(count))
    }
}

impl FromStr for TimeSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not a duration; write it as `500ms`, `2s` or `5m`");
        let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
        Duration::try_from(span).map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        let units = [("h", 3_600_000), ("m", 60_000), ("s", 1000)];
        match units
            .iter()
            .find(|(_, unit)| millis >= *unit && millis.is_multiple_of(*unit))
        {
            Some((name, unit)) => write!(f, "{}{name}", millis / unit),
            None => write!(f, "{millis}ms"),
        }
    }
}

macro_rules! text_form {
    ($type:ident, $pattern:literal, $description:literal) => {
        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }

        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $description })
            }
        }
    };
}

text_form!(
    ByteSize,
    r"^[0-9.]+ ?[KMGTkmgt]?i?[Bb]?$",
    "A size such as `64 MiB` or `4096 B`."
);
text_form!(
    TimeSpan,
    r"^[0-9.]+ ?[a-zA-Zµ].*$",
    "A duration such as `500ms`, `2s` or `5m`."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_spans_survive_a_round_trip() {
        for size in [0, 1, 1024, 1500, 64 << 20, 3 << 30] {
            assert_eq!(ByteSize(size).to_string().parse(), Ok(ByteSize(size)));
        }
        for millis in [0, 1, 500, 1000, 90_000, 3_600_000] {
            let span = TimeSpan::millis(millis);
            assert_eq!(span.to_string().parse(), Ok(span));
        }
    }

    #[test]
    fn what_is_no_size_or_span_is_refused_with_an_example() {
        assert!("many".parse::<ByteSize>().unwrap_err().contains("64 MiB"));
        assert!("-3s".parse::<TimeSpan>().unwrap_err().contains("500ms"));
        assert!("soon".parse::<TimeSpan>().unwrap_err().contains("500ms"));
    }
}
