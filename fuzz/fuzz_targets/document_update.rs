//! An update from somebody who means harm: refused, or the document stays sound.
#![no_main]

use hearthkeep_document::{Author, Document};
use libfuzzer_sys::fuzz_target;
use std::sync::Once;

// The document catches the library's panics; the fuzzer's own hook would end the run at each of them.
// A panic that nobody catches still ends it.
static CAUGHT_PANICS_ARE_FINE: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    CAUGHT_PANICS_ARE_FINE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let mut document = Document::from_markdown("before 🌱\n\n- and after\n").expect("it is small");
    let before = document.lines();
    match document.apply(bytes, Author::Editor) {
        Ok(_) => {
            let again = Document::open(&document.snapshot()).expect("what was taken can be opened");
            assert_eq!(again.lines(), document.lines());
            let _markdown = document.markdown();
        }
        Err(_) => assert_eq!(document.lines(), before),
    }
    let _opened = Document::open(bytes).map(|document| document.lines());
    let _difference = document.diff(bytes);
});
