//! The law, checked from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::drops::Drops;
use crate::machine::Machine;
use crate::place::{Place, records_of};

/// A record's place: file and number.
type Spot = (String, u64);

/// Returns the ledger's documents, in admission order.
pub(crate) fn documents(place: &Place) -> Vec<Value> {
    let listing = place.jadwal(["state", "ls", "--documents", "--format", "json"]);
    listing.run().expect(0).records()
}

/// Whether the ledger speaks of contents or records that the complete files do not hold.
pub(crate) fn took_half_a_file(documents: &[Value], drops: &Drops) -> bool {
    let spots: Vec<_> = documents.iter().map(spot).collect();
    let known: BTreeSet<_> = expected(drops);
    let doubled = spots.iter().collect::<BTreeSet<_>>().len() < spots.len();
    doubled || spots.iter().any(|spot| !known.contains(spot))
}

/// Checks everything that is promised of a machine that was stopped.
pub(crate) fn check(machine: &Machine, documents: &[Value]) {
    for (index, row) in documents.iter().enumerate() {
        assert_eq!(row["seq"], index, "a gap in admission numbers: {row}");
    }
    each_record_once(documents, &machine.drops);
    output_is_what_was_delivered(machine, documents);
    quarantine_holds_what_failed(&machine.place, documents);
    files_are_where_they_belong(machine);
    let verified = machine.place.jadwal(["state", "verify"]).run();
    assert!(verified.expect(0).text().contains("sound"));
    same_as_undisturbed(machine, documents);
}

/// Checks what is promised of a machine whose failed documents were tried again: they have new
/// admission numbers, so no undisturbed batch writes the same.
pub(crate) fn check_after_retry(machine: &Machine, documents: &[Value]) {
    each_record_once(documents, &machine.drops);
    output_is_what_was_delivered(machine, documents);
    quarantine_holds_what_failed(&machine.place, documents);
    let verified = machine.place.jadwal(["state", "verify"]).run();
    assert!(verified.expect(0).text().contains("sound"));
}

/// Every record of every file has one fate.
fn each_record_once(documents: &[Value], drops: &Drops) {
    let mut fates: BTreeMap<Spot, u64> = BTreeMap::new();
    for row in documents {
        *fates.entry(spot(row)).or_default() += 1;
    }
    let twice: Vec<_> = fates.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "settled more than once: {twice:?}");
    let settled: BTreeSet<_> = fates.into_keys().collect();
    let wanted = expected(drops);
    let lost: Vec<_> = wanted.difference(&settled).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let strange: Vec<_> = settled.difference(&wanted).collect();
    assert!(strange.is_empty(), "never dropped: {strange:?}");
}

/// The lines of all segments are the delivered records, in admission order.
fn output_is_what_was_delivered(machine: &Machine, documents: &[Value]) {
    let mut lines = Vec::new();
    for (name, bytes) in outputs(&machine.place) {
        if name.contains("records") {
            lines.extend(records_of(&unpacked(&name, &bytes)));
        }
    }
    let written: Vec<_> = lines
        .iter()
        .map(|line| {
            let place = &line["metadata"];
            (spot(place), line["id"].as_str().unwrap())
        })
        .collect();
    let delivered: Vec<_> = documents
        .iter()
        .filter(|row| row["fate"] == "delivered")
        .map(|row| (spot(row), row["id"].as_str().unwrap()))
        .collect();
    assert_eq!(written, delivered);
}

/// The raw bytes of every failed record are kept under their hash, and nothing else is there.
fn quarantine_holds_what_failed(place: &Place, documents: &[Value]) {
    let failed = documents.iter().filter(|row| row["fate"] == "quarantined");
    let failed: BTreeSet<_> = failed
        .map(|row| (row["id"].as_str().unwrap().to_owned(), spot(row)))
        .collect();
    let mut kept = BTreeSet::new();
    for (path, bytes) in files_in(&place.path("var/quarantine")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Some(id) = name.strip_suffix(".json") {
            // A crash may leave half a line; what it was to tell is told again behind it.
            let lines = bytes.split(|byte| *byte == b'\n');
            let told = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
            kept.extend(told.map(|occurrence| (id.to_owned(), spot(&occurrence))));
        } else {
            assert_eq!(blake3::hash(&bytes).to_hex()[..32], *name);
        }
    }
    assert_eq!(kept, failed);
    let ids: BTreeSet<_> = failed.into_iter().map(|(id, _)| id).collect();
    let raw = |id: &String| place.path("var/quarantine").join(id).is_file();
    assert!(ids.iter().all(raw));
}

/// Files that are done are kept, moved or gone, as the variant says, and none changed.
fn files_are_where_they_belong(machine: &Machine) {
    let place = &machine.place;
    let found = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let root = place.path(folder);
        let files = files_in(&root).into_iter();
        files
            .map(|(path, bytes)| (relative(&root, &path), bytes))
            .collect()
    };
    let files = machine.drops.files.iter();
    let mut all: BTreeMap<_, _> = files
        .map(|(name, file)| (name.clone(), file.bytes.clone()))
        .collect();
    if !machine.variant.marker.is_empty() {
        for name in machine.drops.files.keys() {
            all.insert(format!("{name}{}", machine.variant.marker), Vec::new());
        }
    }
    let (inbox, done) = match machine.variant.on_done {
        "keep" => (all, BTreeMap::new()),
        "move" => (BTreeMap::new(), all),
        _ => Default::default(),
    };
    assert_eq!(found("inbox"), inbox, "in the inbox");
    assert_eq!(found("done"), done, "in the folder of done files");
}

/// An undisturbed batch over the same files, named in the same order, writes the same bytes and
/// settles each record in the same way.
fn same_as_undisturbed(machine: &Machine, documents: &[Value]) {
    let place = Place::with_config(&machine.variant.config());
    for (name, dropped) in &machine.drops.files {
        let name = Path::new("inbox").join(name);
        place.write(&name, &dropped.bytes);
        let file = File::options().append(true).open(place.path(&name));
        file.unwrap().set_modified(dropped.modified).unwrap();
        if !machine.variant.marker.is_empty() {
            let mut marker = name.into_os_string();
            marker.push(machine.variant.marker);
            place.write(marker, "");
        }
    }
    let mut args: Vec<OsString> = vec!["batch".into(), "--log".into(), "error".into()];
    let mut named = BTreeSet::new();
    for row in documents {
        let (name, _) = spot(row);
        if named.insert(name.clone()) {
            args.push(place.path("inbox").join(name).into());
        }
    }
    let outcome = place.jadwal(args).run();
    assert!(
        matches!(outcome.status.code(), Some(0 | 1)),
        "the undisturbed batch failed: {}",
        outcome.err
    );
    let undisturbed = self::documents(&place);
    for (left, right) in documents.iter().zip(&undisturbed) {
        assert_eq!(left, right, "killed (left) and undisturbed (right) differ");
    }
    assert_eq!(documents.len(), undisturbed.len());
    let (killed, undisturbed) = (outputs(&machine.place), outputs(&place));
    let names = |outputs: &BTreeMap<String, Vec<u8>>| outputs.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&killed), names(&undisturbed));
    for (name, bytes) in killed {
        let same = bytes == undisturbed[&name];
        assert!(same, "`{name}` is not what an undisturbed batch writes");
    }
}

fn expected(drops: &Drops) -> BTreeSet<Spot> {
    let files = drops.files.iter();
    files
        .flat_map(|(name, file)| (0..file.records).map(move |record| (name.clone(), record)))
        .collect()
}

fn spot(row: &Value) -> Spot {
    let path = row["file_path"].as_str().unwrap();
    (path.to_owned(), row["record_index"].as_u64().unwrap())
}

/// Returns what a reader finds in the output folder, by name, in the order of segments.
pub(crate) fn outputs(place: &Place) -> BTreeMap<String, Vec<u8>> {
    let root = place.path("out");
    let files = files_in(&root).into_iter();
    files
        .map(|(path, bytes)| (relative(&root, &path), bytes))
        .filter(|(name, _)| !name.starts_with('.'))
        // `records.jsonl` comes before `records-00001.jsonl`.
        .map(|(name, bytes)| (name.replace("records.", "records-00000."), bytes))
        .collect()
}

fn unpacked(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    if name.ends_with(".zst") {
        text = zstd::decode_all(bytes).unwrap();
    } else if name.ends_with(".gz") {
        MultiGzDecoder::new(bytes).read_to_end(&mut text).unwrap();
    } else {
        text.extend_from_slice(bytes);
    }
    text
}

fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap();
    relative.to_str().unwrap().to_owned()
}

/// Returns all files below `folder` with their bytes; none where it is missing.
fn files_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return files;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files
}
