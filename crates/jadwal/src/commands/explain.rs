//! `jadwal explain`: what happens to a file stage by stage, or what happened to a document.

use std::path::Path;

use jadwal_config::Plan;
use jadwal_core::source::Refused;
use jadwal_core::state::DocumentRow;
use jadwal_core::{Document, DocumentId, Fate};
use jadwal_store::{Store, StoreError};

use crate::assemble::World;
use crate::beside::{Line, beside};
use crate::cli::Bidi;
use crate::commands::state::document_line;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::settings::{Settings, clock};
use crate::terminal::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, out, plain, styled};
use crate::walkthrough::{Step, Walk, Walker, read_file};
use crate::whereabouts;

/// Longest piece of removed text that is shown, in characters.
const EXCERPT: usize = 100;

/// Explains a file that exists, else the document with this id.
pub(crate) fn run(
    settings: &Settings,
    registry: &Registry,
    what: &Path,
    bidi: Bidi,
) -> Result<ExitStatus, Failure> {
    let plan = settings.load(registry)?.plan;
    let page = Page { bidi };
    if what.exists() {
        return explain_file(&plan, what, &page);
    }
    let id = what.to_str().and_then(|id| id.parse::<DocumentId>().ok());
    let id = id.ok_or_else(|| {
        let what = what.display();
        Failure::usage(format!("`{what}` is no file here, and no document id"))
            .with_hint("an id is 32 hexadecimal digits, as in the records and in `jadwal state ls --documents`")
    })?;
    explain_id(&plan, id, &page)
}

fn explain_file(plan: &Plan, path: &Path, page: &Page) -> Result<ExitStatus, Failure> {
    let world = World::forgetful(clock()?, 1, true);
    let records = read_file(plan, path, &world)?;
    if records.is_empty() {
        return Err(Failure::usage(format!(
            "`{}` holds no record, or may not be read",
            path.display()
        )));
    }
    let mut walker = page.walker(plan, world)?;
    let mut troubles = 0;
    for record in records {
        match record {
            Err(refused) => {
                page.refused(&refused);
                troubles += 1;
            }
            Ok(doc) => {
                let id = doc.id();
                let walk = walker.walk(doc)?;
                page.walk(&walk);
                page.ledger(plan, id);
                troubles += usize::from(matches!(walk.fate, Fate::Quarantined { .. }));
            }
        }
    }
    Ok(if troubles > 0 {
        ExitStatus::DoneWithFailures
    } else {
        ExitStatus::Done
    })
}

/// Shows the ledger's rows of `id`, and side by side the document it copies.
fn explain_id(plan: &Plan, id: DocumentId, page: &Page) -> Result<ExitStatus, Failure> {
    let store = crate::commands::state::open(plan)?;
    let rows = store.documents_by_id(id)?;
    if rows.is_empty() {
        return Err(
            Failure::usage(format!("the ledger knows no document `{id}`"))
                .with_hint("`jadwal state ls --documents` lists those it knows"),
        );
    }
    let mut matches = Vec::new();
    for row in &rows {
        out(document_line(row));
        let originals = match row.duplicate_of {
            Some(original) => store.documents_by_id(original)?,
            None => continue,
        };
        // Exact copies have its id too; what they copy is the one that went on.
        if let Some(original) = originals.into_iter().find(|row| row.fate == "delivered") {
            let likeness = row.similarity.unwrap_or(1.0);
            out(format_args!(
                "    {} {likeness:.2} {}",
                styled(BOLD, "like"),
                document_line(&original)
            ));
            matches.push((original, row));
        }
    }
    drop(store);
    for (original, row) in matches.iter().filter(|(original, _)| original.id != id) {
        page.beside(plan, original, row)?;
    }
    for row in &rows {
        if let Some((file, _)) = whereabouts::find(plan, row)? {
            page.rule(&format!(
                "what the present configuration makes of {}",
                file.display()
            ));
            return explain_file(plan, &file, page);
        }
    }
    Ok(ExitStatus::Done)
}

/// Prints documents, with right-to-left lines laid out right.
struct Page {
    bidi: Bidi,
}

impl Page {
    /// Returns a walker that knows what was counted so far, where that can be read.
    fn walker(&self, plan: &Plan, world: World) -> Result<Walker, Failure> {
        if !plan.state.is_dir() {
            return Walker::new(plan, world);
        }
        match Store::open(&plan.state) {
            Ok(store) => {
                let (plan, seq) = crate::repeats::with_counts(plan.clone(), &world, &store)?;
                Walker::starting_at(&plan, world, seq)
            }
            // `ledger` says why it can't be read.
            Err(_) => Walker::new(plan, world),
        }
    }

    fn rule(&self, title: &str) {
        out(format_args!(
            "{} {}",
            styled(DIM, "──"),
            styled(BOLD, plain(title))
        ));
    }

    fn refused(&self, refused: &Refused) {
        let place = &refused.provenance;
        self.rule(&format!("{}#{}", place.file_path, place.record_index));
        out(format_args!(
            "{} {}",
            styled(RED, "quarantined by the source:"),
            plain(&refused.error)
        ));
    }

    fn walk(&self, walk: &Walk) {
        let doc = &walk.document;
        let place = doc.provenance();
        self.rule(&format!(
            "{}#{}  {}",
            place.file_path,
            place.record_index,
            doc.id()
        ));
        out(format_args!("{} bytes", doc.raw().len()));
        for step in &walk.steps {
            self.step(step);
        }
        let fate = match &walk.fate {
            Fate::Delivered => styled(GREEN, "delivered"),
            Fate::Withdrawn => styled(YELLOW, "withdrawn"),
            Fate::Dropped(reason) => styled(YELLOW, format_args!("dropped: {reason}")),
            Fate::Quarantined { stage, error } => styled(
                RED,
                format_args!("quarantined by {stage}: {}", plain(error)),
            ),
        };
        out(format_args!("{} {fate}", styled(DIM, "──")));
        if walk.fate == Fate::Delivered {
            self.text(doc);
        }
    }

    /// Shows a document beside the one it is like, where both files are still there.
    fn beside(
        &self,
        plan: &Plan,
        original: &DocumentRow,
        row: &DocumentRow,
    ) -> Result<(), Failure> {
        let (Some(first), Some(second)) = (text_of(plan, original)?, text_of(plan, row)?) else {
            return Ok(());
        };
        self.rule(&format!(
            "{}#{} and {}#{}",
            original.file_path, original.record_index, row.file_path, row.record_index
        ));
        out(styled(
            DIM,
            "in both =, only in the first -, only in the second +",
        ));
        for line in beside(&first, &second) {
            let (mark, text) = match line {
                Line::Both(text) => (styled(DIM, "="), text),
                Line::First(text) => (styled(RED, "-"), text),
                Line::Second(text) => (styled(GREEN, "+"), text),
            };
            out(format_args!("{mark} {}", self.line(text)));
        }
        Ok(())
    }

    /// What a stage changed, fact by fact.
    fn step(&self, step: &Step) {
        out(styled(CYAN, &step.stage));
        if let Some(when) = &step.passed_by {
            self.fact("passed by", &format!("`{when}` does not hold"));
        }
        self.metadata(step);
        self.cleaning(step);
        let (before, after) = (step.before.facts(), step.after.facts());
        if before.duplicate != after.duplicate
            && let Some(found) = &after.duplicate
        {
            for (name, id) in [
                ("copies", &found.duplicate_of),
                ("revises", &found.revision_of),
            ] {
                if !id.is_empty() {
                    self.fact(name, &format!("{id} ({:.2})", found.similarity));
                }
            }
        }
        if before.language != after.language
            && let Some(found) = &after.language
        {
            self.fact(
                "language",
                &format!("{} {} ({:.2})", found.tag, found.script, found.score),
            );
            self.segments(&step.after);
        }
        if before.entities != after.entities {
            self.entities(&step.after);
        }
        let text = step.after.text().ok();
        if step.before.text().ok() != text {
            let length = text.map_or(0, |text| text.chars().count());
            self.fact("text", &format!("{length} characters"));
        }
    }

    /// Encoding, title, author, date, address.
    fn metadata(&self, step: &Step) {
        let (before, after) = (step.before.facts(), step.after.facts());
        if let Some(encoding) = after
            .encoding
            .as_ref()
            .filter(|_| before.encoding.is_none())
        {
            self.fact(
                "encoding",
                &format!("{} ({:.2})", encoding.name, encoding.score),
            );
        }
        for (name, old, new) in [
            ("title", &before.title, &after.title),
            ("byline", &before.byline, &after.byline),
            ("created", &before.created, &after.created),
            ("url", &before.url, &after.url),
        ] {
            if old != new {
                self.fact(name, new);
            }
        }
    }

    /// What was removed and repaired, with the rule.
    fn cleaning(&self, step: &Step) {
        let (before, after) = (step.before.facts(), step.after.facts());
        for removed in after
            .removed
            .iter()
            .filter(|removed| !before.removed.contains(removed))
        {
            let raw = &step.after.raw()[removed.raw.clone()];
            let text = excerpt(&readable(raw, &step.after));
            let rule = styled(YELLOW, &removed.rule);
            out(format_args!(
                "  {} {rule} {}",
                styled(RED, "-"),
                self.line(&text)
            ));
        }
        for (rule, count) in &after.repairs {
            if before.repairs.get(rule) != Some(count) {
                self.fact("repaired", &format!("{rule} × {count}"));
            }
        }
    }

    fn fact(&self, name: &str, value: &str) {
        out(format_args!("  {name:<9} {}", self.line(value)));
    }

    /// Parts in another language than the document.
    fn segments(&self, doc: &Document) {
        let facts = doc.facts();
        let main = facts
            .language
            .as_ref()
            .map(|language| language.tag.as_str());
        let text = doc.text().unwrap_or_default();
        for segment in facts
            .segments
            .iter()
            .filter(|segment| Some(segment.language.tag.as_str()) != main)
        {
            let piece = text.get(segment.range.clone()).unwrap_or_default();
            self.fact("", &format!("{} {}", segment.language.tag, excerpt(piece)));
        }
    }

    fn entities(&self, doc: &Document) {
        let text = doc.text().unwrap_or_default();
        for entity in doc
            .facts()
            .entities
            .iter()
            .filter(|entity| entity.mention_of.is_none())
        {
            let piece = text.get(entity.range.clone()).unwrap_or_default();
            let source = doc.source_range(entity.range.clone());
            let label = format!("{:?}", entity.label).to_uppercase();
            out(format_args!(
                "  {} {}  {} {} {}",
                styled(YELLOW, format_args!("{label:<9}")),
                self.line(piece),
                entity.norm,
                styled(CYAN, &entity.link),
                styled(DIM, format_args!("bytes {}..{}", source.start, source.end)),
            ));
        }
    }

    /// The clean text with its entities marked.
    fn text(&self, doc: &Document) {
        let text = doc.text().unwrap_or_default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let entities = doc
                .facts()
                .entities
                .iter()
                .filter(|entity| entity.range.start >= start && entity.range.end <= end);
            let mut marked = String::new();
            let mut at = start;
            for entity in entities.filter(|_| self.bidi == Bidi::Logical) {
                if entity.range.start < at {
                    continue;
                }
                marked.push_str(&text[at..entity.range.start]);
                marked.push_str(&styled(GREEN, &text[entity.range.clone()]));
                at = entity.range.end;
            }
            marked.push_str(text[at..end].trim_end_matches('\n'));
            out(self.line(&marked));
            start = end;
        }
    }

    /// Lays one line out for the terminal.
    fn line(&self, text: &str) -> String {
        if !text.chars().any(is_right_to_left) {
            return text.to_owned();
        }
        match self.bidi {
            // FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE (UAX #9): what stands around the text
            // keeps its own order.
            Bidi::Logical => format!("\u{2068}{text}\u{2069}"),
            Bidi::Visual => {
                let info = unicode_bidi::BidiInfo::new(text, None);
                let lines = info.paragraphs.iter();
                lines
                    .map(|line| info.reorder_line(line, line.range.clone()))
                    .collect()
            }
        }
    }

    /// What the ledger says of the same content, where it can be read.
    fn ledger(&self, plan: &Plan, id: DocumentId) {
        if !plan.state.is_dir() {
            return;
        }
        match Store::open(&plan.state) {
            Ok(store) => {
                for row in store.documents_by_id(id).unwrap_or_default() {
                    out(format_args!(
                        "{} {}",
                        styled(DIM, "ledger:"),
                        document_line(&row)
                    ));
                }
            }
            Err(StoreError::Held { holder, .. }) => {
                out(styled(DIM, format_args!("ledger: held by {holder}")));
            }
            Err(error) => {
                out(styled(DIM, format_args!("ledger: {error}")));
            }
        }
    }
}

/// The text of a document of the ledger as the present configuration cleans it; `None` where its file
/// is gone or holds something else now.
fn text_of(plan: &Plan, row: &DocumentRow) -> Result<Option<String>, Failure> {
    let Some((_, Ok(doc))) = whereabouts::find(plan, row)? else {
        return Ok(None);
    };
    let walk = Walker::new(plan, World::forgetful(clock()?, 1, true))?.walk(doc)?;
    Ok(walk.document.text().ok().map(str::to_owned))
}

/// Bytes as text, read the way the document was.
fn readable(raw: &[u8], doc: &Document) -> String {
    let encoding = doc.facts().encoding.as_ref();
    let encoding =
        encoding.and_then(|found| encoding_rs::Encoding::for_label(found.name.as_bytes()));
    let (text, _) = encoding
        .unwrap_or(encoding_rs::UTF_8)
        .decode_without_bom_handling(raw);
    text.into_owned()
}

/// Hebrew, Arabic and the scripts and forms near them.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// One line, cut to a readable length.
fn excerpt(text: &str) -> String {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &flat[..end]),
        None => flat,
    }
}
