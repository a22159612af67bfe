use super::*;

fn slots() -> (Slots, ProfileKey, RecoveryPhrase) {
    let (key, phrase) = (ProfileKey::generate(), RecoveryPhrase::generate());
    let slots = Slots::create(&key, "a long walk", &phrase, KdfParams::FLOOR);
    (Slots::parse(&slots.to_bytes()).unwrap(), key, phrase)
}

#[test]
fn d2_both_ways_in_open_and_wrong_ones_do_not() {
    let (slots, key, phrase) = slots();
    let open = |text| slots.open_with_passphrase(text);
    assert_eq!(open("a long walk").unwrap().expose(), key.expose());
    assert_eq!(open("a short walk").unwrap_err(), SlotsError::NoSlotOpens);
    assert_eq!(slots.open_with_words(&phrase).unwrap().expose(), key.expose());
    let other = slots.open_with_words(&RecoveryPhrase::generate());
    assert_eq!(other.unwrap_err(), SlotsError::NoSlotOpens);
}

#[test]
fn a_new_passphrase_replaces_the_old_one_and_leaves_the_words() {
    let (slots, key, phrase) = slots();
    let new = slots.with_passphrase(&key, "Grüße", KdfParams::FLOOR).unwrap();
    assert_eq!(new.open_with_passphrase("a long walk").unwrap_err(), SlotsError::NoSlotOpens);
    assert_eq!(new.open_with_passphrase("Gru\u{308}ße").unwrap().expose(), key.expose());
    let words = RecoveryPhrase::generate();
    let newer = new.with_words(&key, &words).unwrap();
    assert_eq!(newer.open_with_words(&words).unwrap().expose(), key.expose());
    assert_eq!(newer.open_with_words(&phrase).unwrap_err(), SlotsError::NoSlotOpens);
    let stranger = ProfileKey::generate();
    assert_eq!(slots.with_words(&stranger, &words).unwrap_err(), SlotsError::Changed);
}

#[test]
fn every_flipped_bit_is_noticed_by_whoever_has_the_words() {
    let (slots, _, phrase) = slots();
    let bytes = slots.to_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << bit;
            let opened = Slots::parse(&bad).and_then(|slots| slots.open_with_words(&phrase));
            assert!(opened.is_err(), "byte {at} bit {bit}");
        }
        assert_eq!(Slots::parse(&bytes[..at]).unwrap_err(), SlotsError::Length { got: at });
    }
}

#[test]
fn header_bytes_flipped_are_noticed_through_the_passphrase() {
    let (slots, ..) = slots();
    let bytes = slots.to_bytes();
    // Every byte of the header, then some of slots and plan: each costs up to one run of Argon2.
    for at in (0..HEAD).chain((HEAD..FILE_SIZE).step_by(61)) {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        let opened = Slots::parse(&bad).and_then(|slots| slots.open_with_passphrase("a long walk"));
        assert!(opened.is_err(), "byte {at}");
    }
}

#[test]
fn parts_of_two_slot_files_of_one_vault_do_not_go_together() {
    let (slots, key, phrase) = slots();
    let newer = slots.with_words(&key, &RecoveryPhrase::generate()).unwrap();
    let (old, new) = (slots.to_bytes(), newer.to_bytes());
    let plan = HEAD + COUNT * SLOT;
    let spliced = [&new[..plan], &old[plan..]].concat();
    let opened = Slots::parse(&spliced).unwrap().open_with_passphrase("a long walk");
    assert_eq!(opened.unwrap_err(), SlotsError::Changed);
    // Words that were given up, put back into the new file, open nothing.
    for at in 0..COUNT {
        let slot = HEAD + at * SLOT..HEAD + (at + 1) * SLOT;
        let mut back = new.clone();
        back[slot.clone()].copy_from_slice(&old[slot]);
        let opened = Slots::parse(&back).unwrap().open_with_words(&phrase);
        assert!(opened.is_err(), "slot {at}");
    }
}

#[test]
fn d7_a_slot_made_for_two_passphrases_opens_with_one_at_most() {
    let (slots, key, _) = slots();
    let one = Wrap::from_words(&RecoveryPhrase::generate());
    let two = Wrap::from_words(&RecoveryPhrase::generate());
    // Commitment of the one, sealed content of the other, under one nonce, and all mixtures.
    let (first, second) = (one.seal(0, &key), two.seal(0, &key));
    let com = NONCE..NONCE + 32;
    for (base, other) in [(&first, &second), (&second, &first)] {
        for part in [0..NONCE, com.clone(), com.end..SLOT] {
            let mut mixed = *base;
            mixed[part.clone()].copy_from_slice(&other[part]);
            let mut crafted = slots.clone();
            crafted.slots[0] = mixed;
            assert_eq!(crafted.open(&one).unwrap_err(), SlotsError::NoSlotOpens);
            assert_eq!(crafted.open(&two).unwrap_err(), SlotsError::NoSlotOpens);
        }
    }
}

#[test]
fn d6_a_lowered_or_absurd_cost_is_refused_before_any_work() {
    let (slots, ..) = slots();
    let refused = [
        (8 * 1024, 3, 1),
        (64 * 1024, 1, 1),
        (64 * 1024, 3, 0),
        (u32::MAX, 3, 1),
        (64 * 1024, u32::MAX, 1),
        (64 * 1024, 3, u32::MAX),
    ];
    for (memory_kib, passes, lanes) in refused {
        let mut bad = slots.to_bytes();
        bad[8..12].copy_from_slice(&memory_kib.to_be_bytes());
        bad[12..16].copy_from_slice(&u32::to_be_bytes(passes));
        bad[16..20].copy_from_slice(&u32::to_be_bytes(lanes));
        let error = SlotsError::Cost { memory_kib, passes, lanes };
        assert_eq!(Slots::parse(&bad).unwrap_err(), error);
    }
}

#[test]
fn slots_swapped_with_each_other_do_not_open() {
    let (slots, _, phrase) = slots();
    let mut swapped = slots.clone();
    swapped.slots.rotate_left(1);
    assert_eq!(swapped.open_with_words(&phrase).unwrap_err(), SlotsError::NoSlotOpens);
}

#[test]
fn other_files_are_refused() {
    assert_eq!(Slots::parse(&[]).unwrap_err(), SlotsError::Length { got: 0 });
    assert_eq!(Slots::parse(&[0; FILE_SIZE]).unwrap_err(), SlotsError::NotSlots);
    let mut newer = slots().0.to_bytes();
    newer[7] = 2;
    assert_eq!(Slots::parse(&newer).unwrap_err(), SlotsError::Version { got: 2 });
}
