//! Guests, and documents for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use jadwal_component::{Component, ComponentOptions};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::state::NoState;
use jadwal_core::{
    BuildError, BuiltStage, Clock, Document, Edited, OriginMap, Provenance, StageDeps, StageSpec,
    Transform,
};

/// The guest of `guest.wat`, which does what the first letter of a text says.
const GUEST: &[u8] = include_bytes!("guest.wasm");

/// A folder with a component in it.
pub(crate) struct Lab {
    folder: PathBuf,
    pub(crate) options: ComponentOptions,
}

impl Drop for Lab {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

impl Lab {
    /// Returns a lab with the guest of `guest.wat`.
    pub(crate) fn new() -> Self {
        Self::with(GUEST)
    }

    /// Returns a lab with this component.
    pub(crate) fn with(component: &[u8]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("lab-{}-{number}", std::process::id());
        let lab = Self {
            folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name),
            options: ComponentOptions {
                path: "guest.wasm".into(),
                ..ComponentOptions::default()
            },
        };
        std::fs::create_dir_all(&lab.folder).unwrap();
        std::fs::write(lab.path("guest.wasm"), component).unwrap();
        lab
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn try_build(&self) -> Result<Arc<dyn Transform>, BuildError> {
        let deps = StageDeps {
            stage: "mine".to_owned(),
            pipeline: Arc::new(PipelineInfo::default()),
            state: Arc::new(NoState),
            clock: Clock::system(),
            base_dir: self.folder.clone(),
        };
        match Component::build(self.options.clone(), &deps)? {
            BuiltStage::Transform(transform) => Ok(transform),
            BuiltStage::Stage(_) => panic!("it is a transform"),
        }
    }

    pub(crate) fn build(&self) -> Arc<dyn Transform> {
        self.try_build()
            .unwrap_or_else(|error| panic!("{}", jadwal_core::describe_chain(&error)))
    }
}

/// Returns a document with this text.
pub(crate) fn document(text: &str) -> Document {
    let place = Provenance {
        file_path: "a.txt".into(),
        file_bytes: text.len() as u64,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..text.len() as u64,
    };
    let mut doc = Document::new(Bytes::from(text.to_owned()), place);
    doc.replace_text(Edited {
        text: text.to_owned(),
        map: OriginMap::identity(text.len()),
    });
    doc
}
