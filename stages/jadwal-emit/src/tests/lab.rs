//! A small runtime: offers documents, commits, and can be killed between any two steps.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::executor::block_on;
use jadwal_core::facts::{Entity, Label};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::state::NoState;
use jadwal_core::{
    Batch, Clock, Document, Edited, ErrorClass, Fate, OriginMap, Provenance, Settled, Slot, Stage,
    StageCx, StageDeps, StageResult,
};
use jiff::Timestamp;

use super::shaky_disk::ShakyDisk;
use crate::emit_stage::{EmitStage, Output};
use crate::line_maker::LineMaker;
use crate::lines::Lines;
use crate::{EmitOptions, RecordBuilder};

/// Frames in tests, so that a few documents fill several.
pub(crate) const SMALL_FRAME: u64 = 3300;

/// A folder, a state that outlives the stage, and the stage while it lives.
pub(crate) struct Lab {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) options: EmitOptions,
    pub(crate) disk: ShakyDisk,
    /// What the state holds.
    pub(crate) committed: Option<Vec<u8>>,
    /// Documents committed as delivered.
    pub(crate) delivered: usize,
    stage: Option<EmitStage>,
}

impl Lab {
    pub(crate) fn new(options: EmitOptions) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            options,
            disk: ShakyDisk::default(),
            committed: None,
            delivered: 0,
            stage: None,
        }
    }

    /// A lab that writes to `name`, in segments of `roll` bytes.
    pub(crate) fn writing_to(name: &str, roll: u64) -> Self {
        Self::new(EmitOptions {
            path: format!("out/{name}"),
            roll_bytes: jadwal_core::units::ByteSize(roll),
            card: false,
            ..EmitOptions::default()
        })
    }

    pub(crate) fn deps(&self) -> StageDeps {
        StageDeps {
            stage: "emit".to_owned(),
            pipeline: pipeline(),
            state: Arc::new(NoState),
            clock: clock(),
            base_dir: self.folder.path().to_owned(),
        }
    }

    /// Starts the stage anew, with what the state holds.
    pub(crate) fn start(&mut self) -> StageResult<()> {
        let mut files = crate::files(self.options.clone(), &self.deps()).unwrap();
        files.segments.disk = Box::new(self.disk.clone());
        files.segments.config.frame_bytes = SMALL_FRAME;
        let mut stage = EmitStage {
            maker: Arc::new(LineMaker {
                builder: RecordBuilder::new(pipeline(), clock()),
            }),
            lines: Lines::default(),
            output: Output::Files(Box::new(files)),
        };
        block_on(stage.restore(self.committed.as_deref(), &cx()))?;
        self.stage = Some(stage);
        Ok(())
    }

    pub(crate) fn stage(&mut self) -> &mut EmitStage {
        self.stage.as_mut().expect("the lab was started")
    }

    /// Offers the next `count` documents, without a checkpoint.
    pub(crate) fn write(&mut self, count: usize) -> StageResult<()> {
        self.write_from(self.delivered, count)
    }

    pub(crate) fn write_from(&mut self, first: usize, count: usize) -> StageResult<()> {
        let preparation = self.stage().preparation().expect("lines can be prepared");
        let docs = (first..first + count).map(|number| {
            let mut doc = document(number);
            // Every other one, as where the runtime prepares nothing: the bytes are the same.
            if number % 2 == 1 {
                preparation.apply(&mut doc).expect("it has a record");
            }
            doc
        });
        let mut batch = Batch {
            slots: docs.map(Slot::new).collect(),
        };
        block_on(self.stage().process_batch(&mut batch, &cx()))?;
        for slot in batch.slots {
            slot.into_parts().1.expect("every slot is resolved")?;
        }
        Ok(())
    }

    pub(crate) fn checkpoint(&mut self) -> StageResult<Vec<u8>> {
        let position = block_on(self.stage().checkpoint(&cx()))?;
        Ok(position.expect("files have a position"))
    }

    pub(crate) fn commit(&mut self, position: Vec<u8>, count: usize) {
        self.committed = Some(position);
        self.delivered += count;
    }

    pub(crate) fn settle(&mut self, count: usize) {
        let settled: Vec<_> = (self.delivered - count..self.delivered)
            .map(|number| Settled {
                id: document(number).id(),
                seq: document(number).seq(),
                fate: Fate::Delivered,
            })
            .collect();
        block_on(self.stage().settled(&settled, &cx())).unwrap();
    }

    /// Takes the next `count` documents through all steps, as often as it needs.
    pub(crate) fn deliver(&mut self, count: usize) {
        let mut position = self.try_write(count);
        for _ in 0..10 {
            match &position {
                Err(error) if error.class() == ErrorClass::Transient => {
                    position = self.try_write(count);
                }
                _ => break,
            }
        }
        self.commit(position.expect("a fault passes"), count);
        self.settle(count);
    }

    pub(crate) fn try_write(&mut self, count: usize) -> StageResult<Vec<u8>> {
        self.write(count)?;
        self.checkpoint()
    }

    pub(crate) fn finish(&mut self) {
        block_on(self.stage().finish(&cx())).unwrap();
        self.stage = None;
    }

    /// Ends the stage as `kill -9` does: nothing more is called.
    pub(crate) fn kill(&mut self) {
        self.stage = None;
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Name and content of every file of the output that is not hidden, by name.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let names = self.names().into_iter();
        names
            .filter(|name| !name.starts_with('.'))
            .map(|name| (name.clone(), fs::read(self.out().join(name)).unwrap()))
            .collect()
    }

    /// Names of all files in the output's folder, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.out()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    /// All lines, unpacked, in the order of the segments.
    pub(crate) fn lines(&self) -> String {
        let mut files = self.files();
        // Segment 0 has no number, and `-` sorts before `.`.
        files.sort_by_key(|(name, _)| (name.contains('-'), name.clone()));
        let texts = files.iter().map(|(name, bytes)| unpacked(name, bytes));
        String::from_utf8(texts.flatten().collect()).unwrap()
    }
}

pub(crate) fn unpacked(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    if name.ends_with(".gz") {
        let mut reader = flate2::read::MultiGzDecoder::new(bytes);
        reader.read_to_end(&mut text).unwrap();
    } else if name.ends_with(".zst") {
        text = zstd::stream::decode_all(bytes).unwrap();
    } else {
        text.extend_from_slice(bytes);
    }
    text
}

/// The lines that the first `count` documents must give.
pub(crate) fn expected_lines(count: usize) -> String {
    let builder = RecordBuilder::new(pipeline(), clock());
    let line = |number| {
        let doc = document(number);
        serde_json::to_string(&builder.record(&doc).unwrap()).unwrap() + "\n"
    };
    (0..count).map(line).collect()
}

/// Document `number`, of a length that jumps about; every third one has an entity.
pub(crate) fn document(number: usize) -> Document {
    let text = format!("خبر {number}: ") + &"سطر ".repeat(number * 37 % 100);
    let length = text.len();
    let mut doc = Document::new(
        Bytes::from(text.clone()),
        provenance(&format!("day/{number}.txt"), length as u64),
    );
    doc.replace_text(Edited {
        text,
        map: OriginMap::identity(length),
    });
    doc.set_seq(number as u64 + 1);
    if number.is_multiple_of(3) {
        doc.facts_mut().entities.push(Entity {
            range: 0..6,
            label: Label::Misc,
            norm: String::new(),
            link: String::new(),
            mention_of: None,
            score: 0.5,
        });
    }
    doc
}

pub(crate) fn provenance(file_path: &str, length: u64) -> Provenance {
    Provenance {
        file_path: file_path.to_owned(),
        file_bytes: length,
        modified: "2026-03-01T07:30:00Z".parse().unwrap(),
        record_index: 0,
        bytes: 0..length,
    }
}

pub(crate) fn pipeline() -> Arc<PipelineInfo> {
    Arc::new(PipelineInfo {
        name: "news".to_owned(),
        config_hash: "0123abcd".to_owned(),
        stages: vec!["clean@0.1.0".to_owned(), "emit@0.1.0".to_owned()],
    })
}

pub(crate) fn clock() -> Clock {
    Clock::fixed("2026-03-02T10:00:00Z".parse::<Timestamp>().unwrap())
}

pub(crate) fn cx() -> StageCx {
    StageCx::inline("emit")
}
