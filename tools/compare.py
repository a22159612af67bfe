#!/usr/bin/env python3
"""Measures Hearthkeep beside other tools, in turns, and tells figures to write_numbers.py.

    compare.py backup BENCH FOLDER        BENCH: the program journal_bench; FOLDER: made by it
    compare.py jrnl BENCH CLI JRNL FOLDER CLI: hearthkeep-cli; JRNL: jrnl; FOLDER as above
    compare.py app PROGRAM DEB            on a virtual display of its own
"""

import collections
import json
import mmap
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

PASSPHRASE = "seven quiet lanterns on the water"
ROUNDS = {"backup": 3, "jrnl": 5, "app": 5}


def figure(name, value):
    print(f"figure\t{name}\t{value}", flush=True)


def middle(values):
    return statistics.median(values)


def run(*command, **options):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def seconds(*command, **options):
    began = time.monotonic()
    run(*command, **options)
    return time.monotonic() - began


def told(*command):
    """The figures that a measurement of ours tells."""
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    parts = [line.split("\t") for line in lines]
    return {part[1]: float(part[2]) for part in parts if part[0] == "figure"}


# ── Backups ───────────────────────────────────────────────────────────────────────────────────────


def backup(bench, folder):
    folder = Path(folder)
    key = folder / "stock.key"
    run("age-keygen", "-o", key, stderr=subprocess.DEVNULL)
    public = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True).stdout.strip()
    ours, stock = folder / "ours", folder / "stock.tar.gz.age"
    create = f"tar c -C '{folder}' export | gzip -6 | age -r {public} -o '{stock}' && sync '{stock}'"
    verify = f"age -d -i '{key}' '{stock}' | gzip -d | tar t"
    took = {name: [] for name in ["ours", "stock", "verify_ours", "verify_stock", "mb", "verify_mb"]}
    for _ in range(ROUNDS["backup"]):
        shutil.rmtree(ours, ignore_errors=True)
        stock.unlink(missing_ok=True)
        made = told(bench, "backup", folder, ours)
        took["ours"].append(made["backup_create_s"])
        took["mb"].append(made["backup_create_mb"])
        took["stock"].append(seconds("sh", "-c", create))
        proved = told(bench, "verify", folder, ours)
        took["verify_ours"].append(proved["backup_verify_s"])
        took["verify_mb"].append(proved["backup_verify_mb"])
        took["verify_stock"].append(seconds("sh", "-c", verify))
    took = {name: middle(values) for name, values in took.items()}
    figure("backup_ours_s", took["ours"])
    figure("backup_stock_s", took["stock"])
    figure("backup_ratio", took["ours"] / took["stock"])
    figure("verify_ours_s", took["verify_ours"])
    figure("verify_stock_s", took["verify_stock"])
    figure("create_to_verify", took["ours"] / took["verify_ours"])
    figure("backup_mb", took["mb"])
    figure("verify_mb", took["verify_mb"])


# ── jrnl ──────────────────────────────────────────────────────────────────────────────────────────


def answering(command, answers):
    """Runs a program that asks for passwords on its terminal; its output and its seconds."""
    began = time.monotonic()
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(command[0], command)
    out, asked = b"", 0
    while True:
        ready, _, _ = select.select([terminal], [], [], 120)
        if not ready:
            os.kill(process, signal.SIGKILL)
            sys.exit(f"{command[0]} says nothing: {out!r}")
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        out += more
        # Each question is answered once, when it stands there and a secret would not be shown.
        while asked < len(answers) and out.count(answers[asked][0]) >= answers[asked][1]:
            secret = answers[asked][2] == PASSPHRASE.encode()
            while secret and termios.tcgetattr(terminal)[3] & termios.ECHO:
                time.sleep(0.001)
            os.write(terminal, answers[asked][2] + b"\n")
            asked += 1
    _, status = os.waitpid(process, 0)
    if status != 0:
        sys.exit(f"{command}: {out.decode(errors='replace')}")
    return out, time.monotonic() - began


def jrnl(bench, cli, program, folder):
    folder = Path(folder)
    entries = json.loads((folder / "journal.json").read_text(encoding="utf-8"))["entries"]
    theirs = folder / "theirs.txt"
    with theirs.open("w", encoding="utf-8") as out:
        for entry in entries:
            out.write(f"[{entry['date']} {entry['time']}] {entry['title']}.\n{entry['body']}\n\n")
    config = folder / "jrnl.yaml"
    config.write_text(
        f"colors:\n  body: none\n  date: none\n  tags: none\n  title: none\ndefault_hour: 9\ndefault_minute: 0\n"
        f"editor: ''\nencrypt: false\nhighlight: false\nindent_character: '|'\njournals:\n  default:\n    journal: {theirs}\n"
        f"linewrap: false\ntagsymbols: '@'\ntemplate: false\ntimeformat: '%Y-%m-%d %H:%M'\nversion: v4.6\n",
        encoding="utf-8",
    )
    secret = PASSPHRASE.encode()
    ask = (b"assword", 1, secret)
    asking = [program, "--config-file", str(config)]
    answering([*asking, "--encrypt"], [ask, (b"assword", 2, secret), (b"[Y/n]", 1, b"n")])
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    ours = [cli, "--profile", str(folder / "beside-jrnl"), "--passphrase-file", str(passphrase)]
    run(*ours, "init", "--words-file", folder / "words")
    run(*ours, "import", folder / "journal.json", stderr=subprocess.DEVNULL)
    took = {name: [] for name in ["ours", "theirs", "add_ours", "add_theirs"]}
    held = collections.Counter(word for entry in entries for word in set(entry["body"].split()))
    words = sorted(word for word, count in held.items() if count == 20)
    for word in words[: ROUNDS["jrnl"]]:
        took["ours"].append(seconds(*ours, "search", word))
        took["theirs"].append(answering([*asking, "-contains", word], [ask])[1])
        took["add_ours"].append(seconds(*ours, "add", input=b"A quiet evening."))
        took["add_theirs"].append(answering([*asking, "A quiet evening."], [ask])[1])
    guess = told(bench, "guess", folder / "beside-jrnl", PASSPHRASE)["guess_ms"]
    took = {name: middle(values) for name, values in took.items()}
    figure("jrnl_guess_ms", guess)
    figure("jrnl_ours_s", took["ours"])
    figure("jrnl_theirs_s", took["theirs"])
    figure("jrnl_ratio", took["ours"] / took["theirs"])
    figure("jrnl_ratio_beyond", max(took["ours"] - guess / 1000, 0) / took["theirs"])
    figure("jrnl_add_ours_s", took["add_ours"])
    figure("jrnl_add_theirs_s", took["add_theirs"])


# ── The app ───────────────────────────────────────────────────────────────────────────────────────


class Screen:
    """A virtual display whose pixels lie in a file: looking at them takes no time from what is measured."""

    def __init__(self, folder):
        told, tell = os.pipe()
        shape = ["-screen", "0", "1280x800x24", "-fbdir", folder, "-nolisten", "tcp"]
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(tell), *shape], pass_fds=[tell], stderr=subprocess.DEVNULL)
        os.close(tell)
        with os.fdopen(told) as name:
            self.name = f":{name.readline().strip()}"
        with open(Path(folder) / "Xvfb_screen0", "rb") as file:
            self.picture = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # An X window dump: the length of its head, and behind that its colours, 12 bytes each.
        head, colours = (struct.unpack_from(">I", self.picture, at)[0] for at in (0, 76))
        self.pixels = head + colours * 12

    def colours(self):
        pixels = self.picture[self.pixels :]
        return len({pixels[at : at + 3] for at in range(0, len(pixels), 4 * 97)})


def family_mb(process):
    """Memory of a process and of all that it started; what they share is counted in shares."""
    total, left = 0, [process]
    while left:
        now = left.pop()
        try:
            for line in Path(f"/proc/{now}/smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
            for task in Path(f"/proc/{now}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return total * 1024 / 1e6


def start(program, screen):
    """Milliseconds until the lock screen is painted, and memory then."""
    with tempfile.TemporaryDirectory() as home:
        here = {"DISPLAY": screen.name, "HOME": home, "XDG_DATA_HOME": f"{home}/data", "XDG_CONFIG_HOME": f"{home}/config", "XDG_CACHE_HOME": f"{home}/cache"}
        before = screen.colours()
        began = time.monotonic()
        started = subprocess.Popen([program], env={**os.environ, **here}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while screen.colours() <= before + 3 and time.monotonic() - began < 30:
            time.sleep(0.01)
        took = (time.monotonic() - began) * 1000
        time.sleep(1)
        memory = family_mb(started.pid)
        started.terminate()
        started.wait(20)
        while screen.colours() > before:
            time.sleep(0.05)
        return took, memory


def app(program, deb):
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(folder)
        # The first start warms the caches and counts for nothing.
        starts = [start(program, screen) for _ in range(ROUNDS["app"] + 1)][1:]
        screen.server.terminate()
        screen.server.wait(20)
    took, memory = zip(*starts)
    figure("start_ms", middle(took))
    figure("start_mb", middle(memory))
    figure("deb_mb", Path(deb).stat().st_size / 1e6)


{"backup": backup, "jrnl": jrnl, "app": app}[sys.argv[1]](*sys.argv[2:])
