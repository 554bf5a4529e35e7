//! Between documents and replies, here and in the sandbox.
//!
//! Nothing is judged here but what has no form on the other side; [`jadwal_core::guest`] does that.

use jadwal_core::StageError;
use jadwal_core::facts::{BlockKind, Label};
use jadwal_core::guest::{
    BlockView, Declaration, DocumentView, Edit, EntityView, FailClass, GuestFact, LanguageView,
    NewEntity, OffsetUnit, Reply, ReplyVerdict, Sees, SegmentView,
};
use serde_json::Value;

use crate::bindings::jadwal::stage::types;

/// Returns what a guest says of itself, checked.
///
/// # Errors
/// What is wrong, in words for the guest's author.
pub(crate) fn declaration(said: types::Declaration) -> Result<Declaration, String> {
    let options = match said.settings.as_str() {
        "" => Value::Null,
        schema => serde_json::from_str(schema)
            .map_err(|error| format!("`settings` is not a JSON Schema: {error}"))?,
    };
    let declaration = Declaration {
        name: said.name,
        version: said.version,
        unit: match said.unit {
            types::OffsetUnit::Bytes => OffsetUnit::Bytes,
            types::OffsetUnit::CodePoints => OffsetUnit::CodePoints,
            types::OffsetUnit::Utf16 => OffsetUnit::Utf16,
        },
        needs: said.needs.into_iter().map(fact).collect(),
        gives: said.gives.into_iter().map(fact).collect(),
        sees: said.sees.into_iter().map(part).collect(),
        options,
    };
    declaration.check()?;
    Ok(declaration)
}

fn fact(fact: types::Fact) -> GuestFact {
    match fact {
        types::Fact::Text => GuestFact::Text,
        types::Fact::Duplicate => GuestFact::Duplicate,
        types::Fact::Language => GuestFact::Language,
        types::Fact::Entities => GuestFact::Entities,
    }
}

fn part(part: types::Part) -> Sees {
    match part {
        types::Part::Blocks => Sees::Blocks,
        types::Part::Segments => Sees::Segments,
        types::Part::Entities => Sees::Entities,
        types::Part::Extra => Sees::Extra,
        types::Part::Raw => Sees::Raw,
    }
}

/// Lists of a document in the forms of the sandbox; [`Shown::document`] borrows from it.
pub(crate) struct Shown<'a> {
    view: DocumentView<'a>,
    blocks: Vec<types::Block>,
    segments: Vec<types::Segment<'a>>,
    entities: Vec<types::Entity<'a>>,
    extra: String,
}

impl<'a> Shown<'a> {
    /// Makes the lists that the guest asked for.
    pub(crate) fn new(view: DocumentView<'a>) -> Result<Self, StageError> {
        let extra = match view.extra {
            Some(extra) => serde_json::to_string(extra)
                .map_err(|error| StageError::document("failed to write `extra` as JSON", error))?,
            None => String::new(),
        };
        Ok(Self {
            blocks: view.blocks.iter().flatten().map(block).collect(),
            segments: view.segments.iter().flatten().map(segment).collect(),
            entities: view.entities.iter().flatten().map(entity).collect(),
            extra,
            view,
        })
    }

    /// Returns the document as it is passed into the sandbox.
    pub(crate) fn document(&self) -> types::Document<'_> {
        let view = &self.view;
        types::Document {
            id: &view.id,
            path: view.path,
            text: view.text,
            title: view.title,
            byline: view.byline,
            url: view.url,
            created: view.created,
            language: view.language.map(language),
            duplicate_of: view.duplicate_of,
            blocks: &self.blocks,
            segments: &self.segments,
            entities: &self.entities,
            extra: &self.extra,
            fields: view.fields.unwrap_or_default(),
            raw: view.raw.unwrap_or_default(),
        }
    }
}

fn language(language: LanguageView<'_>) -> types::Language<'_> {
    types::Language {
        tag: language.tag,
        script: language.script,
        score: language.score,
    }
}

fn block(block: &BlockView) -> types::Block {
    types::Block {
        kind: match block.kind {
            BlockKind::Title => types::BlockKind::Title,
            BlockKind::Heading => types::BlockKind::Heading,
            BlockKind::Paragraph => types::BlockKind::Paragraph,
            BlockKind::List => types::BlockKind::List,
            BlockKind::Table => types::BlockKind::Table,
            BlockKind::Quote => types::BlockKind::Quote,
        },
        start: block.start,
        end: block.end,
    }
}

fn segment<'a>(segment: &SegmentView<'a>) -> types::Segment<'a> {
    types::Segment {
        start: segment.start,
        end: segment.end,
        language: language(segment.language),
    }
}

fn entity<'a>(entity: &EntityView<'a>) -> types::Entity<'a> {
    types::Entity {
        start: entity.start,
        end: entity.end,
        label: label(entity.label),
        norm: entity.norm,
        link: entity.link,
        mention_of: entity
            .mention_of
            .and_then(|index| u32::try_from(index).ok()),
        score: entity.score,
    }
}

fn label(label: Label) -> types::Label {
    match label {
        Label::Per => types::Label::Per,
        Label::Loc => types::Label::Loc,
        Label::Org => types::Label::Org,
        Label::Misc => types::Label::Misc,
        Label::Event => types::Label::Event,
        Label::Date => types::Label::Date,
        Label::Time => types::Label::Time,
        Label::Money => types::Label::Money,
        Label::Percent => types::Label::Percent,
        Label::Quantity => types::Label::Quantity,
        Label::Url => types::Label::Url,
        Label::Email => types::Label::Email,
        Label::Phone => types::Label::Phone,
    }
}

fn label_of(label: types::Label) -> Label {
    match label {
        types::Label::Per => Label::Per,
        types::Label::Loc => Label::Loc,
        types::Label::Org => Label::Org,
        types::Label::Misc => Label::Misc,
        types::Label::Event => Label::Event,
        types::Label::Date => Label::Date,
        types::Label::Time => Label::Time,
        types::Label::Money => Label::Money,
        types::Label::Percent => Label::Percent,
        types::Label::Quantity => Label::Quantity,
        types::Label::Url => Label::Url,
        types::Label::Email => Label::Email,
        types::Label::Phone => Label::Phone,
    }
}

/// Returns a guest's answer.
///
/// # Errors
/// A document error when `extra` is not JSON.
pub(crate) fn reply(said: types::Reply) -> Result<Reply, StageError> {
    let extra = said.extra.as_deref().map(serde_json::from_str).transpose();
    let extra = extra.map_err(|error| {
        StageError::document("failed to read the `extra` of a component as JSON", error)
    })?;
    Ok(Reply {
        verdict: verdict(said.verdict),
        edits: said.edits.into_iter().map(edit).collect(),
        entities: said.entities.into_iter().map(new_entity).collect(),
        extra,
    })
}

fn verdict(verdict: types::Verdict) -> ReplyVerdict {
    match verdict {
        types::Verdict::Pass => ReplyVerdict::Pass,
        types::Verdict::Drop(reason) => ReplyVerdict::Drop { reason },
        types::Verdict::Fail(failure) => ReplyVerdict::Fail {
            class: match failure.class {
                types::FailClass::Document => FailClass::Document,
                types::FailClass::Transient => FailClass::Transient,
                types::FailClass::Fatal => FailClass::Fatal,
            },
            reason: failure.reason,
        },
    }
}

fn edit(edit: types::Edit) -> Edit {
    Edit {
        start: edit.start,
        end: edit.end,
        text: edit.text,
    }
}

fn new_entity(entity: types::NewEntity) -> NewEntity {
    NewEntity {
        start: entity.start,
        end: entity.end,
        label: label_of(entity.label),
        norm: entity.norm,
        link: entity.link,
        score: entity.score,
    }
}
