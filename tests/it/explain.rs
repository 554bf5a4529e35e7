//! `jadwal explain` shows what happens to a file, and what happened to a document.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::place::{NOW, Place};
use crate::repository::{CONFIG, STORY, assert_contains, documents, inbox, repository};
use crate::wait::wait_until;

fn explain(place: &Place, args: &[&str], code: i32) -> String {
    let args = ["explain"].iter().chain(args);
    place.jadwal(args).run().expect(code).text()
}

#[test]
fn a_file_is_shown_stage_by_stage() {
    let place = Place::with_config(CONFIG);
    let sample = repository("samples/harbour-ar.txt");
    let text = explain(&place, &[sample.to_str().unwrap()], 0);
    assert_contains(
        &text,
        &[
            "clean",
            "encoding",
            "utf-8",
            "title",
            "- ",
            "تسجيل الدخول",
            "language",
            "ar Arab",
            "iso3166:IT",
            "bytes ",
            "delivered",
        ],
    );
    // Each right-to-left line is isolated, so that what stands around it keeps its order.
    assert_contains(&text, &["\u{2068}ميناء الزيتون"]);
    assert!(!place.path("var").exists() && !place.path("out").exists());
}

#[test]
fn right_to_left_text_is_reordered_on_request() {
    let place = inbox(&[("a.txt", "قال 5 كلمات\n".as_bytes())]);
    let text = explain(&place, &["inbox/a.txt", "--bidi", "visual"], 0);
    assert_contains(&text, &["تاملك 5 لاق"]);
    assert!(!text.contains('\u{2068}'));
}

#[test]
fn a_file_that_fails_says_where() {
    let place = inbox(&[
        ("a.txt", b"%PDF-1"),
        ("b.jsonl", b"{\"text\": 5}\n{\"text\": \"Noon.\"}"),
    ]);
    let text = explain(&place, &["inbox/a.txt"], 1);
    assert_contains(&text, &["quarantined by clean", "a PDF document, not text"]);
    let text = explain(&place, &["inbox/b.jsonl"], 1);
    assert_contains(
        &text,
        &["quarantined by the source:", "line 1", "Noon.", "delivered"],
    );
}

#[test]
fn what_the_source_refused_is_looked_up_by_its_id() {
    let place = inbox(&[("b.jsonl", b"{\"text\": 5}\n{\"text\": \"Noon.\"}")]);
    place.jadwal(["batch"]).run().expect(1);
    let rows = documents(&place);
    let refused = rows.iter().find(|row| row["fate"] == "quarantined");
    let id = refused.unwrap()["id"].as_str().unwrap();
    let text = explain(&place, &[id], 1);
    let told = ["what the present", "quarantined by the source:", "line 1"];
    assert_contains(&text, &told);
}

#[test]
fn a_document_is_looked_up_by_its_id() {
    let place = inbox(&[("1.txt", STORY.as_bytes()), ("2.txt", STORY.as_bytes())]);
    place.set_modified("inbox/1.txt", NOW - 2);
    place.set_modified("inbox/2.txt", NOW - 1);
    place.jadwal(["batch"]).run().expect(0);
    let records = place.records("out/records.jsonl");
    let id = records[0]["id"].as_str().unwrap();
    let text = explain(&place, &[id], 0);
    assert_contains(
        &text,
        &[
            "delivered",
            "1.txt#0",
            "dropped",
            "2.txt#0",
            "like 1.00",
            "what the present configuration makes of",
        ],
    );
    let unknown = place.jadwal(["explain", &"0".repeat(32)]).run().expect(2);
    assert_contains(&unknown.err, &["the ledger knows no document", "hint:"]);
    let nonsense = place.jadwal(["explain", "nothing"]).run().expect(2);
    assert_contains(
        &nonsense.err,
        &["is no file here, and no document id", "hint:"],
    );
}

/// A story in lines, and as another paper prints it: one line gone, another one new.
fn story_and_copy() -> (String, String) {
    let mut lines: Vec<_> = (0..8)
        .map(|line| {
            let words = (0..9).map(|word| format!("كلمة{}", line * 97 + word * 13));
            words.collect::<Vec<_>>().join(" ") + ".\n\n"
        })
        .collect();
    let story = lines.concat();
    lines[3] = "وأضاف المتحدث في وقت لاحق أن الميناء سيبقى مفتوحا.\n\n".to_owned();
    (story, lines.concat())
}

/// Scenario: the files of a near copy were moved when they were done, one under a number because its
/// name was taken; or a batch was told their folder by name.
/// Guarantees: both texts are found where they lie now.
#[test]
fn copies_are_found_wherever_their_files_lie_now() {
    let (story, copy) = story_and_copy();
    let set = ["--set", "stages.dedup.options.policy.copy=drop"];
    let moved = ["--set", "source.on_done=move"];
    for (folder, args) in [("inbox", &moved[..]), ("elsewhere", &["elsewhere"])] {
        let place = Place::with_config(CONFIG);
        let unreadable = Path::new(folder).join(OsStr::from_bytes(b"1\xFF.txt"));
        let named = format!("{folder}/2.txt");
        place.write("done/2.txt", "An older story of the same name.");
        place.write(&unreadable, &story);
        place.write(&named, &copy);
        place.set_modified(&unreadable, NOW - 2);
        place.set_modified(&named, NOW - 1);
        let batch = ["batch"].iter().chain(&set).chain(args);
        place.jadwal(batch).run().expect(0);
        let rows = documents(&place);
        let dropped = rows.iter().find(|row| row["fate"] == "dropped").unwrap();
        let id = dropped["id"].as_str().unwrap();
        let text = explain(&place, &[id], 0);
        assert_contains(
            &text,
            &[
                r"1\xFF.txt#0 and",
                "what the present",
                "+ \u{2068}وأضاف المتحدث",
            ],
        );
    }
}

#[test]
fn a_dropped_near_copy_is_shown_beside_what_it_copies() {
    let (story, copy) = story_and_copy();
    let place = inbox(&[("1.txt", story.as_bytes()), ("2.txt", copy.as_bytes())]);
    place.set_modified("inbox/1.txt", NOW - 2);
    place.set_modified("inbox/2.txt", NOW - 1);
    let set = "stages.dedup.options.policy.copy=drop";
    place.jadwal(["batch", "--set", set]).run().expect(0);
    let rows = documents(&place);
    assert_eq!(rows[1]["fate"], "dropped");
    assert_eq!(rows[1]["duplicate_of"], rows[0]["id"]);
    let likeness = rows[1]["similarity"].as_f64().unwrap();
    assert!((0.5..1.0).contains(&likeness), "{likeness}");

    let text = explain(&place, &[rows[1]["id"].as_str().unwrap()], 0);
    let told = format!("copy, likeness {likeness:.2}");
    assert_contains(&text, &["1.txt#0 and 2.txt#0", &told, "like "]);
    let marked = |mark: &str| text.lines().filter(|line| line.starts_with(mark)).count();
    assert_eq!((marked("= "), marked("+ ")), (7, 1));
    assert_contains(&text, &["- \u{2068}كلمة291", "+ \u{2068}وأضاف المتحدث"]);
}

#[test]
fn the_ledger_is_asked_beside_the_file() {
    let place = inbox(&[("1.txt", STORY.as_bytes())]);
    place.jadwal(["batch"]).run().expect(0);
    assert_contains(
        &explain(&place, &["inbox/1.txt"], 0),
        &["ledger:", "delivered", "1.txt#0"],
    );
}

#[test]
fn a_running_daemon_does_not_stand_in_the_way() {
    let place = inbox(&[("1.txt", STORY.as_bytes())]);
    let daemon = place.jadwal(["run"]).start();
    wait_until("it runs", || daemon.errors().contains("running"));
    let held = format!("ledger: held by process {}", daemon.pid());
    assert_contains(&explain(&place, &["inbox/1.txt"], 0), &[&held, "delivered"]);
    daemon.stop();
}
