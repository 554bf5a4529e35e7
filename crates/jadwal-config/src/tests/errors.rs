//! One test for each kind of error, each with its place and hint.

use expect_test::expect;

use super::{check_errors, sources};
use crate::{ReadError, Sources};

#[test]
fn a_syntax_error() {
    check_errors(
        &sources("[pipeline]\nname = \"a\nworkers = 1\n"),
        expect![[r#"
            etc/pipeline.toml:2:10: invalid basic string, expected `"`
        "#]],
    );
    check_errors(
        &sources("\u{FEFF}[pipeline\nname = \"a\"\n"),
        expect![[r#"
        etc/pipeline.toml:1:10: unclosed table, expected `]`
    "#]],
    );
    check_errors(
        &sources("[source]\npath = \"a\"\npath = \"b\"\n"),
        expect![[r#"
            etc/pipeline.toml:3:1: duplicate key
        "#]],
    );
    check_errors(
        &sources("[pipeline]\nstages = [\"clean\",\n\n[source]\npath = 1"),
        expect![[r#"
            etc/pipeline.toml:4:2: string values must be quoted, expected literal string
        "#]],
    );
}

#[test]
fn an_unknown_key_with_the_nearest_name() {
    check_errors(
        &sources("[pipeline]\n  wokers = 2\n\n[sorce]\npath = \"in\"\n"),
        expect![[r#"
            etc/pipeline.toml:2:3: pipeline.wokers: unknown field `wokers`, expected one of `name`, `stages`, `state`, `quarantine`, `workers`, `batch_size`, `queue`, `max_in_flight`, `max_in_flight_bytes`, `max_document_bytes`, `drain_timeout`, `breaker`
              hint: did you mean `workers`?
            etc/pipeline.toml:4:2: sorce: unknown field `sorce`, expected one of `pipeline`, `source`, `stages`, `test`
              hint: did you mean `source`?
        "#]],
    );
    check_errors(
        &sources("[stages.emit.options]\npath = \"x\"\npth = \"y\"\n"),
        expect![[r#"
            etc/pipeline.toml:3:1: stages.emit.options.pth: unknown field `pth`, expected one of `path`, `chrome`, `min_words`, `max_words`, `segment`, `pause`, `labels`, `loud`
              hint: did you mean `path`?
        "#]],
    );
    check_errors(
        &sources("stages.emit = { foo = \"x\", options = { \"خيار\" = 1, loudd = true } }"),
        expect![[r#"
            etc/pipeline.toml:1:17: stages.emit.foo: unknown field `foo`, expected one of `use`, `when`, `on_error`, `retries`, `timeout`, `options`
            etc/pipeline.toml:1:40: stages.emit.options."خيار": unknown field `خيار`, expected one of `path`, `chrome`, `min_words`, `max_words`, `segment`, `pause`, `labels`, `loud`
            etc/pipeline.toml:1:52: stages.emit.options.loudd: unknown field `loudd`, expected one of `path`, `chrome`, `min_words`, `max_words`, `segment`, `pause`, `labels`, `loud`
              hint: did you mean `loud`?
        "#]],
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    check_errors(
        &sources(
            "[pipeline]\nname = 5\nworkers = \"two\"\nstages = \"clean\"\n\n\
             [pipeline.breaker]\nenabled = \"no\"\n",
        ),
        expect![[r#"
            etc/pipeline.toml:2:8: pipeline.name: expected a string, found the number `5`
            etc/pipeline.toml:3:11: pipeline.workers: expected a whole number from 0 to 4294967295, found the string "two"
              hint: write the number without quotes; `${VAR}` always gives a string
            etc/pipeline.toml:4:10: pipeline.stages: expected a list, found the string "clean"
              hint: a list is written `["a", "b"]`
            etc/pipeline.toml:7:11: pipeline.breaker.enabled: expected `true` or `false`, found the string "no"
              hint: write it without quotes
        "#]],
    );
    check_errors(
        &sources(
            "[source]\npath = []\nsettle = \"soon\"\ninclude = [\"a\", 2]\non_done = \"mvoe\"\n\
             kind = \"s3\"\njsonl = 1\n",
        ),
        expect![[r#"
            etc/pipeline.toml:2:8: source.path: expected a string, found a list
            etc/pipeline.toml:3:10: source.settle: `soon` is not a duration; write it as `500ms`, `2s` or `5m`
            etc/pipeline.toml:4:17: source.include[1]: expected a string, found the number `2`
            etc/pipeline.toml:5:11: source.on_done: unknown value `mvoe`, expected one of `keep`, `move`, `delete`
              hint: did you mean `move`?
            etc/pipeline.toml:6:8: source.kind: unknown value `s3`, expected `folder`
            etc/pipeline.toml:7:9: source.jsonl: expected a table, found the number `1`
        "#]],
    );
    check_errors(
        &sources(
            "[stages.clean.options]\nchrome = \"kep\"\nlabels = [\"a\", 7]\nsegment = 5\n\
             pause = \"x\"\nmin_words = 500\n",
        ),
        expect![[r#"
            etc/pipeline.toml:2:10: stages.clean.options.chrome: unknown value `kep`, expected `remove` or `keep`
              hint: did you mean `keep`?
            etc/pipeline.toml:3:16: stages.clean.options.labels[1]: expected a string, found the number `7`
            etc/pipeline.toml:4:11: stages.clean.options.segment: expected a string, found the number `5`
        "#]],
    );
}

#[test]
fn wrong_options_of_a_stage_are_all_found_but_no_consequences() {
    // `min_words` is above the default of `max_words` only because `max_words` can't be read.
    check_errors(
        &sources("[stages.clean.options]\nmin_words = 500\nmax_words = \"many\"\nlod = true\n"),
        expect![[r#"
            etc/pipeline.toml:3:13: stages.clean.options.max_words: expected a whole number from 0 to 4294967295, found the string "many"
              hint: write the number without quotes; `${VAR}` always gives a string
            etc/pipeline.toml:4:1: stages.clean.options.lod: unknown field `lod`, expected one of `path`, `chrome`, `min_words`, `max_words`, `segment`, `pause`, `labels`, `loud`
              hint: did you mean `loud`?
        "#]],
    );
    check_errors(
        &sources("[stages.clean.options]\nmin_words = 500\nlod = true\n"),
        expect![[r#"
            etc/pipeline.toml:2:13: stages.clean.options.min_words: is above `max_words`
            etc/pipeline.toml:3:1: stages.clean.options.lod: unknown field `lod`, expected one of `path`, `chrome`, `min_words`, `max_words`, `segment`, `pause`, `labels`, `loud`
              hint: did you mean `loud`?
        "#]],
    );
}

#[test]
fn an_unknown_stage() {
    check_errors(
        &sources("[pipeline]\nstages = [\n  \"claen\",\n  \"emit\",\n]\n"),
        expect![[r#"
            etc/pipeline.toml:3:3: pipeline.stages[0]: unknown stage `claen`; the known ones are `clean`, `dedup`, `detect_language`, `emit`, `extract_entities`
              hint: did you mean `clean`?
        "#]],
    );
    check_errors(
        &sources("[pipeline]\nstages = [\"tidy\", \"emit\"]\n[stages.tidy]\nuse = \"Clean\"\n"),
        expect![[r#"
            etc/pipeline.toml:4:7: stages.tidy.use: unknown stage `Clean`; the known ones are `clean`, `dedup`, `detect_language`, `emit`, `extract_entities`
              hint: did you mean `clean`?
        "#]],
    );
}

#[test]
fn a_wrong_use_is_not_followed_by_an_unknown_id() {
    check_errors(
        &sources("pipeline.stages = [\"tidy\", \"emit\"]\nstages.tidy.use = 5\n"),
        expect![[r#"
            etc/pipeline.toml:2:19: stages.tidy.use: expected a string, found the number `5`
        "#]],
    );
}

#[test]
fn an_id_that_is_none_or_taken() {
    check_errors(
        &sources(
            "pipeline.stages = [\"clean\", \"detect-language\", \"a__b\", \"source\", \"clean\"]",
        ),
        expect![[r#"
            etc/pipeline.toml:1:29: pipeline.stages[1]: `detect-language` is not a stage id; expected lower-case letters, digits and `_`, such as `detect_language`
            etc/pipeline.toml:1:48: pipeline.stages[2]: `a__b` is not a stage id: two underscores separate the keys of environment variables
            etc/pipeline.toml:1:56: pipeline.stages[3]: `source` is not a stage id: it is the name of the source
            etc/pipeline.toml:1:66: pipeline.stages[4]: the stage `clean` is listed twice
              hint: give the second one an id of its own and say what it uses: `[stages.<id>]` with `use = "<kind>"`
        "#]],
    );
}

#[test]
fn a_wrong_order() {
    check_errors(
        &sources("[pipeline]\nstages = [\"extract_entities\", \"clean\", \"emit\"]\n"),
        expect![[r#"
            etc/pipeline.toml:2:11: pipeline.stages[0]: `extract_entities` needs a decoded text; put `clean`, which gives it, before it
              hint: move `clean` before `extract_entities`
        "#]],
    );
    check_errors(
        &sources("[pipeline]\nstages = [\"dedup\", \"emit\"]\n"),
        expect![[r#"
            etc/pipeline.toml:2:11: pipeline.stages[0]: `dedup` needs a decoded text; put a stage that gives it (`clean`) before it
              hint: add `clean` to pipeline.stages before `dedup`
            etc/pipeline.toml:2:20: pipeline.stages[1]: `emit` needs a decoded text; put a stage that gives it (`clean`) before it
              hint: add `clean` to pipeline.stages before `emit`
        "#]],
    );
    check_errors(
        &sources("[pipeline]\nstages = [\"clean\", \"emit\", \"dedup\"]\n"),
        expect![[r#"
            etc/pipeline.toml:2:28: pipeline.stages[2]: `dedup` comes after the sink `emit`, which has written the record
              hint: move `dedup` before `emit`
        "#]],
    );
}

#[test]
fn no_sink() {
    check_errors(
        &sources("[pipeline]\nstages = [\"clean\", \"dedup\"]\n"),
        expect![[r#"
            etc/pipeline.toml:2:10: pipeline.stages: no stage writes the records: the list has no sink
              hint: add `emit` at the end
        "#]],
    );
    check_errors(
        &sources("[pipeline]\nstages = []\n"),
        expect![[r#"
        etc/pipeline.toml:2:10: pipeline.stages: no stage writes the records: the list has no sink
          hint: add `emit` at the end
    "#]],
    );
}

#[test]
fn a_value_out_of_range() {
    check_errors(
        &sources(
            "[pipeline]\nname = \"My News\"\nbatch_size = 0\nqueue = -1\nworkers = 5000000000\n\
             max_document_bytes = \"1 GiB\"\nstate = \"\"\nbreaker.share = 1.5\n\n\
             [stages.clean]\ntimeout = \"0s\"\nretries = 99999999999999999999\n",
        ),
        expect![[r#"
            etc/pipeline.toml:2:8: pipeline.name: `My News` is not a name; expected lower-case letters, digits, `_` and `-`
            etc/pipeline.toml:3:14: pipeline.batch_size: expected a whole number, 1 or more, found the number `0`
            etc/pipeline.toml:4:9: pipeline.queue: expected a whole number, 1 or more, found the number `-1`
            etc/pipeline.toml:5:11: pipeline.workers: expected a whole number from 0 to 4294967295, found the number `5000000000`
            etc/pipeline.toml:6:22: pipeline.max_document_bytes: 1 GiB is more than pipeline.max_in_flight_bytes (64 MiB): such a document could never be admitted
              hint: raise max_in_flight_bytes, or lower max_document_bytes
            etc/pipeline.toml:7:9: pipeline.state: expected the path of a folder, found an empty one
            etc/pipeline.toml:8:17: pipeline.breaker.share: expected a share above 0, at most 1, found 1.5
              hint: to turn the breaker off, set `enabled = false`
            etc/pipeline.toml:11:11: stages.clean.timeout: no document is done in no time; expected a duration above 0
            etc/pipeline.toml:12:11: stages.clean.retries: the number `99999999999999999999` does not fit 64 bits
              hint: put it in quotes if a text is meant
        "#]],
    );
    check_errors(
        &sources("[pipeline]\nmax_in_flight_bytes = \"1 MiB\"\nbreaker.share = nan\n"),
        expect![[r#"
            etc/pipeline.toml:2:23: pipeline.max_document_bytes: 64 MiB is more than pipeline.max_in_flight_bytes (1 MiB): such a document could never be admitted
              hint: raise max_in_flight_bytes, or lower max_document_bytes
            etc/pipeline.toml:3:17: pipeline.breaker.share: `nan` is not a finite number
              hint: put it in quotes if a text is meant
        "#]],
    );
    check_errors(
        &sources(
            "[source]\ninclude = []\ndone_marker = \"a/b\"\npoll_interval = \"0s\"\n\
             jsonl.text_field = \"\"\n",
        ),
        expect![[r#"
            etc/pipeline.toml:2:11: source.include: expected a glob or more: without one, no file is taken
              hint: all files are `["**"]`
            etc/pipeline.toml:3:15: source.done_marker: expected the ending of a name, such as `.done`, found a path
            etc/pipeline.toml:4:17: source.poll_interval: expected a duration above 0
            etc/pipeline.toml:5:20: source.jsonl.text_field: expected the name of a field, found an empty one
        "#]],
    );
}

#[test]
fn a_bad_glob() {
    check_errors(
        &sources("[source]\ninclude = [\"**/*.txt\", \"[a-\"]\nexclude = [\"{a\"]\n"),
        expect![[r#"
            etc/pipeline.toml:2:24: source.include[1]: `[a-` is not a glob: unclosed character class; missing ']'
            etc/pipeline.toml:3:12: source.exclude[0]: `{a` is not a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
        "#]],
    );
}

#[test]
fn a_table_of_a_stage_that_is_not_listed() {
    check_errors(
        &sources("[stages.claen.options]\nloud = true\n\n[stages.summarise]\nretries = 1\n"),
        expect![[r#"
            etc/pipeline.toml:1:9: stages.claen: the stage `claen` is not in pipeline.stages
              hint: did you mean `clean`?
            etc/pipeline.toml:4:9: stages.summarise: the stage `summarise` is not in pipeline.stages
              hint: add `summarise` to `stages` in [pipeline], or remove this table
        "#]],
    );
}

#[test]
fn done_files_inside_the_source() {
    check_errors(
        &sources("[source]\npath = \"in\"\non_done = \"move\"\ndone_dir = \"./in/done\"\n"),
        expect![[r#"
            etc/pipeline.toml:4:12: source.done_dir: lies inside the source folder: files moved there would be read again
              hint: choose a folder outside it, or add `done/**` to source.exclude
        "#]],
    );
}

#[test]
fn a_test_that_contradicts_itself() {
    check_errors(
        &sources(
            "[[test]]\nname = \"none\"\n\n[[test]]\ninput = \"a\"\nfile = \"b\"\n\
             expect = { fate = \"delivered\", drop = \"empty\", error = \"x\", langauge = \"ar\" }\n",
        ),
        expect![[r#"
            etc/pipeline.toml:1:1: test[0]: expected `input` or `file`, found neither
            etc/pipeline.toml:7:39: test[1].expect.drop: only a dropped document has a reason to be dropped
              hint: set `fate = "dropped"`, or leave `drop` out
            etc/pipeline.toml:7:56: test[1].expect.error: only a quarantined document has an error
              hint: set `fate = "quarantined"`, or leave `error` out
            etc/pipeline.toml:7:61: test[1].expect.langauge: unknown field `langauge`, expected one of `fate`, `drop`, `error`, `language`, `title`, `created`, `contains`, `not_contains`, `entities`
              hint: did you mean `language`?
        "#]],
    );
}

#[test]
fn a_variable_of_the_wrong_type() {
    check_errors(
        &sources("[pipeline]\nworkers = 2\n").with_env([
            ("JADWAL__PIPELINE__WORKERS", "many"),
            ("JADWAL__STAGES__EMIT__OPTIONS__LOUD", "2"),
            ("JADWAL__STAGES__EMIT__OPTIONS__LABELS__0", "PER"),
            ("JADWAL__STAGES__EMITT__RETRIES", "2"),
            ("JADWAL__LOG", "debug"),
            ("JADWAL__PIPELINE__", "2"),
        ]),
        expect![[r#"
            environment variable JADWAL__LOG: log: unknown field `log`, expected one of `pipeline`, `source`, `stages`, `test`
            environment variable JADWAL__PIPELINE__: names no key
              hint: separate keys by two underscores: JADWAL__PIPELINE__WORKERS
            environment variable JADWAL__PIPELINE__WORKERS: pipeline.workers: expected a whole number from 0 to 4294967295, found the string "many"
              hint: write the number without quotes; `${VAR}` always gives a string
            environment variable JADWAL__STAGES__EMITT__RETRIES: stages.emitt: the stage `emitt` is not in pipeline.stages
              hint: did you mean `emit`?
            environment variable JADWAL__STAGES__EMIT__OPTIONS__LABELS__0: stages.emit.options.labels: expected a list, found a table
              hint: a list is set as a whole: `["a", "b"]`
            environment variable JADWAL__STAGES__EMIT__OPTIONS__LOUD: stages.emit.options.loud: expected `true` or `false`, found the number `2`
        "#]],
    );
}

#[test]
fn an_argument_with_an_unknown_key() {
    check_errors(
        &sources("").with_sets([
            "pipeline.wokers=2",
            "stages.emit.options={ pth = \"a\", loud = 1 }",
            "pipeline..workers=2",
            "workers",
            "source.include=*.txt",
        ]),
        expect![[r#"
            --set pipeline..workers=2: expected `key.path=value`
              hint: such as `--set pipeline.workers=2`
            --set pipeline.wokers=2: pipeline.wokers: unknown field `wokers`, expected one of `name`, `stages`, `state`, `quarantine`, `workers`, `batch_size`, `queue`, `max_in_flight`, `max_in_flight_bytes`, `max_document_bytes`, `drain_timeout`, `breaker`
              hint: did you mean `workers`?
            --set source.include=*.txt: source.include: expected a list, found the string "*.txt"
              hint: a list is written `["a", "b"]`
            --set stages.emit.options={ pth = "a", loud = 1 }: stages.emit.options.loud: expected `true` or `false`, found the number `1`
            --set stages.emit.options={ pth = "a", loud = 1 }: stages.emit.options.pth: unknown field `pth`, expected one of `path`, `chrome`, `min_words`, `max_words`, `segment`, `pause`, `labels`, `loud`
              hint: did you mean `path`?
            --set workers: expected `key.path=value`
              hint: such as `--set pipeline.workers=2`
        "#]],
    );
}

#[test]
fn a_reference_to_an_unset_variable() {
    check_errors(
        &sources(
            "[source]\npath = \"${INBOX}/a\"\ninclude = [\"*.txt\", \"${KIND}\"]\n\n\
             [stages.emit.options]\nsegment = \"${SIZE\"\nlabels = [\"${1}\"]\n",
        )
        .with_sets(["stages.emit.options.path=${OUT}"]),
        expect![[r#"
            etc/pipeline.toml:2:8: source.path: the environment variable `INBOX` is not set
              hint: set `INBOX`, or give a default: `${INBOX:-...}`
            etc/pipeline.toml:3:21: source.include[1]: the environment variable `KIND` is not set
              hint: set `KIND`, or give a default: `${KIND:-...}`
            etc/pipeline.toml:6:11: stages.emit.options.segment: `${` without `}`
              hint: write `$${` for `${` itself
            etc/pipeline.toml:7:11: stages.emit.options.labels[0]: `${1}` names no environment variable
              hint: write `${NAME}` or `${NAME:-default}`, and `$${` for `${` itself
            --set stages.emit.options.path=${OUT}: stages.emit.options.path: the environment variable `OUT` is not set
              hint: set `OUT`, or give a default: `${OUT:-...}`
        "#]],
    );
}

#[test]
fn columns_count_characters_and_lines_may_end_with_return() {
    check_errors(
        &sources("[source]\r\ninclude = [\"أخبار\", 5]\r\n"),
        expect![[r#"
            etc/pipeline.toml:2:21: source.include[1]: expected a string, found the number `5`
        "#]],
    );
}

#[test]
fn findings_serialise_for_machines() {
    let errors = super::loaded(&sources("[pipeline]\nwokers = 2\n")).unwrap_err();
    let json = serde_json::to_value(&errors).unwrap();
    assert_eq!(json[0]["line"], 2);
    assert_eq!(json[0]["column"], 1);
    assert_eq!(json[0]["key"], "pipeline.wokers");
    assert_eq!(json[0]["severity"], "error");
    assert_eq!(json[0]["origin"]["kind"], "file");
    assert_eq!(json[0]["hint"], "did you mean `workers`?");
}

#[cfg(unix)]
#[test]
fn variables_that_are_not_utf_8() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    let bad = || OsString::from_vec(vec![b'a', 0xFF]);
    let env = [
        (OsString::from("JADWAL__PIPELINE__NAME"), bad()),
        (OsString::from("INBOX"), bad()),
        (OsString::from("UNUSED"), bad()),
        (bad(), bad()),
    ];
    check_errors(
        &sources("source.path = \"${INBOX}\"\n").with_env(env),
        expect![[r#"
            etc/pipeline.toml:1:15: source.path: the environment variable `INBOX` is not UTF-8
              hint: give `INBOX` a UTF-8 value
            environment variable JADWAL__PIPELINE__NAME: is not UTF-8
              hint: give it a UTF-8 value
        "#]],
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipeline.toml");
    let missing = Sources::read(&path).unwrap_err();
    assert!(matches!(missing, ReadError::Io { .. }));

    std::fs::write(&path, b"[pipeline]\nname = \"\xFF\"\n").unwrap();
    let binary = Sources::read(&path).unwrap_err();
    assert!(matches!(binary, ReadError::NotUtf8 { line: 2, .. }));

    std::fs::write(&path, "[pipeline]\nname = \"a\"\n").unwrap();
    let sources = Sources::read(&path).unwrap();
    assert_eq!(
        super::loaded(&sources).unwrap().plan.base_dir,
        folder.path()
    );
}
