//! Documents that are wrong in every way: each gets a clear error, and nothing is lost.

use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;

use crate::formats::gzip;
use crate::place::{Place, Running};
use crate::repository::{CONFIG, STORY, assert_contains, fates, inbox};
use crate::wait::wait_until;

/// Batches one file beside a good one and checks its fate and what is said of it. The raw bytes of a
/// quarantined file must be kept.
#[track_caller]
fn check(name: &str, bytes: &[u8], sets: &[&str], fate: &str, says: &str) {
    let place = inbox(&[(name, bytes), ("good.txt", STORY.as_bytes())]);
    let mut args = vec!["batch"];
    for set in sets {
        args.extend(["--set", set]);
    }
    let code = i32::from(fate == "quarantined");
    let outcome = place.jadwal(&args).run().expect(code);
    let fates = fates(&place);
    let (found, detail) = &fates[&(name.to_owned(), 0)];
    assert_eq!(found, fate, "{detail}");
    assert_contains(detail, &[says]);
    assert_eq!(fates[&("good.txt".to_owned(), 0)].0, "delivered");
    if fate == "quarantined" {
        assert_contains(&outcome.err, &["quarantin", says]);
        assert_contains(&outcome.err, &["quarantined  1"]);
        let raw = blake3::hash(bytes).to_hex()[..32].to_owned();
        let kept = std::fs::read(place.path("var/quarantine").join(raw)).unwrap();
        assert!(kept == bytes, "{name}: other bytes were kept");
    }
    assert!(place.path("inbox").join(name).exists());
}

#[test]
fn files_without_text_are_dropped() {
    check("empty.txt", b"", &[], "dropped", "empty");
    check(
        "blank.txt",
        " \n\t\u{a0}\r\n".as_bytes(),
        &[],
        "dropped",
        "empty",
    );
    check(
        "empty.html",
        b"<html><body></body></html>",
        &[],
        "dropped",
        "empty",
    );
}

#[test]
fn an_empty_file_of_lines_is_done_and_holds_nothing() {
    for bytes in ["", "\n\n  \n"] {
        let place = inbox(&[("wire.jsonl", bytes.as_bytes())]);
        place.jadwal(["batch"]).run().expect(0);
        assert!(fates(&place).is_empty());
        let listing = place.jadwal(["state", "ls"]).run().expect(0);
        assert_contains(&listing.text(), &["done", "wire.jsonl"]);
    }
}

#[test]
fn what_is_no_text_is_quarantined() {
    let zeros: Vec<u8> = (0..4000u32).map(|n| (n % 7) as u8).collect();
    check(
        "image.txt",
        b"\x89PNG\r\n\x1a\nxyz",
        &[],
        "quarantined",
        "a PNG image, not text",
    );
    check(
        "data.txt",
        &zeros,
        &[],
        "quarantined",
        "binary data, not text",
    );
    let office = b"PK\x03\x04 and the rest";
    check(
        "office.txt",
        office,
        &[],
        "quarantined",
        "a ZIP archive or office document",
    );
}

#[test]
fn bytes_in_no_known_encoding_are_quarantined() {
    let mut random = 1u64;
    let mut high_byte = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005) + 1;
        (random >> 56) as u8 | 0x80
    };
    let noise: Vec<u8> = (0..3000).map(|_| high_byte()).collect();
    check(
        "noise.txt",
        &noise,
        &[],
        "quarantined",
        "the bytes are in no known encoding",
    );
}

#[test]
fn broken_packed_files_are_quarantined_as_they_are() {
    let whole = gzip(STORY.repeat(50).as_bytes());
    check(
        "cut.txt.gz",
        &whole[..whole.len() / 2],
        &[],
        "quarantined",
        "failed to unpack gzip",
    );
    check(
        "cut.txt.zst",
        &zstd::bulk::compress(STORY.as_bytes(), 3).unwrap()[..40],
        &[],
        "quarantined",
        "failed to unpack zstd",
    );
    check(
        "none.txt.gz",
        b"",
        &[],
        "quarantined",
        "there is nothing in the packed file",
    );
    check(
        "not.txt.gz",
        b"plain text",
        &[],
        "quarantined",
        "failed to unpack gzip",
    );
}

#[test]
fn a_bomb_is_quarantined_before_it_fills_memory() {
    let bomb = gzip(&vec![b'a'; 40 << 20]);
    let small = ["pipeline.max_document_bytes=1 MiB"];
    check(
        "bomb.txt.gz",
        &bomb,
        &small,
        "quarantined",
        "unpacks to more than 1048576 bytes",
    );
    let bomb = zstd::bulk::compress(&vec![b'a'; 40 << 20], 3).unwrap();
    check(
        "bomb.txt.zst",
        &bomb,
        &small,
        "quarantined",
        "unpacks to more than 1048576 bytes",
    );
}

#[test]
fn what_is_too_long_is_quarantined_unread() {
    let long = "word ".repeat(1000);
    let small = ["pipeline.max_document_bytes=2000 B"];
    check(
        "long.txt",
        long.as_bytes(),
        &small,
        "quarantined",
        "too long for a document: 5000 bytes",
    );
}

#[test]
fn a_line_that_is_too_long_is_quarantined_alone() {
    let long = format!("{{\"text\": \"{}\"}}", "word ".repeat(1000));
    let lines =
        format!("{{\"text\": \"Noon has come.\"}}\n{long}\n{{\"text\": \"Evening has come.\"}}\n");
    for (name, bytes) in [
        ("a.jsonl", lines.clone().into_bytes()),
        ("a.jsonl.gz", gzip(lines.as_bytes())),
    ] {
        let place = inbox(&[(name, &bytes)]);
        let small = "pipeline.max_document_bytes=2000 B";
        place.jadwal(["batch", "--set", small]).run().expect(1);
        let fates = fates(&place);
        let fate = |record| fates[&(name.to_owned(), record)].clone();
        assert_eq!(
            (fate(0).0, fate(2).0),
            ("delivered".into(), "delivered".into())
        );
        let (middle, detail) = fate(1);
        assert_eq!(middle, "quarantined");
        assert_contains(&detail, &["line 2 is too long for a document: 5012 bytes"]);
        let raw = blake3::hash(long.as_bytes()).to_hex()[..32].to_owned();
        assert_eq!(
            std::fs::read(place.path("var/quarantine").join(raw)).unwrap(),
            long.as_bytes()
        );
    }
}

/// Scenario: a line of 200 MB and a JSON line of 64 MiB, with the limits that everyone has.
/// Guarantees: both are quarantined, and the process stays below 300 MB.
#[test]
fn very_long_lines_do_not_fill_memory() {
    let place = inbox(&[("good.txt", STORY.as_bytes())]);
    for (name, head, size) in [
        ("huge.txt", &b"long "[..], 200_000_000u64),
        ("huge.jsonl", &b"{\"text\": \""[..], 64 << 20),
    ] {
        // A hole reads as zero bytes and takes no room.
        let mut file = std::fs::File::create(place.path("inbox").join(name)).unwrap();
        file.write_all(head).unwrap();
        file.set_len(size).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        file.write_all(b"\"}\n").unwrap();
    }
    let run = place.jadwal(["batch"]).start();
    let mut most = 0;
    let mut run = run;
    wait_until("the batch ends", || {
        most = most.max(resident_kb(&run));
        run.has_ended()
    });
    run.wait().expect(1);
    assert!(most < 300_000, "{most} kB");
    let fates = fates(&place);
    assert_contains(
        &fates[&("huge.txt".to_owned(), 0)].1,
        &["too long for a document: 200000003 bytes"],
    );
    assert_contains(
        &fates[&("huge.jsonl".to_owned(), 0)].1,
        &["line 1 is too long for a document"],
    );
    assert_eq!(fates[&("good.txt".to_owned(), 0)].0, "delivered");
}

/// Memory of a process; 0 when it has ended.
fn resident_kb(run: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", run.pid())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    number.unwrap_or(0)
}

/// Scenario: a file vanishes between the listing and the reading.
#[test]
fn a_file_that_vanishes_is_no_error() {
    let place = inbox(&[("a.txt", STORY.as_bytes()), ("b.txt", b"Noon has come.")]);
    // The first open fails until the file is gone.
    let busy = place
        .jadwal(["batch"])
        .env("JADWAL_FAULT", "source.open=24@1..3")
        .start();
    wait_until("it was tried", || {
        busy.errors().contains("it is tried again")
    });
    std::fs::remove_file(place.path("inbox/a.txt")).unwrap();
    busy.wait().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 1);
}

/// Scenario: a file grows between the listing and the reading.
#[test]
fn a_file_that_grows_meanwhile_is_taken_whole() {
    let place = inbox(&[("a.txt", b"Noon has come.")]);
    let busy = place
        .jadwal(["batch"])
        .env("JADWAL_FAULT", "source.open=24@1..3")
        .start();
    wait_until("it was tried", || {
        busy.errors().contains("it is tried again")
    });
    place.write("inbox/a.txt", "Noon has come.\n\nEvening has come, too.");
    busy.wait().expect(0);
    let records = place.records("out/records.jsonl");
    assert_eq!(records.len(), 1);
    assert_eq!(
        records[0]["text"],
        "Noon has come.\n\nEvening has come, too."
    );
}

#[test]
fn a_file_without_permission_is_reported_and_left() {
    let place = inbox(&[("a.txt", STORY.as_bytes()), ("b.txt", b"Noon has come.")]);
    let locked = place.path("inbox/a.txt");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&locked).is_ok() {
        println!("SKIPPED: this user may read everything; a refused open is injected instead");
        let refused = place
            .jadwal(["batch"])
            .env("JADWAL_FAULT", "source.open=13@1")
            .run();
        let refused = refused.expect(1);
        assert_contains(
            &refused.err,
            &["may not be read; left where it is", "unreadable   1"],
        );
    } else {
        let refused = place.jadwal(["batch"]).run().expect(1);
        assert_contains(
            &refused.err,
            &["a.txt", "may not be read; left where it is"],
        );
    }
    assert_eq!(place.records("out/records.jsonl").len(), 1);
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o644)).unwrap();
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 2);
}

/// Scenario: names with blanks, newlines and bytes that are no UTF-8; pipes, links, a socket.
#[test]
fn strange_names_and_kinds_of_files_do_no_harm() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let place = Place::with_config(CONFIG);
    for (number, name) in [&b"two words.txt"[..], b"two\nlines.txt", b"\xff\xfe.txt"]
        .iter()
        .enumerate()
    {
        let name = std::path::Path::new("inbox").join(OsStr::from_bytes(name));
        place.write(name, format!("Ferry {number} leaves at noon."));
    }
    std::os::unix::fs::symlink("../inbox", place.path("inbox/loop")).unwrap();
    std::os::unix::fs::symlink("two words.txt", place.path("inbox/link.txt")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(place.path("inbox/socket.txt")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(place.path("inbox/pipe.txt"))
        .status();
    assert!(made.unwrap().success());
    place.jadwal(["batch"]).run().expect(0);
    let records = place.records("out/records.jsonl");
    let mut names: Vec<_> = records
        .iter()
        .map(|record| record["metadata"]["file_path"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["\\xFF\\xFE.txt", "two\nlines.txt", "two words.txt"]);
}

/// Scenario: most documents fail, as under a wrong configuration.
#[test]
fn the_breaker_stops_before_the_folder_is_emptied() {
    let place = Place::with_config(CONFIG);
    for number in 0..60 {
        place.write(format!("inbox/{number:02}.txt"), format!("%PDF-{number}"));
    }
    let sets = [
        "pipeline.breaker.window=10",
        "pipeline.batch_size=1",
        "source.on_done=move",
    ];
    let args = sets.iter().flat_map(|set| ["--set", set]);
    let args: Vec<_> = ["batch"].into_iter().chain(args).collect();
    let outcome = place.jadwal(&args).run().expect(3);
    assert_contains(
        &outcome.err,
        &[
            "of the last 10 documents were quarantined",
            "hint: `jadwal quarantine list`",
        ],
    );
    let left = std::fs::read_dir(place.path("inbox")).unwrap().count();
    let done = std::fs::read_dir(place.path("done")).unwrap().count();
    assert_eq!(left + done, 60);
    println!("{left} files left");
}
