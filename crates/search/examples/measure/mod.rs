//! What measurements share: a language to write entries in, and how a figure is told.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "each measurement uses a part of this, and one that fails stops"
)]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

const VOCABULARY: usize = 74_000;

/// Words as often as in a language, from one seed: two processes write the same.
pub struct Writer {
    pub rng: ChaCha8Rng,
    vocabulary: Vec<String>,
}

impl Writer {
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let vocabulary = (0..VOCABULARY).map(|_| word(&mut rng)).collect();
        Self { rng: ChaCha8Rng::seed_from_u64(seed), vocabulary }
    }

    /// A word: the n-th about one n-th as often as the first.
    pub fn word(&mut self) -> &str {
        let uniform: f64 = self.rng.random();
        let rank = (self.vocabulary.len() as f64).powf(uniform) - 1.0;
        &self.vocabulary[(rank as usize).min(self.vocabulary.len() - 1)]
    }

    /// 150 words on average.
    pub fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.rng.random_range(50..250) {
            text.push_str(self.word());
            text.push(' ');
        }
        text.truncate(text.len() - 1);
        text
    }

    /// So many words as somebody types them: of the last one only a half is there yet.
    pub fn typed(&mut self, words: usize) -> String {
        let mut typed = String::new();
        for left in (0..words).rev() {
            let word = self.word();
            let shown = if left == 0 { word.len().div_ceil(2) } else { word.len() };
            typed.extend(word.chars().take(shown));
            typed.extend((left > 0).then_some(' '));
        }
        typed
    }
}

fn word(rng: &mut ChaCha8Rng) -> String {
    let syllables = rng.random_range(1..5);
    let consonants = b"bcdfghklmnprstvwz";
    let vowels = b"aeiou";
    let mut word = String::new();
    for _ in 0..syllables {
        word.push(char::from(consonants[rng.random_range(0..consonants.len())]));
        word.push(char::from(vowels[rng.random_range(0..vowels.len())]));
    }
    word
}

/// Tells a figure: `tools/write_numbers.py` knows the name.
pub fn figure(name: &str, value: f64) {
    println!("figure\t{name}\t{value}");
}

/// Tells the middle and the slow end of what was repeated, in milliseconds.
pub fn spread(name: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let at = |percent: usize| milliseconds(took[(took.len() - 1) * percent / 100]);
    figure(&format!("{name}_p50_ms"), at(50));
    figure(&format!("{name}_p99_ms"), at(99));
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Memory of this process in MB: `VmRSS` now, `VmHWM` at most.
pub fn memory_mb(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1_024.0 / 1e6
}
