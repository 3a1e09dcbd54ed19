"""Shows the program thousands of hostile productions, each a folder as a stranger might send it, made by the seed: deep and
multiplying YAML, other encodings, control characters, tags, numbers past every range, names that look alike, paths and
links that lead out, pipes and devices, programs that a folder brings, and mutated documents, tables, screenplays, models
and pictures.

`validate`, `info`, `plan` and `estimate` must end in time with a documented code, without a panic and with bounded memory.
They must not open, write or print what is outside of the folder, nor change what is in it except the store, nor print a
character that disturbs a terminal. What is certainly wrong must be refused, and what `validate` accepts the others must
accept too.
"""
import ctypes
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time

from corpus import foreign, places, texts
from corpus.case import write_case

SUMMARY = "show the program hostile documents, tables, screenplays, models and pictures"
KINDS = texts.KINDS | places.KINDS | foreign.KINDS
COMMANDS = {
    "validate": ["validate", "film"],
    "json": ["validate", "film", "--format", "json"],
    "info": ["info", "film"],
    "plan": ["plan", "film"],
    "estimate": ["estimate", "film"],
}
# 0: done. 1: a job of the estimate failed. 2: invalid. 3: a tool is missing, or the machine is too small. 4: the store.
CODES = {"validate": (0, 2), "json": (0, 2), "info": (0, 2), "plan": (0, 2, 3, 4), "estimate": (0, 1, 2, 3, 4)}
# Text of the file outside and of a variable of the environment, which nobody may print.
CANARIES = {"secret": "canary-of-the-file-outside", "document": "canary-of-the-document-outside",
"environment": "canary-of-the-environment"}
FOREIGN_TEXT = re.compile(rb"root:x:0:0|" + "|".join(CANARIES.values()).encode())
# What would move a cursor, change a colour, turn the direction or hide in a text. No output is a terminal, so none has
# colours.
DISTURBING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u2028\u2029]")
MEMORY_BYTES = 3 << 30
OPENED, CHANGED = 0x20, 0x2 | 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400


def add_options(parser):
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this kind of document (repeatable)")
    parser.add_argument("--command", action="append", choices=COMMANDS, help="only this command (repeatable)")
    parser.add_argument("--time", type=float, default=20,
        help="seconds that a command may take; estimate may take six times as long (default: 20)")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for copies of what was accepted wrongly")


class FolderWatch:
    """Sees every file that is opened or changed in a folder, by inotify. Where there is none, it sees nothing."""

    def __init__(self, folder):
        self.handle = -1
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            self.handle = libc.inotify_init1(os.O_NONBLOCK)
            libc.inotify_add_watch(self.handle, os.fsencode(folder), OPENED | CHANGED)
        except (OSError, AttributeError):
            pass

    def events(self):
        """Returns the names of files since the last call, with what happened to them."""
        found = []
        while self.handle >= 0:
            try:
                data = os.read(self.handle, 1 << 16)
            except BlockingIOError:
                return found
            while data:
                mask, length = int.from_bytes(data[4:8], "little"), int.from_bytes(data[12:16], "little")
                name = data[16:16 + length].rstrip(b"\0").decode()
                found.append(f"{name or 'the folder'} {'opened' if mask & OPENED else 'changed'}")
                data = data[16 + length:]
        return found


def tree(folder):
    """Returns kind, size and inode of everything in a folder but a store, by path, without following links."""
    found = {}
    folders = [os.fsencode(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                facts = entry.stat(follow_symlinks=False)
                found[entry.path] = (facts.st_mode, 0 if entry.is_dir(follow_symlinks=False) else facts.st_size,
                    facts.st_ino)
                if entry.is_dir(follow_symlinks=False):
                    if entry.name == b".production":
                        del found[entry.path]
                    else:
                        folders.append(entry.path)
    return found


class Corpus:
    def __init__(self, options, counts, work):
        self.options, self.counts, self.work = options, counts, work
        self.film, self.outside, self.aside = work / "film", work / "outside", work / "aside"
        self.outside.mkdir()
        (self.outside / "secret.txt").write_text(CANARIES["secret"])
        (self.outside / "document.yaml").write_text(f"production: {{title: {CANARIES['document']}}}\n")
        for name in ("home", "tmp"):
            (self.aside / name).mkdir(parents=True)
        self.environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self.aside / "home"), "TMPDIR": str(self.aside / "tmp"),
            "SWEEP": CANARIES["environment"], "LANG": "C.UTF-8",
        }
        self.watch = FolderWatch(self.outside)
        self.slowest, self.largest = (0.0, ""), (0, "")
        self.calls = 0

    def call(self, command, name):
        """Calls the program. Returns its code and what it printed to both outputs, as bytes."""
        limit = self.options.time * (6 if command == "estimate" else 1)
        output, errors = self.work / "output", self.work / "errors"
        begun = time.monotonic()
        with open(output, "wb") as first, open(errors, "wb") as second:
            process = subprocess.Popen(
                [self.options.program, *COMMANDS[command]], cwd=self.work, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=first, stderr=second, process_group=0
            )
            signal.setitimer(signal.ITIMER_REAL, limit)
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except TimeoutError:
                os.killpg(process.pid, signal.SIGKILL)
                _, status, usage = os.wait4(process.pid, 0)
                return "hang", output.read_bytes(), errors.read_bytes()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                process.returncode = 0
        self.calls += 1
        self.slowest = max(self.slowest, (time.monotonic() - begun, f"{command}: {name}"))
        self.largest = max(self.largest, (usage.ru_maxrss << 10, f"{command}: {name}"))
        if usage.ru_maxrss << 10 > MEMORY_BYTES:
            return "memory", output.read_bytes(), errors.read_bytes()
        return os.waitstatus_to_exitcode(status), output.read_bytes(), errors.read_bytes()

    def faults_of(self, command, case, before):
        """Calls a command and returns its code, and every fault that it shows."""
        outside = tree(self.outside)
        self.watch.events()
        code, output, errors = self.call(command, case.name)
        printed = output + errors
        opened = self.watch.events()
        text = printed.decode("utf-8", "replace")
        faults = []
        if b"panicked at" in printed or b"RUST_BACKTRACE" in printed:
            faults.append("panics: " + text[-300:])
        elif code == "hang":
            faults.append(f"does not end after {self.options.time} s")
        elif code == "memory":
            faults.append(f"takes more than {MEMORY_BYTES >> 20} MB")
        elif code not in CODES[command] and not (code == 4 and any(".production" in str(name) for name in case.files)):
            faults.append(f"ends with {code}: {text[-300:]}")
        if opened:
            faults.append(f"opens what is outside: {opened}")
        if FOREIGN_TEXT.search(printed):
            faults.append("prints what is outside")
        disturbing = DISTURBING.search(text) if command != "json" else None
        if disturbing:
            around = text[max(disturbing.start() - 60, 0): disturbing.end() + 20]
            faults.append(f"prints U+{ord(disturbing[0]):04X}: {around!r}")
        if command == "json" and code in (0, 2):
            faults += json_faults(output, code)
        if tree(self.outside) != outside:
            faults.append("LOST: changes what is outside")
            self.mend_outside()
        if tree(self.film) != before:
            faults.append("LOST: changes the folder of the production")
        left = [str(path.relative_to(self.aside)) for path in self.aside.rglob("*")
            if path not in (self.aside / "home", self.aside / "tmp")]
        if left:
            faults.append(f"leaves {left}")
            for name in ("home", "tmp"):
                shutil.rmtree(self.aside / name)
                (self.aside / name).mkdir()
        return code, faults

    def mend_outside(self):
        for path in self.outside.iterdir():
            if path.name not in ("secret.txt", "document.yaml"):
                path.unlink()

    def try_case(self, kind, case):
        if self.film.is_symlink() or self.film.exists():
            shutil.rmtree(self.film)
        try:
            write_case(self.film, self.outside, case.files)
        except OSError as error:
            # A file system that cannot take the name is no trouble of the program's.
            self.counts.add(f"{kind}: {case.name}", "harmless", f"cannot be written: {error}")
            return
        before = tree(self.film)
        faults, codes = [], {}
        for command in self.options.command or COMMANDS:
            codes[command], found = self.faults_of(command, case, before)
            faults += [f"{command} {fault}" for fault in found]
        if case.must_refuse and codes.get("validate") == 0:
            faults.append("validate accepts it")
        if codes.get("validate") == 0 and 2 in codes.values():
            faults.append(f"validate accepts what another command refuses: {codes}")
        if codes.get("validate") == 2 and 0 in (codes.get("plan"), codes.get("estimate")):
            faults.append(f"validate refuses what another command accepts: {codes}")
        self.judge(f"{kind}: {case.name}", faults, codes)

    def judge(self, name, faults, codes):
        if not faults:
            outcome = "refused" if 2 in codes.values() else "told" if set(codes.values()) - {0} else "harmless"
            self.counts.add(name, outcome, str(codes))
            return
        lost = any("LOST" in fault for fault in faults)
        self.counts.add(name, "lost" if lost else "accepted wrongly", "; ".join(faults))
        if self.options.keep:
            kept = self.options.keep / re.sub(r"[^A-Za-z0-9]+", "-", name)[:80]
            shutil.rmtree(kept, ignore_errors=True)
            # By the system's copy, which takes pipes and devices as they are.
            subprocess.run(["cp", "-a", self.film, kept], check=False)


def json_faults(text, code):
    """Returns what is wrong with the findings as JSON. There are none if there is no document."""
    if code == 2 and not text:
        return []
    try:
        found = json.loads(text)
    except ValueError:
        return [f"is no JSON: {text[:200]!r}"]
    return [] if found.get("valid") == (code == 0) else [f"ends with {code} and says valid: {found.get('valid')}"]


def raise_timeout(_signal, _frame):
    raise TimeoutError


def run(options, counts):
    signal.signal(signal.SIGALRM, raise_timeout)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    # A kind has dice of its own, so that `--kind` shows the same cases alone.
    cases = [(kind, case) for kind in options.kind or KINDS
    for case in KINDS[kind](random.Random(f"{options.seed} {kind}"))]
    if options.limit:
        cases = random.Random(options.seed).sample(cases, min(options.limit, len(cases)))
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(options, counts, pathlib.Path(folder))
        for kind, case in cases:
            corpus.try_case(kind, case)
        slow, large = corpus.slowest, corpus.largest
        print(f"documents: {corpus.calls} calls")
        print(f"documents: the slowest took {slow[0]:.1f} s ({slow[1]}), the largest {large[0] >> 20} MB ({large[1]})")
