//! Near copies as the runtime meets them: relations, policies, waiting, restarts, reach.

use jadwal_core::state::StateWrite;

use serde_json::json;

use super::*;

/// Sentences of a story; `seed` makes another one.
fn sentences(seed: u32, count: u32) -> Vec<String> {
    (0..count)
        .map(|sentence| {
            let words: Vec<_> = (0..14)
                .map(|word| {
                    format!(
                        "كلمة{}",
                        (seed * 7919 + sentence * 104_729 + word * 31) % 999_983
                    )
                })
                .collect();
            words.join(" ") + "."
        })
        .collect()
}

fn story(seed: u32) -> String {
    sentences(seed, 12).join(" ")
}

/// The story as another paper prints it.
fn copy_of(seed: u32, edit: usize) -> String {
    let mut sentences = sentences(seed, 12);
    sentences[edit % 12] = format!("جملة جديدة كتبها المحرر رقم{edit} مكان التي كانت هنا من قبل.");
    sentences.join(" ")
}

fn rates(day: u32) -> String {
    format!(
        "أعلن المصرف المركزي أسعار صرف العملات الأجنبية ليوم {} مارس وجاءت على النحو الآتي. بلغ سعر شراء \
         الدولار {} وسعر البيع {} في التعاملات الصباحية. وسجل اليورو {} للشراء مقابل {} للبيع في السوق.",
        day,
        300 + day * 7,
        310 + day * 7,
        400 + day * 5,
        412 + day * 5
    )
}

fn marking() -> Lab {
    Lab::with_policy(Policy::Mark)
}

fn told(doc: &Document) -> (String, String) {
    let told = &doc.extra()[STAGE];
    let text = |key: &str| told[key].as_str().unwrap().to_owned();
    (text("relation"), text("of"))
}

#[test]
fn relations_are_named() {
    let whole = story(1);
    let part = sentences(1, 3).join(" ");
    let corrected = whole.replace("كلمة7919 ", "بلغ عدد الركاب 120 راكبا ");
    let corrected_again =
        corrected.replace("120", "134") + " وأضاف المتحدث في وقت لاحق أن العدد قد يرتفع.";
    let cases = [
        (whole.clone(), copy_of(1, 4), "copy"),
        (whole.clone(), part.clone(), "excerpt"),
        (part, whole.clone(), "revision"),
        (corrected, corrected_again, "revision"),
        (rates(3), rates(4), "series"),
    ];
    for (old, new, wanted) in cases {
        let mut lab = marking();
        let (first, _) = lab.offer(&old);
        lab.deliver(&first);
        let (doc, verdict) = lab.offer(&new);
        assert_eq!(verdict, Verdict::Pass);
        let of = first.id().to_string();
        assert_eq!(told(&doc), (wanted.to_owned(), of.clone()), "{old}\n{new}");
        let facts = doc.facts().duplicate.clone().unwrap();
        let joins = wanted != "series";
        assert_eq!(facts.cluster_id == of, joins, "{wanted}");
        assert_eq!(facts.cluster_size, if joins { 2 } else { 1 });
        assert_eq!(facts.revision_of == of, wanted == "revision");
        // One word for all marks what is a duplicate, and an issue of a series is none.
        assert_eq!(facts.duplicate_of == of, joins, "{wanted}");
    }
    let mut lab = marking();
    let (first, _) = lab.offer(&story(1));
    lab.deliver(&first);
    assert!(lab.offer(&story(2)).0.extra().is_empty());
}

#[test]
fn a_revision_tells_what_has_changed() {
    let old = format!(
        "{}\nبلغ عدد الركاب على متن العبارة 120 راكبا مساء أمس.\n",
        story(1)
    );
    let new = format!(
        "{}\nبلغ عدد الركاب على متن العبارة 134 راكبا مساء أمس.\nوأضاف المتحدث في وقت لاحق أن العدد قد يرتفع قليلا.\nوتوجهت سفينة ثانية من الميناء القريب إلى المكان للمساعدة في نقل الركاب.\n",
        sentences(1, 11).join(" ")
    );
    let mut lab = Lab::new(DedupOptions::default());
    let (first, _) = lab.offer(&old);
    lab.deliver(&first);
    let (doc, verdict) = lab.offer(&new);
    assert_eq!(verdict, Verdict::Pass);
    let told = &doc.extra()[STAGE];
    assert_eq!(told["relation"], "revision");
    assert_eq!(told["added"], json!([2, 3]));
    assert_eq!(told["removed"], 1);
    assert_eq!(told["figures"], json!([{ "now": "134", "was": "120" }]));
    // Kept by default: no duplicate, and yet of the story's cluster.
    let facts = doc.facts().duplicate.clone().unwrap();
    assert_eq!(facts.duplicate_of, "");
    assert_eq!(facts.revision_of, first.id().to_string());
    assert_eq!(facts.cluster_id, first.id().to_string());
}

#[test]
fn a_dropped_copy_says_of_what_and_how_much() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let (first, _) = lab.offer(&story(1));
    lab.deliver(&first);
    let Verdict::Drop(DropReason::Duplicate { of, similarity, by }) = lab.offer(&copy_of(1, 2)).1
    else {
        panic!("the copy was not dropped")
    };
    assert_eq!((of, by.as_str()), (first.id(), "copy"));
    assert!((0.6..1.0).contains(&similarity), "{similarity}");
    assert!(lab.dedup.holds_nothing());
}

#[test]
fn members_of_a_cluster_are_counted_in_order() {
    let mut lab = marking();
    let (first, _) = lab.offer(&story(1));
    lab.deliver(&first);
    for size in 2..6 {
        let (copy, verdict) = lab.offer(&copy_of(1, size));
        assert_eq!(verdict, Verdict::Pass);
        let facts = copy.facts().duplicate.clone().unwrap();
        assert_eq!(
            (facts.cluster_id, facts.cluster_size),
            (first.id().to_string(), size as u64)
        );
        // The next one counts this one, so it waits for it.
        let (next, verdict) = lab.offer(&copy_of(1, size + 1));
        assert_eq!(verdict, Verdict::Defer);
        assert!(next.facts().duplicate.is_none());
        lab.deliver(&copy);
    }
}

#[test]
fn a_near_copy_waits_for_one_in_flight_and_an_unlike_text_does_not() {
    let mut lab = marking();
    let (first, _) = lab.offer(&story(1));
    assert_eq!(lab.offer(&story(2)).1, Verdict::Pass);
    let (copy, verdict) = lab.offer(&copy_of(1, 3));
    assert_eq!(verdict, Verdict::Defer);
    lab.quarantine(&first);
    let (copy, verdict) = lab.offer_document(copy);
    assert_eq!(verdict, Verdict::Pass);
    assert!(
        copy.extra().is_empty(),
        "what it copies was never delivered"
    );
}

/// Scenario: issues of a report follow each other closely.
/// Guarantees: they wait for the first issue, and not each for the one before.
#[test]
fn a_series_does_not_stall() {
    let mut lab = Lab::new(DedupOptions::default());
    let (first, _) = lab.offer(&rates(1));
    assert_eq!(lab.offer(&rates(2)).1, Verdict::Defer);
    lab.deliver(&first);
    for day in 2..20 {
        let (issue, verdict) = lab.offer(&rates(day));
        assert_eq!(verdict, Verdict::Pass, "{day}");
        assert_eq!(told(&issue), ("series".to_owned(), first.id().to_string()));
        let facts = issue.facts().duplicate.clone().unwrap();
        assert_eq!(facts.cluster_id, issue.id().to_string(), "never merged");
    }
}

#[test]
fn a_restart_knows_what_was_delivered_and_nothing_else() {
    let mut lab = marking();
    let (delivered, _) = lab.offer(&story(1));
    lab.deliver(&delivered);
    lab.offer(&story(2));
    lab.restart();
    let (copy, _) = lab.offer(&copy_of(1, 3));
    assert_eq!(told(&copy).1, delivered.id().to_string());
    assert!(lab.offer(&copy_of(2, 3)).0.extra().is_empty());
}

#[test]
fn documents_out_of_the_window_are_not_compared() {
    for (days, known) in [(59, true), (61, false)] {
        let mut lab = marking();
        let (first, _) = lab.offer(&story(1));
        lab.deliver(&first);
        let raw = copy_of(1, 3);
        let mut place = provenance();
        place.modified = jiff::Timestamp::from_second(days * 24 * 3600).unwrap();
        let mut doc = Document::new(Bytes::from(raw.clone()), place);
        doc.set_seq(lab.next_seq);
        doc.replace_text(Edited {
            map: OriginMap::identity(raw.len()),
            text: raw,
        });
        let (copy, _) = lab.offer_document(doc);
        assert_eq!(!copy.extra().is_empty(), known, "{days} days");
    }
}

#[test]
fn rows_out_of_reach_are_not_found_and_forgotten() {
    let mut lab = Lab::new(DedupOptions {
        policy: Policies::all(Policy::Mark),
        near_documents: 1,
        ..DedupOptions::default()
    });
    let (first, _) = lab.offer(&story(1));
    lab.deliver(&first);
    lab.next_seq = 2 * crate::table::GENERATION - 1;
    let (copy, _) = lab.offer(&copy_of(1, 3));
    assert_eq!(told(&copy).0, "copy");
    lab.quarantine(&copy);
    let (late, _) = lab.offer(&copy_of(1, 4));
    assert!(late.extra().is_empty());
    let forgotten = |write: &&StateWrite| write.value.is_none();
    let writes = late.delivery_writes();
    assert_eq!(writes.iter().filter(forgotten).count(), 1);
    // The exact text is known for ever.
    assert_eq!(told(&lab.offer(&story(1)).0).0, "raw");
}

/// Scenario: a report has come out so often that its words lead to its first issues only.
/// Guarantees: a copy of a late issue, with another line below, is found by its figures.
#[test]
fn a_copy_of_a_late_issue_is_found() {
    let mut lab = marking();
    let mut late = None;
    for day in 1..29 {
        let (doc, _) = lab.offer(&rates(day));
        lab.deliver(&doc);
        late = Some(doc);
    }
    let closing = "تنشر هذه المادة ضمن ملف تعده أسرة التحرير كل أسبوع وتستقبل فيه آراء القراء الكرام ومقترحاتهم.";
    let (copy, _) = lab.offer(&format!("{}\n{closing}", rates(28)));
    let of = late.unwrap().id().to_string();
    assert_eq!(told(&copy), ("copy".to_owned(), of));
}

/// Notices of one form are about other people, and a copy of one is a copy.
#[test]
fn notices_with_other_names_are_not_merged() {
    let notice = |dead: &str, mosque: &str, son: &str| {
        format!(
            "انتقل إلى رحمة الله\n\nبقلوب مؤمنة بقضاء الله وقدره تنعى الأسرة فقيدها المرحوم بإذن الله {dead} الذي \
             وافته المنية بعد معاناة مع المرض.\n\nوسيصلى عليه عقب صلاة العصر في جامع {mosque} ويستقبل ابنه {son} \
             المعزين في منزل الفقيد.\n\nسائلين المولى عز وجل أن يتغمده بواسع رحمته ويسكنه فسيح جناته ويلهم أهله \
             وذويه الصبر والسلوان إنا لله وإنا إليه راجعون."
        )
    };
    let english = |dead: &str, town: &str| {
        format!(
            "A service in memory of {dead} will be held at the chapel of {town} on Friday, and the family will \
             receive guests afterwards in the parish hall. In lieu of flowers they ask that donations be made to \
             the hospice whose nurses gave such kind and patient care to the end."
        )
    };
    let closed = |street: &str, below: &str| {
        format!(
            "إغلاق شارع {street}\n\nأعلنت البلدية في الدوحة إغلاق شارع {street} أمام المركبات من مساء الخميس \
             لإصلاح أنابيب المياه ودعت السكان إلى إيقاف سياراتهم في الساحات القريبة.\n\n{below}"
        )
    };
    let follow = "لمتابعة أخبار المدينة أولا بأول يمكن للقراء الانضمام إلى قناتنا على تطبيقات المراسلة أو تنزيل \
                  تطبيق الصحيفة على هواتفهم.";
    let write = "تستقبل الصحيفة رسائل القراء وصورهم واقتراحاتهم طوال أيام العمل عبر بريد التحرير وتنشر ما تراه \
                 منها مناسبا في صفحة مستقلة.";
    let first = notice("محمد خالد العتيبي", "الفاروق", "سعيد");
    let cases = [
        (
            closed("الكورنيش", follow),
            closed("الكورنيش", write),
            "copy",
        ),
        (
            closed("الكورنيش", follow),
            closed("الوكرة", write),
            "related",
        ),
        (
            first.clone(),
            notice("ناصر يوسف الحربي", "السلام", "عمر"),
            "related",
        ),
        (
            first.clone(),
            format!("وكالات - الدوحة\n{first}\nنقلا عن الصحيفة"),
            "copy",
        ),
        (
            english("Mary Harper", "Redhill"),
            english("Hugo Parker", "Valmont"),
            "related",
        ),
    ];
    for (old, new, wanted) in cases {
        let mut lab = marking();
        let (doc, _) = lab.offer(&old);
        lab.deliver(&doc);
        let (doc, _) = lab.offer(&new);
        assert_eq!(told(&doc).0, wanted, "{new}");
    }
}

/// Scenario: one story a generation, so that tables are put side by side; a copy of each comes late.
/// Guarantees: those in reach are found, the others are not, and a restart changes nothing.
#[test]
fn stories_of_many_generations_are_found() {
    let generation = crate::table::GENERATION;
    let mut lab = Lab::new(DedupOptions {
        policy: Policies::all(Policy::Mark),
        near_documents: 8 * generation,
        ..DedupOptions::default()
    });
    for story in 0..11 {
        lab.next_seq = u64::from(story) * generation + 5;
        let (doc, _) = lab.offer(&self::story(story));
        lab.deliver(&doc);
    }
    let found = |lab: &mut Lab| -> Vec<bool> {
        lab.next_seq = 10 * generation + 9;
        (0..11)
            .map(|story| {
                let (copy, verdict) = lab.offer(&copy_of(story, 3));
                assert_eq!(verdict, Verdict::Pass);
                lab.quarantine(&copy);
                !copy.extra().is_empty()
            })
            .collect()
    };
    let wanted: Vec<_> = (0..11).map(|story| story >= 2).collect();
    assert_eq!(found(&mut lab), wanted);
    lab.restart();
    assert_eq!(found(&mut lab), wanted, "after a restart");
}

#[test]
fn an_index_of_other_parameters_is_refused_with_what_to_do() {
    let mut lab = marking();
    let (first, _) = lab.offer(&story(1));
    lab.deliver(&first);
    lab.state
        .values
        .lock()
        .unwrap()
        .insert((STAGE.to_owned(), b"h".to_vec()), b"layout 1".to_vec());
    lab.restart();
    let restored = block_on(lab.dedup.restore(None, &StageCx::inline(STAGE)));
    let error = restored.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Fatal);
    let message = error.to_string();
    assert!(message.contains("jadwal state forget --stage"), "{message}");
}

#[test]
fn an_inspection_counts_what_is_stored() {
    let mut lab = marking();
    for text in [story(1), copy_of(1, 2), story(2)] {
        let (doc, _) = lab.offer(&text);
        lab.deliver(&doc);
    }
    let options = DedupOptions::default();
    let look = |lab: &Lab, next| crate::inspect(&*lab.state, STAGE, &options, next).unwrap();
    let found = look(&lab, 3);
    assert_eq!((found.exact, found.near, found.clusters), (6, 3, 1));
    assert!(found.near_bytes < 3 * 1000, "{} bytes", found.near_bytes);
    assert!(found.out_of_reach.is_empty() && found.problems.is_empty());
    let late = look(&lab, 6 * crate::table::GENERATION);
    assert_eq!(late.out_of_reach.len(), 3);
    for value in lab.state.values.lock().unwrap().values_mut() {
        value.truncate(value.len() / 2);
    }
    assert!(!look(&lab, 3).problems.is_empty());
}

/// What records would say, in order, of the documents that were delivered.
fn run(stream: &[(u32, u8, bool)], size: usize, policies: Policies, kills: &[bool]) -> Vec<String> {
    let mut lab = Lab::new(DedupOptions {
        policy: policies,
        ..DedupOptions::default()
    });
    let mut waiting: Vec<_> = stream
        .iter()
        .map(|(seed, edit, fate)| {
            let text = match edit {
                0 => story(*seed),
                1 => rates(*seed + 1),
                2 => sentences(*seed, 3).join(" "),
                edit => copy_of(*seed, usize::from(*edit)),
            };
            (lab.document(&text, &text), *fate)
        })
        .collect();
    let mut told = Vec::new();
    let mut kills = kills.iter().cycle();
    while !waiting.is_empty() {
        let offered = waiting
            .iter()
            .take(size)
            .map(|(doc, _)| doc.clone())
            .collect();
        let slots = lab.offer_batch(offered).unwrap();
        if *kills.next().unwrap() {
            lab.restart();
            continue;
        }
        let mut done = 0;
        for (doc, result) in slots {
            match result.map(Result::unwrap) {
                Some(Verdict::Pass) if waiting[done].1 => {
                    told.push(format!(
                        "{:?} {:?} {:?}",
                        doc.id(),
                        doc.facts().duplicate,
                        doc.extra()
                    ));
                    lab.deliver(&doc);
                }
                Some(Verdict::Pass) => lab.quarantine(&doc),
                Some(Verdict::Drop(reason)) => {
                    told.push(format!("{:?} {reason:?}", doc.id()));
                    lab.settle(&doc, Fate::Dropped(reason));
                }
                Some(Verdict::Defer) | None => break,
            }
            done += 1;
        }
        assert!(
            done > 0,
            "the first of a batch never waits when all before it are settled"
        );
        waiting.drain(..done);
    }
    assert!(lab.dedup.holds_nothing());
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Scenario: copies, excerpts and issues of few stories close together, some of which a later
    /// stage quarantines; batches of any size; the process dies now and then.
    /// Guarantees: what is told of each document is what batches of one tell.
    #[test]
    fn what_is_told_does_not_depend_on_batches_or_kills(
        stream in prop::collection::vec((0_u32..3, 0_u8..7, prop::bool::weighted(0.8)), 1..30),
        size in 2_usize..12,
        mark in any::<bool>(),
        mut kills in prop::collection::vec(prop::bool::weighted(0.3), 1..9),
    ) {
        let policies = if mark { Policies::all(Policy::Mark) } else { Policies::default() };
        kills.push(false);
        let wanted = run(&stream, 1, policies, &[false]);
        prop_assert_eq!(run(&stream, size, policies, &kills), wanted);
    }
}
