"""Damages every kind of file in a store, in every way, and looks what the program makes of it.

After each fault the program must heal it, refuse with exit code 4, or say what is wrong. What it delivers with exit code 0
must be equal to the bit to what a clean store gives. `gc` must never remove what a revision needs, and nothing outside the
store may change. `permissions` needs a user that is not root: as root, the script gives the work to `nobody`.
"""
import json
import os
import pathlib
import random
import shutil
import stat
import tempfile

from common import KNOWN_CODES, call, deliverables, fresh_copy, write_production

SUMMARY = "damage every kind of file in a store"
FAULTS = ("truncate", "empty", "flip", "delete", "swap", "permissions", "folder", "link")
# What is called after a fault, each on a copy of its own.
SCENES = ("run", "regrade", "gc", "fix", "revert")
NOBODY = 65534


def add_options(parser):
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only this fault (repeatable)")
    parser.add_argument("--scene", action="append", choices=SCENES, help="only this command after the fault (repeatable)")


class Sweep:
    def __init__(self, options, counts, work):
        self.program, self.counts, self.work = options.program, counts, work
        self.dice = random.Random(options.seed)
        self.template = work / "template"
        self.film = work / "film"
        self.victim = work / "victim"
        self.wanted = {}

    def production(self, *words):
        code, text = call(self.program, *words, cwd=self.work)
        assert code in KNOWN_CODES, f"production {' '.join(words)}: exit code {code}\n{text}"
        return code, text

    def run(self, folder):
        code, text = self.production("run", str(folder))
        assert code == 0, f"production run {folder}: exit code {code}\n{text}"

    def prepare(self):
        """Makes a store with two revisions and the note of a publication, and what every version delivers."""
        for name, version in (("one", {"frames": 2}), ("two", {"frames": 4}), ("graded", {"frames": 4, "contrast": "high"})):
            clean = self.work / "clean" / name
            write_production(clean, **version)
            self.run(clean)
            self.wanted[name] = deliverables(clean)
        assert len({json.dumps(wanted) for wanted in self.wanted.values()}) == 3
        for frames in (2, 4):
            write_production(self.film, frames=frames)
            self.run(self.film)
        self.film.rename(self.template)
        store = self.template / ".production"
        records = [line.split(" ", 1)[1] for line in (store / "events/rev-0002.jsonl").read_text().splitlines()]
        closing = [json.loads(record) for record in records if '"event":"published"' in record or '"event":"run_ended"' in record]
        note = {"step": "placing", "current": json.loads((store / "current.json").read_text()), "places": ["out/game"],
                "journal": "rev-0002", "closing": closing}
        (store / "publishing.json").write_text(json.dumps(note))
        self.victim.mkdir()
        (self.victim / "thesis").write_text("work")

    def files(self):
        store = self.template / ".production"
        return sorted(path.relative_to(store) for path in store.rglob("*") if path.is_file())

    def needed_blobs(self):
        """Returns the blobs that the manifests of the untouched store name."""
        needed = set()
        for path in (self.template / ".production/manifests").glob("*.json"):
            for job in json.loads(path.read_text())["jobs"].values():
                needed.update(output["digest"] for output in job["outputs"])
        return needed

    def cases(self, faults, scenes):
        for name in self.files():
            for fault in faults:
                for scene in scenes:
                    yield name, fault, scene

    def apply(self, name, fault):
        """Damages a file of the copy. Returns whether the fault can be done."""
        path = self.film / ".production" / name
        times = path.stat()
        path.parent.chmod(0o755)
        content = path.read_bytes()
        if fault == "truncate":
            return self.rewrite(path, content[: self.dice.randrange(len(content))] if content else None, times)
        if fault == "empty":
            return self.rewrite(path, b"" if content else None, times)
        if fault == "flip":
            if not content:
                return False
            at = self.dice.randrange(len(content))
            flipped = bytes([content[at] ^ (1 << self.dice.randrange(8))])
            return self.rewrite(path, content[:at] + flipped + content[at + 1:], times)
        if fault == "delete":
            path.unlink()
        elif fault == "swap":
            others = [other for other in path.parent.iterdir() if other.is_file() and other.read_bytes() != content]
            if path.parent.parent.name == "blobs":
                others = [other for other in path.parent.parent.rglob("*") if other.is_file() and other.read_bytes() != content]
            if not others:
                return False
            other = self.dice.choice(sorted(others))
            aside = path.with_name("aside")
            path.rename(aside)
            other.rename(path)
            aside.rename(other)
        elif fault == "permissions":
            if os.geteuid() == 0:
                return False
            path.chmod(0)
        elif fault == "folder":
            path.unlink()
            path.mkdir()
            (path / "mine").write_text("mine")
        elif fault == "link":
            path.unlink()
            path.symlink_to(self.victim / "thesis")
        return True

    @staticmethod
    def rewrite(path, content, times):
        """Writes in place and sets the time back, as a bad disk or a bad tool would."""
        if content is None:
            return False
        path.chmod(stat.S_IMODE(times.st_mode) | stat.S_IWUSR)
        with open(path, "r+b") as file:
            file.write(content)
            file.truncate()
        path.chmod(stat.S_IMODE(times.st_mode))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        return True

    def try_case(self, name, fault, scene):
        fresh_copy(self.template, self.film)
        if name.name != "publishing.json":
            # The next command would complete the publication first, and mend with it what is to be looked at.
            (self.film / ".production/publishing.json").unlink()
        if not self.apply(name, fault):
            return
        label = f"{scene} after {fault} of {name}"
        try:
            outcome, detail = getattr(self, f"after_{scene}")(name, fault)
        except AssertionError as error:
            outcome, detail = "accepted wrongly", str(error)
        if [path.name for path in self.victim.iterdir()] != ["thesis"] or (self.victim / "thesis").read_text() != "work":
            outcome, detail = "lost", "something outside of the store changed"
        aside = list((self.film / ".production").rglob("mine"))
        if fault == "folder" and not aside:
            outcome, detail = "lost", "the folder that was in the way"
        self.counts.add(label, outcome, detail)

    def judge(self, code, text, wanted, before):
        """Judges a command that delivers: right to the bit, or refused with everything in place as it was."""
        now = deliverables(self.film)
        if code == 0:
            if now == wanted:
                return "healed", ""
            return "accepted wrongly", f"other files than a clean store gives\n{text}"
        if now not in (before, wanted):
            return "lost", f"deliverables changed although the command ended with {code}\n{text}"
        assert code in (1, 4), f"exit code {code}\n{text}"
        return ("refused" if code == 4 else "told"), text.strip().splitlines()[-1] if text.strip() else ""

    def after_run(self, _name, _fault):
        return self.rerun(frames=4, wanted="two")

    def after_regrade(self, _name, _fault):
        return self.rerun(frames=4, contrast="high", wanted="graded")

    def rerun(self, wanted, **version):
        before = deliverables(self.film)
        write_production(self.film, **version)
        code, text = self.production("run", str(self.film))
        outcome, detail = self.judge(code, text, self.wanted[wanted], before)
        if outcome == "told":
            # A job that failed for the fault must not fail for ever.
            code, text = self.production("run", str(self.film))
            again, more = self.judge(code, text, self.wanted[wanted], before)
            return (outcome if again == "healed" else "accepted wrongly"), more or detail
        return outcome, detail

    def after_gc(self, name, fault):
        needed = self.needed_blobs()
        blobs = lambda: {path.name for path in (self.film / ".production/blobs").rglob("*") if path.is_file()}
        kept_before = blobs() & needed
        before = deliverables(self.film)
        code, text = self.production("gc", str(self.film))
        lost = kept_before - blobs()
        if lost:
            return "lost", f"gc removed {len(lost)} files that a revision needs\n{text}"
        if deliverables(self.film) != before:
            return "lost", f"gc changed deliverables\n{text}"
        if code != 0:
            assert code == 4, f"exit code {code}\n{text}"
            return "refused", text.strip().splitlines()[-1]
        return "harmless", ""

    def after_fix(self, _name, _fault):
        code, text = self.production("verify", str(self.film), "--fix")
        assert code in (0, 4), f"exit code {code}\n{text}"
        outcome, detail = self.rerun(frames=4, contrast="high", wanted="graded")
        if outcome != "healed":
            return outcome, detail
        code, text = self.production("verify", str(self.film))
        assert code in (0, 4), f"exit code {code}\n{text}"
        return ("healed", "") if code == 0 else ("told", text.strip().splitlines()[-1])

    def after_revert(self, _name, _fault):
        before = deliverables(self.film)
        code, text = self.production("revert", str(self.film), "1")
        return self.judge(code, text, self.wanted["one"], before) if code != 2 else ("refused", text.strip())


def run(options, counts):
    work = pathlib.Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        if os.geteuid() == 0:
            os.chown(work, NOBODY, NOBODY)
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.environ["HOME"] = str(work)
        sweep = Sweep(options, counts, work)
        sweep.prepare()
        cases = list(sweep.cases(options.fault or FAULTS, options.scene or SCENES))
        if options.limit:
            cases = sweep.dice.sample(cases, min(options.limit, len(cases)))
        for case in cases:
            sweep.try_case(*case)
    finally:
        for path in work.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(work, ignore_errors=True)
