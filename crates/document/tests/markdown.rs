//! What is written as Markdown is read back the same.

use hearthkeep_document::{
    Attrs, Content, Document, Line, Piece, Value, lines_from_json, lines_from_markdown,
    lines_to_json, markdown_of, picture, word_count,
};
use proptest::prelude::*;
use serde_json::json;

fn attrs(value: &Value) -> Attrs {
    value.as_object().cloned().unwrap_or_default().into_iter().collect()
}

fn line(line_attrs: Value, pieces: &[(&str, Value)]) -> Line {
    let pieces = pieces.iter().map(|(text, marks)| Piece {
        content: Content::Text((*text).to_owned()),
        marks: attrs(marks),
    });
    Line { attrs: attrs(&line_attrs), pieces: pieces.collect() }
}

fn para(text: &str) -> Line {
    line(json!({}), &[(text, json!({}))])
}

#[track_caller]
fn check(lines: &[Line], markdown: &str) {
    assert_eq!(markdown_of(lines), markdown);
    assert_eq!(lines_from_markdown(markdown), lines);
}

#[test]
fn an_evening_reads_like_markdown() {
    check(
        &[
            line(json!({"t": "heading", "level": 2}), &[("Tuesday", json!({}))]),
            line(
                json!({}),
                &[
                    ("I ", json!({})),
                    ("called", json!({"strong": true})),
                    (" my ", json!({})),
                    ("sponsor", json!({"link": {"href": "https://example.org/a"}})),
                    (".", json!({})),
                ],
            ),
            line(json!({"t": "item"}), &[("tea", json!({}))]),
            line(json!({"t": "item", "indent": 1}), &[("green", json!({}))]),
            line(json!({"t": "item"}), &[("bed", json!({}))]),
            line(json!({"t": "check"}), &[("walk", json!({}))]),
            line(json!({"t": "check", "done": true}), &[("call", json!({}))]),
            line(json!({"t": "item", "kind": "number"}), &[("one", json!({}))]),
            line(json!({"t": "item", "kind": "number"}), &[("two", json!({}))]),
            line(json!({"quote": 1}), &[("keep coming back", json!({}))]),
            line(json!({"t": "rule"}), &[]),
            line(json!({"t": "code"}), &[("let x = 1;", json!({}))]),
            line(json!({"t": "code"}), &[]),
            line(json!({"t": "code"}), &[("  y", json!({}))]),
        ],
        "## Tuesday\n\nI **called** my [sponsor](https://example.org/a).\n\n- tea\n  - green\n- bed\n\
         - [ ] walk\n- [x] call\n\n1. one\n2. two\n\n> keep coming back\n\n***\n\n\
         ```\nlet x = 1;\n\n  y\n```\n",
    );
}

#[test]
fn empty_lines_stay_as_blank_rows() {
    check(&[], "");
    check(&[Line::default()], "\n");
    check(&[para("a"), Line::default(), para("b")], "a\n\n\nb\n");
    check(&[Line::default(), para("a"), Line::default(), Line::default()], "\na\n\n\n");
    check(
        &[line(json!({"quote": 1}), &[("a", json!({}))]), line(json!({"quote": 1}), &[])],
        "> a\n>\n",
    );
}

#[test]
fn empty_items_and_boxes_stay() {
    check(
        &[line(json!({"t": "item"}), &[]), line(json!({"t": "item"}), &[("b", json!({}))])],
        "-\n- b\n",
    );
    check(&[line(json!({"t": "check"}), &[])], "- [ ] <!-- -->\n");
    check(&[line(json!({"t": "heading", "level": 1}), &[])], "#\n");
}

#[test]
fn a_year_at_the_start_of_a_line_stays_a_year() {
    let lines = lines_from_markdown("1986. A great year\n");
    assert_eq!(lines[0].attrs.get("start"), Some(&json!(1986)));
    check(&lines, "1986. A great year\n");
    check(&[para("1986. A great year")], "1986\\. A great year\n");
}

#[test]
fn single_line_ends_stay_breaks() {
    let lines = lines_from_markdown("one\ntwo");
    assert_eq!(markdown_of(&lines), "one\\\ntwo\n");
    assert_eq!(lines_from_markdown("one\\\ntwo\n"), lines);
}

#[test]
fn pictures_are_embeds_and_foreign_ones_stay_links() {
    let id = "0123456789abcdef0123456789abcdef";
    let embed = Line {
        attrs: Attrs::new(),
        pieces: vec![Piece {
            content: Content::Embed(picture(id, "a [b] *c*")),
            marks: Attrs::new(),
        }],
    };
    check(&[embed], &format!("![a \\[b\\] \\*c\\*](hk:{id})\n"));
    for target in ["https://example.org/x.png", "blob:x", "data:image/png;base64,AA", "hk:short"] {
        let lines = lines_from_markdown(&format!("![seen]({target})"));
        assert_eq!(lines, [line(json!({}), &[("seen", json!({"link": {"href": target}}))])]);
    }
}

#[test]
fn what_is_not_known_is_carried() {
    let unknown = line(
        json!({"t": "hk_future", "z": 5, "odd": "-->'<"}),
        &[("plain ", json!({})), ("glow", json!({"hk_glow": {"c": "it's <b>"}}))],
    );
    let thing = Line {
        attrs: Attrs::new(),
        pieces: vec![Piece {
            content: Content::Embed(json!({"hk": "table", "rows": [["a", "b"]]})),
            marks: Attrs::new(),
        }],
    };
    let lines = vec![unknown, thing, line(json!({"t": "hk_future"}), &[])];
    assert_eq!(lines_from_markdown(&markdown_of(&lines)), lines);
    let document = Document::from_lines(&lines).unwrap();
    assert_eq!(document.lines(), lines);
    let names: Vec<String> = document.unknown().into_iter().collect();
    assert_eq!(names, ["hk_future", "hk_glow", "odd", "table", "z"]);
}

#[test]
fn html_and_tables_of_others_keep_their_words() {
    for source in [
        "<div>one two</div>\n\nthree",
        "| one | two |\n|---|---|\n| three | four |",
        "a <span class='x'>one</span> two &amp; three",
        "<!-- one two three -->",
        "Setext\n======\n\n    one\n\ntwo[^1] three",
    ] {
        let lines = lines_from_markdown(source);
        let text = hearthkeep_document::plain_text(&lines);
        for word in ["one", "two", "three"].into_iter().filter(|word| source.contains(word)) {
            assert!(text.contains(word), "{word} is missing in {text:?}");
        }
    }
}

#[test]
fn words_are_counted_without_signs() {
    assert_eq!(word_count(&lines_from_markdown("# Two words\n\n- and — three *more*\n")), 5);
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{1,6}",
        1 => "[ \\t]{1,3}",
        3 => "[-+*_~`#>|&<\\[\\]()!.:=\\\\0-9a-z\"' ]{1,8}",
        1 => "(1|27|1986)[.)] ?x",
        1 => Just("&amp;".to_owned()),
        1 => Just("🌱é今天\u{a0}שלום".to_owned()),
        1 => Just("\u{b}\r\u{7f}\u{2028}".to_owned()),
        1 => "(---|===|```|~~~|# |> |- |\\* |\\+ |\\[ \\] |    )",
    ]
}

fn marks() -> impl Strategy<Value = Value> {
    let flag =
        |name: &'static str| prop_oneof![4 => Just(Value::Null), 1 => Just(json!({ name: true }))];
    let link = prop_oneof![
        8 => Just(Value::Null),
        1 => Just(json!({"link": {"href": "https://example.org/?a=b&c=(d)"}})),
        1 => "[ -~]{0,12}".prop_map(|href| json!({"link": {"href": href}})),
        1 => Just(json!({"link": {"href": "a\nb"}})),
        1 => Just(json!({"hk_glow": {"c": "<'>"}})),
        1 => Just(json!({"em": 2})),
    ];
    (flag("strong"), flag("em"), flag("strike"), flag("code"), link).prop_map(|(a, b, c, d, e)| {
        let mut all = serde_json::Map::new();
        for part in [a, b, c, d, e] {
            all.extend(part.as_object().cloned().unwrap_or_default());
        }
        Value::Object(all)
    })
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        12 => proptest::collection::vec(word(), 1..4).prop_map(|words| Content::Text(words.concat())),
        1 => Just(Content::Embed(json!({"hk": "break"}))),
        1 => word().prop_map(|alt| {
            Content::Embed(picture("00112233445566778899aabbccddeeff", &alt))
        }),
        1 => Just(Content::Embed(json!({"hk": "later", "x": "</hk-embed>'"}))),
    ]
}

fn line_attrs() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        6 => Just(json!({})),
        1 => (1..=6).prop_map(|level| json!({"t": "heading", "level": level})),
        3 => Just(json!({"t": "item"})),
        2 => Just(json!({"t": "item", "kind": "number"})),
        1 => (0..50).prop_map(|start| json!({"t": "item", "kind": "number", "start": start})),
        1 => Just(json!({"t": "check"})),
        1 => Just(json!({"t": "check", "done": true})),
        2 => Just(json!({"t": "code"})),
        1 => Just(json!({"t": "code", "lang": "rust"})),
        1 => Just(json!({"t": "rule"})),
        1 => Just(json!({"t": "item", "level": 2})),
        1 => Just(json!({"t": "hk_future", "z": "-->"})),
    ];
    let deep = prop_oneof![5 => Just(0), 3 => 1..4i32, 1 => Just(300)];
    let quote = prop_oneof![6 => Just(0), 2 => 1..3i32, 1 => Just(12)];
    (kind, deep, quote).prop_map(|(kind, indent, quote)| {
        let mut kind = kind.as_object().cloned().unwrap_or_default();
        for (name, number) in [("indent", indent), ("quote", quote)] {
            if number > 0 {
                kind.insert(name.to_owned(), json!(number));
            }
        }
        Value::Object(kind)
    })
}

fn any_line() -> impl Strategy<Value = Line> {
    let pieces = proptest::collection::vec((content(), marks()), 0..4);
    (line_attrs(), pieces).prop_map(|(line_attrs, pieces)| {
        let mut line = Line { attrs: attrs(&line_attrs), pieces: Vec::new() };
        for (content, marks) in pieces {
            let marks = attrs(&marks);
            match (&content, line.pieces.last_mut()) {
                (
                    Content::Text(text),
                    Some(Piece { content: Content::Text(last), marks: same }),
                ) if *same == marks => {
                    last.push_str(text);
                }
                _ => line.pieces.push(Piece { content, marks }),
            }
        }
        line
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_survives_markdown(lines in proptest::collection::vec(any_line(), 0..7)) {
        // A start of 1 is what a list begins with anyhow.
        let lines: Vec<Line> = lines.into_iter().map(|mut line| {
            if line.attrs.get("start") == Some(&json!(1)) { line.attrs.remove("start"); }
            line
        }).collect();
        let markdown = markdown_of(&lines);
        prop_assert_eq!(lines_from_markdown(&markdown), lines, "{}", markdown);
    }

    #[test]
    fn every_text_is_stable_once_it_was_read(text in "(\\PC|[-+*_~`#>&<\\[\\]()!.:=\n \t]){0,60}") {
        let lines = lines_from_markdown(&text);
        prop_assert_eq!(lines_from_markdown(&markdown_of(&lines)), lines);
    }

    #[test]
    fn every_document_survives_its_bytes_and_json(
        lines in proptest::collection::vec(any_line(), 0..7),
    ) {
        let document = Document::from_lines(&lines).unwrap();
        let again = Document::open(&document.snapshot()).unwrap();
        prop_assert_eq!(again.lines(), lines.clone());
        prop_assert_eq!(lines_from_json(&lines_to_json(&lines)).unwrap(), lines);
    }
}
