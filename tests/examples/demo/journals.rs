//! What Ben writes for himself.

use hearthkeep_tests::sample::Page;

pub(crate) const BEN: &[Page] = &[
    (
        29,
        "21:40",
        "Back at the wood",
        &["workshop"],
        &["rusty"],
        "Planed one board. It took an hour and it is still not flat, and I did not mind.",
    ),
    (
        24,
        "23:05",
        "",
        &["nights"],
        &["loud"],
        "A wave after supper. I stood on the balcony and named the lit windows until it was only windows.",
    ),
    (
        18,
        "19:15",
        "A hard day",
        &[],
        &["tired", "plain"],
        "It was a hard day and I will leave it at that. What helped a little:\n\n- the walk to the second bridge\n- Noor’s message\n- going to bed at nine like a child",
    ),
    (
        11,
        "07:20",
        "Before the shift",
        &["mornings"],
        &["steady"],
        "Toast, the weather, the dog from downstairs. I said good morning to it out loud.",
    ),
    (
        6,
        "22:10",
        "What the doctor and I agreed",
        &["doctor"],
        &["relieved"],
        "1. The letter to work goes out on **Monday**.\n2. I come back in three weeks, and sooner if nights get long.\n3. I need not explain it to anybody at the table.",
    ),
    (
        1,
        "18:50",
        "The board is flat",
        &["workshop"],
        &["proud", "quiet"],
        "I ran my hand along it twice. It is going to be a shelf for Mother’s jars.",
    ),
];
