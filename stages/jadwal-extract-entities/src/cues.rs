//! The roles that a phrase can play beside other words, as the tables name them.

/// A set of roles that a phrase can play beside other words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cues(u64);

macro_rules! cues {
    ($($bit:literal $name:ident $text:literal;)*) => {
        impl Cues {
            $(pub(crate) const $name: Self = Self(1 << $bit);)*

            /// Returns the cue that `words.tsv` calls `name`.
            pub(crate) fn by_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

cues! {
    0 YEAR "year";
    1 MONTH_WORD "month_word";
    2 DAY_WORD "day_word";
    3 OF "of";
    4 TO "to";
    5 AND "and";
    6 SINCE_OR_AGO "since_or_ago";
    7 AGO "ago";
    8 CLOCK "clock";
    9 OCLOCK "oclock";
    10 AT "at";
    11 AM "am";
    12 PM "pm";
    13 NIGHT "night";
    14 HALF "half";
    15 QUARTER "quarter";
    16 LESS "less";
    17 MINUTE "minute";
    18 HIJRI_ERA "hijri_era";
    19 COMMON_ERA "common_era";
    20 SAME_DAY "same_day";
    21 PAST "past";
    22 COMING "coming";
    23 THE "the";
    24 PLACE "place";
    25 PERCENT "percent";
    26 URL "url";
    27 ACCUSATIVE_NOUN "accusative_noun";
    28 TODAY "today";
    29 HONORIFIC "honorific";
    30 OFFICE "office";
    31 OF_OFFICE "of_office";
    32 COMMON "common";
    33 GIVEN "given";
    34 NAME "name";
    35 NAME_LINK "name_link";
    36 BETWEEN "between";
    37 PHONE "phone";
    38 ZONE "zone";
    39 CENTURY "century";
    40 QUARTER_YEAR "quarter_year";
    41 HALF_YEAR "half_year";
    42 FUNCTION "function";
    43 DAYS_WORD "days_word";
    44 NEAR_YEAR "near_year";
    45 FREQUENT "frequent";
}

/// What an item of a text says about its phrase beside the cues, so that few need to read the phrase itself.
impl Cues {
    /// Something can start here: [`crate::lexicon::Phrase::speaks`].
    pub(crate) const SPEAKS: Self = Self(1 << 63);
    /// It is a name.
    pub(crate) const NAMED: Self = Self(1 << 62);
    /// It is a nationality.
    pub(crate) const DEMONYM: Self = Self(1 << 61);
}

impl Cues {
    /// Whether this set has one of `other`.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether this set has nothing but what `other` has.
    pub(crate) fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Returns both sets in one.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
