//! Names and files that are not what one expects.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::lab::{Lab, distinct, is_alone, labels};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn names_are_bytes() {
    for once in [true, false] {
        let mut lab = Lab::new();
        lab.options.once = once;
        lab.options.include = vec!["**/*.txt".to_owned()];
        let names: [&[u8]; 4] = [
            b"\xff\xfe.txt",
            b"two\nlines.txt",
            "خبر.txt".as_bytes(),
            b" .txt",
        ];
        for name in names {
            lab.write(name, "x");
        }
        let got = match once {
            true => lab.batch(),
            false => lab.daemon_at_once().wait_for(4),
        };
        assert_eq!(
            distinct(&got),
            [" .txt", "\\xFF\\xFE.txt", "two\nlines.txt", "خبر.txt"]
        );
    }
}

#[test]
fn a_fifo_is_never_opened() {
    let lab = Lab::new();
    let status = Command::new("mkfifo").arg(lab.root.join("a.txt")).status();
    assert!(status.unwrap().success());
    lab.write("b.txt", "b");
    let daemon = lab.daemon_at_once();
    assert_eq!(labels(&daemon.wait_for(1)), ["b.txt"]);
    drop(daemon);
    let mut batch = Lab::batch_lab();
    batch.options.roots.clone_from(&lab.options.roots);
    assert_eq!(labels(&batch.batch()), ["b.txt"]);
    assert_eq!((lab.counts().special, batch.counts().special), (1, 1));
}

#[test]
fn symbolic_links_are_left_alone_unless_asked_for_and_circles_end() {
    for once in [true, false] {
        let mut lab = Lab::new();
        lab.options.once = once;
        lab.write("sub/a.txt", "a");
        let outside = lab.dir.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("b.txt"), "b").unwrap();
        symlink(&lab.root, lab.root.join("sub/circle")).unwrap();
        symlink(&outside, lab.root.join("linked")).unwrap();
        symlink(outside.join("b.txt"), lab.root.join("c.txt")).unwrap();
        symlink("nowhere", lab.root.join("dangling.txt")).unwrap();
        let run = |lab: &Lab, count| match once {
            true => lab.batch(),
            false => {
                let daemon = lab.daemon();
                daemon.wait_for(count);
                daemon.after(Duration::from_millis(300))
            }
        };
        assert_eq!(labels(&run(&lab, 1)), ["sub/a.txt"]);
        assert_eq!(lab.counts().special, 4, "each link is counted once");
        lab.options.follow_symlinks = true;
        let got = run(&lab, 2);
        assert_eq!(
            (distinct(&got), got.len()),
            (vec!["c.txt", "linked/b.txt"], 2)
        );
    }
}

#[test]
fn a_skipped_folder_is_skipped_under_any_name() {
    let mut lab = Lab::batch_lab();
    let link = lab.dir.path().join("link");
    symlink(&lab.root, &link).unwrap();
    lab.write("state/a.txt", "a");
    lab.write("b.txt", "b");
    lab.options.skip_dirs = vec![lab.root.join("state")];
    lab.options.roots[0].path = link;
    assert_eq!(labels(&lab.batch()), ["b.txt"]);
}

#[test]
fn what_may_not_be_read_is_counted_once_and_read_when_it_may() {
    // Permissions do not bind the superuser, so this runs as somebody else.
    let name = "strange::what_may_not_be_read_is_counted_once_and_read_when_it_may";
    let other_user = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    let lab = Lab::new();
    let path = lab.write("a.txt", "a");
    let locked = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    locked(0);
    if fs::read(&path).is_ok() && !is_alone(name, &other_user) {
        return;
    }
    let daemon = lab.daemon();
    lab.write("b.txt", "b");
    assert_eq!(labels(&daemon.wait_for(1)), ["b.txt"]);
    assert_eq!(lab.counts().unreadable, 1);
    locked(0o644);
    assert_eq!(daemon.wait_for(2)[1].label, "a.txt");
}

#[test]
fn packed_files_are_unpacked_whatever_they_are_made_of() {
    let lab = Lab::batch_lab();
    let members = [gzip(b"one, "), gzip(b""), gzip(b"two")].concat();
    lab.write("a.txt.gz", members);
    let frames = [
        zstd::encode_all(&b"three, "[..], 3),
        zstd::encode_all(&b"four"[..], 3),
    ];
    lab.write("b.txt.zst", frames.map(Result::unwrap).concat());
    for name in ["a.txt.gz", "b.txt.zst"] {
        lab.set_modified(name, 1);
    }
    let got = lab.batch();
    let raws: Vec<_> = got.iter().map(|got| (&*got.raw, got.bytes.end)).collect();
    assert_eq!(raws, [("one, two", 8), ("three, four", 11)]);
}

/// Scenario: a packed file holds far more than its length makes one expect.
/// Guarantees: it takes room in the admission budget for what it really is.
#[test]
fn packed_files_take_room_for_what_is_in_them() {
    let lab = Lab::batch_lab();
    let unpacked = 500_000;
    lab.write("a.txt.gz", gzip(&vec![b'a'; unpacked]));
    assert!(lab.room_for_batch() >= unpacked as u64);
}

#[test]
fn what_is_too_long_or_broken_is_refused_with_the_bytes_of_the_file() {
    let mut lab = Lab::batch_lab();
    lab.options.max_document_bytes = 1 << 20;
    let bomb = gzip(&vec![0; 30 << 20]);
    let cut = gzip(b"some text that is cut short");
    let zcut = zstd::encode_all(&vec![b'x'; 3000][..], 3).unwrap();
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("1.txt.gz", bomb, "unpacks to more than 1048576 bytes"),
        (
            "2.txt.gz",
            cut[..cut.len() - 9].to_vec(),
            "failed to unpack gzip",
        ),
        (
            "3.txt.gz",
            b"no gzip at all".to_vec(),
            "failed to unpack gzip",
        ),
        ("4.txt.gz", Vec::new(), "failed to unpack gzip"),
        (
            "5.txt.zst",
            zcut[..zcut.len() - 3].to_vec(),
            "failed to unpack zstd",
        ),
        ("6.txt.zst", Vec::new(), "failed to unpack zstd"),
        (
            "7.txt",
            vec![b'x'; (1 << 20) + 1],
            "too long for a document: 1048577 bytes",
        ),
    ];
    for (name, content, _) in &cases {
        lab.write(name, content);
        lab.set_modified(name, 1);
    }
    let got = lab.batch();
    assert_eq!(got.len(), cases.len());
    for (got, (name, content, error)) in got.iter().zip(&cases) {
        assert_eq!(got.label, *name);
        let found = got.error.as_deref().unwrap_or_default();
        assert!(found.starts_with(error), "{name}: {found}");
        assert_eq!(got.raw, String::from_utf8_lossy(content), "{name}");
        assert_eq!(got.packed, *name != "7.txt");
        assert_eq!(got.next, None);
    }
    assert_eq!(lab.counts().refused, 7);
    assert_eq!(lab.batch(), []);
}

#[test]
fn an_empty_file_is_a_document() {
    let lab = Lab::batch_lab();
    lab.write("a.txt", "");
    let got = lab.batch();
    assert_eq!((labels(&got), got[0].bytes.clone()), (vec!["a.txt"], 0..0));
}
