//! Options as people write them, right and wrong.

use serde_json::json;

use super::*;

#[test]
fn options_are_read_and_checked() {
    let read = |value| serde_json::from_value::<DedupOptions>(value);
    let options = read(json!({"policy": "mark"})).unwrap();
    assert_eq!(options.policy, Policies::all(Policy::Mark));
    let options = read(json!({"policy": {"copy": "drop"}})).unwrap();
    let wanted = Policies {
        copy: Policy::Drop,
        ..Policies::default()
    };
    assert_eq!(options.policy, wanted);
    assert!(Dedup::check(&options).is_ok());
    let written = serde_json::to_value(&options).unwrap();
    assert_eq!(read(written).unwrap(), options);

    let none = DedupOptions {
        raw: false,
        text: false,
        near: false,
        ..options.clone()
    };
    assert_eq!(Dedup::check(&none).unwrap_err()[0].path, ["raw"]);
    let far = DedupOptions {
        near_documents: u64::MAX,
        ..options
    };
    assert_eq!(Dedup::check(&far).unwrap_err()[0].path, ["near_documents"]);
    assert!(Dedup::build(DedupOptions::default(), &deps(Arc::default())).is_ok());
}

#[test]
fn wrong_options_are_told_plainly() {
    let cases = [
        (json!({"polcy": "mark"}), "unknown field `polcy`"),
        (
            json!({"policy": "dorp"}),
            "unknown variant `dorp`, expected one of `drop`, `mark`, `keep`",
        ),
        (
            json!({"policy": {"exact": "no"}}),
            "unknown variant `no`, expected one of `drop`, `mark`, `keep`",
        ),
        (
            json!({"policy": {"near": "drop"}}),
            "unknown field `near`, expected one of `exact`, `copy`, `excerpt`, `revision`, `series`",
        ),
        (
            json!({"policy": 3}),
            "invalid type: integer `3`, expected `drop`, `mark`, `keep`, or a table of them by relation",
        ),
    ];
    for (options, wanted) in cases {
        let error = serde_json::from_value::<DedupOptions>(options.clone()).unwrap_err();
        assert!(error.to_string().starts_with(wanted), "{options}: {error}");
    }
}
