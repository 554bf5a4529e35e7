//! `when`: what it may read, where its faults are, and who may not rely on a stage that has one.

use expect_test::expect;

use super::{check_errors, good, loaded, render, sources};
use crate::StageFiles;

/// Returns a file whose `extract_entities` has this condition, as a literal string.
fn with(condition: &str) -> String {
    format!("[stages.extract_entities]\nwhen = '{condition}'\n")
}

#[test]
fn a_condition_is_part_of_the_plan_and_of_the_hash() {
    let plan = |condition| good(&with(condition)).plan;
    let arabic = plan("language == \"ar\" && size(text) > 200");
    let when = arabic.stages[3].when.as_ref().unwrap();
    assert_eq!(when.source(), "language == \"ar\" && size(text) > 200");
    assert!(arabic.stages[0].when.is_none());
    let english = plan("language == \"en\"");
    assert_ne!(
        arabic.info(&[], &StageFiles::new()).config_hash,
        english.info(&[], &StageFiles::new()).config_hash
    );
    assert_ne!(
        english.info(&[], &StageFiles::new()).config_hash,
        good("").plan.info(&[], &StageFiles::new()).config_hash
    );
}

#[test]
fn a_fault_is_shown_where_it_stands() {
    check_errors(
        &sources(&with("langauge == \"ar\"")),
        expect![[r#"
        etc/pipeline.toml:2:9: stages.extract_entities.when: unknown variable `langauge`; the known ones are `text`, `language`, `script`, `language_score`, `entities`, `duplicate_of`, `revision_of`, `similarity`, `title`, `byline`, `url`, `created`, `encoding`, `tables`, `fields`, `extra`, `path`, `record`, `raw_size`
          hint: did you mean `language`?
    "#]],
    );
    check_errors(
        &sources(&with(
            "title == \"قطر\" && size(text) > \"a\" && lenght(text) > 2",
        )),
        expect![[r#"
            etc/pipeline.toml:2:38: stages.extract_entities.when: a whole number can't be compared with a string
              hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
            etc/pipeline.toml:2:53: stages.extract_entities.when: unknown function `lenght`; the known ones are `size`, `contains`, `startsWith`, `endsWith`, `matches`, `int`, `double`, `uint`, `string`, `bool`
              hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
        "#]],
    );
    check_errors(
        &sources(&with("size(text)")),
        expect![[r#"
        etc/pipeline.toml:2:8: stages.extract_entities.when: expected a condition, true or false; it gives a whole number
          hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
    "#]],
    );
    check_errors(
        &sources(&with("language == \"ar\" &&")),
        expect![[r#"
        etc/pipeline.toml:2:28: stages.extract_entities.when: not CEL: it ends too early
          hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
    "#]],
    );
    check_errors(
        &sources("[stages.extract_entities]\nwhen = \"\"\"\nlanguage == 'ar'\n  && foo\"\"\"\n"),
        expect![[r#"
            etc/pipeline.toml:4:6: stages.extract_entities.when: unknown variable `foo`; the known ones are `text`, `language`, `script`, `language_score`, `entities`, `duplicate_of`, `revision_of`, `similarity`, `title`, `byline`, `url`, `created`, `encoding`, `tables`, `fields`, `extra`, `path`, `record`, `raw_size`
              hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
        "#]],
    );
    check_errors(
        &sources("[stages.extract_entities]\nwhen = \"title == \\\"a\\\" && foo\"\n"),
        expect![[r#"
            etc/pipeline.toml:2:8: stages.extract_entities.when: unknown variable `foo`; the known ones are `text`, `language`, `script`, `language_score`, `entities`, `duplicate_of`, `revision_of`, `similarity`, `title`, `byline`, `url`, `created`, `encoding`, `tables`, `fields`, `extra`, `path`, `record`, `raw_size`
              hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
        "#]],
    );
    check_errors(
        &sources("stages.emit.when = 5\n"),
        expect![[r#"
        etc/pipeline.toml:1:20: stages.emit.when: expected a string, found the number `5`
    "#]],
    );
    check_errors(
        &sources("stages.emit.when = ''\n"),
        expect![[r#"
        etc/pipeline.toml:1:20: stages.emit.when: expected a condition, found none
          hint: conditions are written in CEL, such as `language == "ar" && size(text) > 200`
    "#]],
    );
}

#[test]
fn a_condition_reads_only_what_was_given_before() {
    check_errors(
        &sources("[stages.dedup]\nwhen = 'language == \"ar\" || script == \"Arab\"'\n"),
        expect![[r#"
            etc/pipeline.toml:2:8: stages.dedup.when: it reads `language`, `script`, but no stage before `dedup` gives a language
              hint: a condition is evaluated before its stage, on what earlier stages gave
        "#]],
    );
    check_errors(
        &sources("[stages.clean]\nwhen = 'size(text) > 3'\n"),
        expect![[r#"
            etc/pipeline.toml:2:8: stages.clean.when: it reads `text`, but no stage before `clean` gives a decoded text
              hint: a condition is evaluated before its stage, on what earlier stages gave
            etc/pipeline.toml:2:8: stages.clean.when: `dedup` needs a decoded text, and `clean` gives it only where this condition holds
              hint: take `when` off `clean`, or put a stage without one before `dedup` that gives a decoded text
        "#]],
    );
    good(
        "[stages.clean]\nwhen = 'path.endsWith(\".html\")'\n[pipeline]\nstages = [\"tidy\", \"clean\", \"emit\"]\n[stages.tidy]\nuse = \"clean\"\n",
    );
}

#[test]
fn nobody_relies_on_a_stage_with_a_condition() {
    check_errors(
        &sources("[stages.clean]\nwhen = 'path.endsWith(\".html\")'\n"),
        expect![[r#"
            etc/pipeline.toml:2:8: stages.clean.when: `dedup` needs a decoded text, and `clean` gives it only where this condition holds
              hint: take `when` off `clean`, or put a stage without one before `dedup` that gives a decoded text
        "#]],
    );
}

#[test]
fn a_condition_over_facts_that_are_not_always_there_is_doubtful() {
    let text = "[stages.detect_language]\nwhen = 'size(text) > 20'\n\
                [stages.extract_entities]\nwhen = 'language == \"ar\"'\n";
    let warnings = loaded(&sources(text)).unwrap().warnings;
    expect![[r#"
        etc/pipeline.toml:4:8: stages.extract_entities.when: it reads `language`, empty for documents that the `when` of `detect_language` does not hold for
          hint: take `when` off `detect_language`, or mind the empty value
    "#]].assert_eq(&render(&warnings));
}

/// A sink's condition sends records elsewhere; their hash tells it.
#[test]
fn a_sink_may_have_a_condition() {
    let text = "pipeline.stages = [\"clean\", \"detect_language\", \"arabic\", \"others\"]\n\
                [stages.arabic]\nuse = \"emit\"\nwhen = 'language == \"ar\"'\n\
                [stages.others]\nuse = \"emit\"\nwhen = 'language != \"ar\"'\n";
    let plan = good(text).plan;
    assert!(plan.stages[2].when.is_some() && plan.stages[3].when.is_some());
    let swapped = text.replace("!=", ">");
    assert_ne!(
        plan.info(&[], &StageFiles::new()).config_hash,
        good(&swapped)
            .plan
            .info(&[], &StageFiles::new())
            .config_hash
    );
}
