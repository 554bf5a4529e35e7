//! The stages that the binary knows.

use jadwal_core::{StageRegistry, StageSpec};

/// The stages of a binary, by kind.
#[derive(Clone, Debug, Default)]
pub struct Registry(StageRegistry);

impl Registry {
    /// Returns a registry with every built-in stage. They are listed by hand: nothing registers
    /// itself, so nothing can be forgotten by a linker.
    #[must_use]
    pub fn builtin() -> Self {
        let registry = Self::default();
        #[cfg(feature = "clean")]
        let registry = registry.with::<jadwal_clean::Clean>();
        #[cfg(feature = "component")]
        let registry = registry.with::<jadwal_component::Component>();
        #[cfg(feature = "dedup")]
        let registry = registry.with::<jadwal_dedup::Dedup>();
        #[cfg(feature = "detect-language")]
        let registry = registry.with::<jadwal_detect_language::DetectLanguage>();
        #[cfg(feature = "extract-entities")]
        let registry = registry.with::<jadwal_extract_entities::ExtractEntities>();
        #[cfg(feature = "process")]
        let registry = registry.with::<jadwal_process::Process>();
        #[cfg(feature = "strip-repeats")]
        let registry = registry.with::<jadwal_strip_repeats::StripRepeats>();
        registry.with::<jadwal_emit::Emit>()
    }

    /// Adds the stage `S`.
    ///
    /// # Panics
    /// When a stage of the same kind was added before.
    #[must_use]
    pub fn with<S: StageSpec>(self) -> Self {
        Self(self.0.with::<S>())
    }

    pub(crate) fn stages(&self) -> &StageRegistry {
        &self.0
    }
}
