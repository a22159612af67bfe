#!/usr/bin/env python3
"""Writes measured figures into docs/NUMBERS.md: `write_numbers.py PART LOAD < output of a measurement`.

Lines of the form "figure<TAB>name<TAB>value" are figures; everything else is for people. Only the
section of PART changes. LOAD is the machine's load before the measurement began.
"""

import datetime
import os
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "NUMBERS.md"

HEAD = """# Numbers

Written by `./dev bench`, section by section, from release builds; nothing here is typed by hand and nothing is asserted in a test.
Each section says when, on what machine and by which command it was measured; `./dev bench PART` measures one of them again.
A figure that misses what was aimed at says why beside it. What is not measured is not in the table.
"""


@dataclass
class Row:
    """A line of a table: `{}` in `names` stands for the column."""

    what: str
    names: str
    form: str
    aim: str = ""
    # Says of the values of the last column whether they reach the aim.
    reached: object = None
    # Why it does not, if it does not.
    why: str = ""


@dataclass
class Part:
    title: str
    about: str
    rows: list
    columns: list = field(default_factory=lambda: ["Measured"])
    keys: list = field(default_factory=lambda: [""])


def at_most(limit):
    return lambda *values: all(value <= limit for value in values)


def at_least(limit):
    return lambda *values: all(value >= limit for value in values)


def each(*limits):
    return lambda *values: all(value <= limit for value, limit in zip(values, limits))


SIZES = {"columns": ["10,000 entries", "100,000 entries"], "keys": ["10000 ", "100000 "]}

PARTS = {
    "journal": Part(
        "Journal",
        "Entries of 150 words, through the one API: imported from a jrnl export, then unlocked in another process.",
        [
            Row("Import, durable at the end", "import_per_s", "{:,.0f} entries/s", "≥ 5,000/s", at_least(5_000)),
            Row("… until all of it is findable", "import_findable_s", "{:.1f} s"),
            Row("… most memory", "import_most_mb", "{:.0f} MB"),
            Row("One guess at the least accepted cost", "live_kdf_ms", "{:.0f} ms"),
            Row("Unlock to first screen, that guess included", "live_unlock_ms", "{:.0f} ms"),
            Row("Unlock to first screen, beyond it", "live_beyond_ms", "{:.0f} ms", "≤ 100 ms", at_most(100), "list pages are opened on both cores while the index opens beside them, and overwriting what is freed takes about a quarter of it"),
            Row("Findable after the first screen", "live_findable_ms", "{:.0f} ms", "≤ 300 ms", at_most(300)),
            Row("Memory, unlocked and findable", "live_mb", "{:.0f} MB", "≤ 150 MB", at_most(150)),
            Row("… after searching and writing", "live_mb_after", "{:.0f} MB"),
            Row("Find one word as typed, 30 hits with their lines; p50, p99", "live_find_one_p50_ms live_find_one_p99_ms", "{:.1f}, {:.1f} ms", "≤ 3, ≤ 10 ms", each(3, 10), "most of it goes to the lines of the 30 hits, as with a tenth of the entries: the index alone answers in about 1 ms"),
            Row("Find two words as typed", "live_find_two_p50_ms live_find_two_p99_ms", "{:.1f}, {:.1f} ms", "≤ 3, ≤ 10 ms", each(3, 10), "most of it goes to the lines of the 30 hits, as with a tenth of the entries: the index alone answers in about 1 ms"),
            Row("Find three words as typed", "live_find_three_p50_ms live_find_three_p99_ms", "{:.1f}, {:.1f} ms", "≤ 3, ≤ 10 ms", each(3, 10), "most of it goes to the lines of the 30 hits, as with a tenth of the entries: the index alone answers in about 1 ms"),
            Row("Save a batch of 150 words, durable; p50, p99", "live_save_p50_ms live_save_p99_ms", "{:.1f}, {:.1f} ms", "≤ 500 ms", at_most(500)),
            Row("Lock after that", "live_lock_ms", "{:.0f} ms"),
        ],
        **SIZES,
    ),
    "search": Part(
        "Index alone",
        "100,000 texts of 150 words, without the vault around it.",
        [
            Row("Build", "index_build_per_s", "{:,.0f} texts/s"),
            Row("On the disk, sealed", "index_mb", "{:.1f} MB"),
            Row("Open", "index_open_ms", "{:.0f} ms", "≤ 300 ms", at_most(300)),
            Row("One letter; p50, p99", "index_letter_p50_ms index_letter_p99_ms", "{:.1f}, {:.1f} ms"),
            Row("One word as typed", "index_one_word_p50_ms index_one_word_p99_ms", "{:.1f}, {:.1f} ms", "≤ 3, ≤ 10 ms", each(3, 10)),
            Row("Two words as typed", "index_two_words_p50_ms index_two_words_p99_ms", "{:.1f}, {:.1f} ms", "≤ 3, ≤ 10 ms", each(3, 10)),
            Row("One text changed and found", "index_change_ms", "{:.1f} ms"),
            Row("Lines of 30 hits", "index_30_snippets_ms", "{:.2f} ms"),
            Row("Purge of removed words, verified", "index_purge_ms", "{:,.0f} ms"),
        ],
    ),
    "seal": Part(
        "Sealing",
        "2 KiB each, one thread, the middle of five rounds.",
        [
            Row("Sign and seal a record", "record_seal_us", "{:.1f} µs", "≤ 25 µs", at_most(25), "signing alone takes three quarters of it"),
            Row("Open and verify a record", "record_open_us", "{:.1f} µs", "≤ 50 µs", at_most(50), "verifying the signature alone takes nearly all of it"),
            Row("… sign; verify", "record_sign_us record_verify_us", "{:.1f}; {:.1f} µs"),
            Row("… seal; open", "record_seal_only_us record_open_only_us", "{:.1f}; {:.1f} µs"),
            Row("Seal; open a row of the vault", "row_seal_us row_open_us", "{:.1f}; {:.1f} µs"),
        ],
    ),
    "sync": Part(
        "First sync",
        "One of two members was away while 10,000 reflections of 150 words were shared over a relay on the same computer.",
        [
            Row("Until all are opened, verified, kept and shown", "first_sync_s", "{:.1f} s", "≤ 3 s", at_most(3)),
            Row("Memory afterwards, both members in one process", "first_sync_mb", "{:.0f} MB"),
            Row("Sharing them, from the end of the ten seconds to the relay", "share_per_s", "{:,.0f}/s"),
        ],
    ),
    "relay": Part(
        "Relay",
        "4 KiB a record over HTTP, signatures checked, SQLite, client on the same two cores.",
        [
            Row("Appends, 1 writer; p50, p99", "relay_appends_1_per_s relay_appends_1_p50_ms relay_appends_1_p99_ms", "{:,.0f}/s; {:.2f}, {:.1f} ms", "p50 ≤ 3 ms", lambda rate, p50, p99: p50 <= 3),
            Row("Appends, 16 writers", "relay_appends_16_per_s relay_appends_16_p50_ms relay_appends_16_p99_ms", "{:,.0f}/s; {:.1f}, {:.1f} ms"),
            Row("Appends, 256 writers", "relay_appends_256_per_s relay_appends_256_p50_ms relay_appends_256_p99_ms", "{:,.0f}/s; {:.1f}, {:.1f} ms", "≥ 6,000/s", lambda rate, p50, p99: rate >= 6_000, "client and relay share two cores, and each append costs a signature made and one checked"),
            Row("10,000 records fetched, every link checked", "relay_fetch_s", "{:.2f} s"),
            Row("10,000 silent sockets, the whole process", "relay_sockets_mb", "{:.0f} MB", "≤ 60 MB", at_most(60)),
            Row("… one socket", "relay_socket_kb", "{:.1f} KB"),
            Row("From acknowledged to woken; p50, p99", "relay_wake_p50_ms relay_wake_p99_ms", "{:.2f}, {:.1f} ms", "p99 ≤ 10 ms", lambda p50, p99: p99 <= 10),
        ],
    ),
    "backup": Part(
        "Backup, beside `tar | gzip | age`",
        "10,000 entries and 256 MB of pictures; ours and the stock tools in turns, three times each. Ours reads everything back before it says that it is done; theirs does not.",
        [
            Row("Create, ours", "backup_ours_s", "{:.2f} s"),
            Row("Create, `tar c \\| gzip -6 \\| age -r`", "backup_stock_s", "{:.2f} s"),
            Row("Ratio", "backup_ratio", "{:.2f}", "≤ ⅓", at_most(1 / 3), "each picture passes the cipher three times and SHA-256 five times: of the processor’s time the ciphers take 29 %, SHA-256 19 %, reading files 14 %, gzip of the words 14 %, writing 9 %, Markdown, YAML and JSON 9 %"),
            Row("Verify every hash, ours", "verify_ours_s", "{:.2f} s"),
            Row("`age -d \\| gzip -d \\| tar t`, which compares none", "verify_stock_s", "{:.2f} s"),
            Row("Create against verify, ours", "create_to_verify", "{:.1f} ×", "≥ 2 ×", at_least(2)),
            Row("Memory beyond the open vault: create, verify", "backup_mb verify_mb", "{:.0f}, {:.0f} MB", "≤ 64 MB", at_most(64)),
        ],
    ),
    "jrnl": Part(
        "Beside jrnl",
        "The same 10,000 entries, jrnl's journal encrypted; whole processes in turns, five times each, passphrase included. Ours spends {} ms of it on making a guess at the passphrase costly.",
        [
            Row("Open and search, ours", "jrnl_ours_s", "{:.2f} s"),
            Row("Open and search, jrnl", "jrnl_theirs_s", "{:.2f} s"),
            Row("Ratio", "jrnl_ratio", "{:.2f}", "≤ 1", at_most(1)),
            Row("… beyond the guess at the passphrase", "jrnl_ratio_beyond", "{:.2f}"),
            Row("Add an entry, ours; jrnl", "jrnl_add_ours_s jrnl_add_theirs_s", "{:.2f}; {:.2f} s"),
        ],
    ),
    "app": Part(
        "App",
        "The installed kind of build on a virtual display.",
        [
            Row("Start to a painted lock screen, warm; middle of five", "start_ms", "{:.0f} ms", "≤ 1 s", at_most(1_000), "a quarter of the processor's time goes to loading WebKit's libraries into three processes, most of the rest to WebKit and GTK themselves"),
            Row("Memory of its three processes, locked", "start_mb", "{:.0f} MB"),
            Row("Installer (deb)", "deb_mb", "{:.1f} MB", "≤ 10 MB", at_most(10)),
        ],
    ),
}


def figures():
    found = {}
    for line in sys.stdin:
        parts = line.rstrip("\n").split("\t")
        if len(parts) == 3 and parts[0] == "figure":
            found[parts[1]] = float(parts[2])
    return found


def machine(load):
    cpu = platform.processor()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    cores = len(os.sched_getaffinity(0))
    text = f"{cpu}, {cores} cores, Linux {platform.release()}"
    if load > cores / 4:
        text += f"; **the machine was shared** (load {load:.1f} before it began)"
    return text


def section(name, part, found, load):
    today = datetime.date.today().isoformat()
    about = part.about.replace("{}", f"{found.get('jrnl_guess_ms', 0):.0f}")
    lines = [f"## {part.title}", "", about]
    lines += [f"{today}, `./dev bench {name}`, {machine(load)}.", ""]
    lines.append("| What | Aimed at | " + " | ".join(part.columns) + " |")
    lines.append("|---|---|" + "---|" * len(part.columns))
    for row in part.rows:
        cells = []
        values = None
        for key in part.keys:
            wanted = [found.get(key + name) for name in row.names.split()]
            values = None if None in wanted else wanted
            cells.append("" if values is None else row.form.format(*values))
        if values is None:
            continue
        if row.reached and not row.reached(*values):
            cells[-1] = f"**{cells[-1]}**: {row.why or 'why has not been looked into yet'}"
        lines.append(f"| {row.what} | {row.aim} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    name, load = sys.argv[1], float(sys.argv[2])
    found = figures()
    if not found:
        sys.exit(f"{name}: nothing was measured")
    sections = {}
    for text in FILE.read_text(encoding="utf-8").split("\n## ")[1:]:
        sections[text.split("\n", 1)[0]] = "## " + text.rstrip("\n") + "\n"
    part = PARTS[name]
    sections[part.title] = section(name, part, found, load)
    known = [sections[part.title] for part in PARTS.values() if part.title in sections]
    FILE.write_text("\n".join([HEAD, *known]), encoding="utf-8")
    print(sections[part.title])


main()
