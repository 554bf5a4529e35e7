//! Reads `pipeline.toml`, the environment and `--set` into a checked [`Plan`].
//!
//! Layers, the later ones win: the defaults of the [`PipelineFile`] types, the file, variables such
//! as `JADWAL__STAGES__EMIT__OPTIONS__PATH`, `--set key.path=value`. Tables merge key by key, lists
//! are replaced whole. `${VAR}` and `${VAR:-default}` are replaced in string values of the file and
//! of `--set`, after parsing; `$$` stands for one `$`; a variable's own value is taken as it is.
//!
//! [`load`] collects everything that is wrong as [`Finding`]s, each with the key path, the place in
//! the file (or the variable or argument that set the value), and a hint. Nothing here touches the
//! world, but for [`Sources::read`], which reads the one file. Whether folders exist and sinks can be
//! written is for those who build the plan.
//!
//! | module | idea |
//! |---|---|
//! | `pipeline_file`, `source_section`, `test_section` | the file as written, typed |
//! | `source_text`, `overrides`, `layers` | text, variables and arguments to one tree of values |
//! | `refine`, `refusal` | the tree to types, with every refusal and not only the first |
//! | `check`, `stages`, `order`, `conditions` | what types can't say: ranges, globs, kinds, order, `when` |
//! | `plan` | what the runtime drives |
//! | `guests` | what stages in other programs add to the plan when they are asked |
//! | `schema` | JSON Schema of the file, for editors |

mod canonical;
mod check;
mod conditions;
mod finding;
mod guests;
mod interpolate;
mod key_path;
mod layers;
mod load;
mod locate;
mod nearest;
mod order;
mod overrides;
mod pipeline_file;
mod plan;
mod refine;
mod refusal;
mod schema;
mod source_section;
mod source_text;
mod sources;
mod stages;
mod test_section;
#[cfg(test)]
mod tests;

pub use jadwal_when::When;

pub use finding::{ConfigErrors, Finding, Origin, Severity};
pub use guests::Guest;
pub use load::{Checked, load, refuse};
pub use pipeline_file::{
    BreakerSection, OnError, PipelineFile, PipelineSection, StageSection, ToTomlError,
};
pub use plan::{
    Breaker, ConfigTest, Limits, Plan, PlannedStage, SourcePlan, StageFiles, TestInput,
};
pub use schema::schema;
pub use source_section::{JsonlSection, OnDone, SourceKind, SourceSection, Watch};
pub use sources::{ReadError, Sources};
pub use test_section::{ExpectSection, ExpectedDrop, ExpectedFate, TestSection};
