"""Kills random processes of the tree of a run with KILL at random instants: the run, its reapers, its renderers and what
those started, one or several, in any order. Afterwards nothing may be left running, and the same command, typed at once,
must end with the bytes of a run that nobody killed."""
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time

from common import call, deliverables, write_production

SUMMARY = "kill every process of a run's tree at random instants"

# A renderer with children in its group and in a session of its own, as real ones have.
PROVIDERS = """\
copy:
  command: ['sleep 0.3 & setsid sleep 0.3 & sleep 0.02; cp {file.picture} {output}; wait']
  shell: true
  per: frame
  output: frame.####.png
  files: {picture: pic.png}
"""
# The environment of renderers is empty but for variables of this prefix.
MARK = "PRODUCTION_SWEEP_MARK"
# Seconds that a process may take to end after the run that started it.
PATIENCE = 10

# What is killed: `any` process, the `run`, all `reapers`, or the whole `group` of the run, as a terminal does.
PLANS = (["any"], ["run"], ["reapers", "run"], ["any", "run"], ["any", "any", "any"], ["group"],
["reapers", "any", "run"])


def add_options(parser):
    parser.add_argument("--kills", type=int, default=200, help="the number of kills (default: 200)")


def processes(mark):
    """Returns the living processes with this mark: number to command line."""
    found = {}
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8",
                    "replace")
        except OSError:
            pass
    return found


def kill(number):
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        pass


def victims(what, run, mark, chance):
    """Returns the numbers of the processes that a step kills."""
    tree = processes(mark)
    reapers = [number for number, line in tree.items() if line.startswith("keeper ")]
    if what == "run":
        return [run.pid]
    if what == "reapers":
        return reapers[: chance.randint(1, 2)]
    if what == "group":
        return [number for number in tree if number not in reapers]
    return [chance.choice(sorted(tree))] if tree else []


def left_after(mark):
    """Returns what is still running when the time for it to end is up."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        left = processes(mark)
        if not left:
            return {}
        time.sleep(0.02)
    return left


def run_killed(program, film, plan, chance, length):
    """Runs the film and kills as planned. Returns the exit code, and the mark of the run's processes."""
    mark = f"{os.getpid()}-{chance.getrandbits(40)}"
    run = subprocess.Popen(
        [program, "run", "film", "-j", str(chance.randint(1, 3))],
        cwd=film.parent,
        env=dict(os.environ, **{MARK: mark}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(chance.uniform(0, length))
    for what in plan:
        for number in victims(what, run, mark, chance):
            kill(number)
        # Often no time at all: a replacement of a reaper must not be needed for what follows.
        time.sleep(chance.choice([0, 0, 0.001, 0.05]))
    run_was_killed = "run" in plan or "group" in plan
    code = run.wait(timeout=120) if not run_was_killed else run.wait(timeout=PATIENCE)
    return code, mark


def write_film(film):
    write_production(film, frames=12)
    (film / "presets/providers.yaml").write_text(PROVIDERS)


def run(options, counts):
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        outer = pathlib.Path(folder)
        write_film(outer / "whole/film")
        begun = time.monotonic()
        code, text = call(options.program, "run", "film", "-j", "2", cwd=outer / "whole")
        length = time.monotonic() - begun
        if code != 0:
            raise SystemExit(f"the run that nobody kills ends with {code}: {text}")
        wanted = deliverables(outer / "whole/film")
        kills = min(options.kills, options.limit or options.kills)
        for number in range(kills):
            film = outer / str(number) / "film"
            write_film(film)
            plan = PLANS[number % len(PLANS)]
            fault = f"kill {number} ({', then '.join(plan)})"
            code, mark = run_killed(options.program, film, plan, chance, length * 0.9)
            # At once, beside what is still dying.
            again, text = call(options.program, "run", "film", cwd=film.parent)
            left = left_after(mark)
            verified, report = call(options.program, "verify", "film", cwd=film.parent)
            for process in left:
                kill(process)
            if left:
                counts.add(fault, "accepted wrongly", f"left running: {left}")
            elif again != 0 or verified != 0:
                counts.add(fault, "lost",
                f"the next run ends with {again}, verify with {verified}: {text[-300:]} {report[-300:]}")
            elif deliverables(film) != wanted:
                counts.add(fault, "lost", "other bytes than of a run that nobody killed")
            else:
                counts.add(fault, "harmless" if code == 0 else "healed", f"the killed run ended with {code}")
