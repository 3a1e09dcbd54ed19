"""What the sweeps share: counts, a small production, and calls of the program with a limit of time."""
import collections
import hashlib
import pathlib
import shutil
import struct
import subprocess
import zlib

# What may become of a fault. Only the first two are failures.
BAD = ("accepted wrongly", "lost")
OUTCOMES = BAD + ("healed", "told", "refused", "harmless")

# Exit codes that the program documents. Any other, and any signal, is a crash and counts as accepted wrongly.
KNOWN_CODES = (0, 1, 2, 3, 4, 130)

DOCUMENT = """\
production:
  title: Case
  author: A
  description: D
  style: {preset: cinematic, contrast: CONTRAST}
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24, chunk_size: 2}
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, location: studio, duration: FRAMES}
  outputs:
    - {name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game}
"""

PROVIDERS = """\
copy:
  command: [cp, '{file.picture}', '{output}']
  per: frame
  output: frame.####.png
  files: {picture: pic.png}
"""


class Counts:
    """Outcomes of faults, with a line for each that is bad."""

    def __init__(self, sweep, verbose):
        self.sweep, self.verbose = sweep, verbose
        self.tried = 0
        self.outcomes = collections.Counter()

    def add(self, fault, outcome, detail=""):
        self.tried += 1
        self.outcomes[outcome] += 1
        if self.verbose or outcome in BAD:
            print(f"{outcome.upper() if outcome in BAD else outcome}: {fault}: {detail}".rstrip(": "), flush=True)

    def is_bad(self):
        return any(self.outcomes[outcome] for outcome in BAD)

    def summary(self):
        parts = [f"{self.outcomes[outcome]} {outcome}" for outcome in OUTCOMES]
        return f"{self.sweep}: {self.tried} faults tried, " + ", ".join(parts)


def png(size, value):
    """Returns a picture of one grey, as the bytes of a PNG file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((value + x + y) % 256 for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_production(folder, contrast="medium", frames=2):
    """Writes the small production, or another version of its document."""
    folder = pathlib.Path(folder)
    (folder / "presets").mkdir(parents=True, exist_ok=True)
    (folder / "presets/providers.yaml").write_text(PROVIDERS)
    if not (folder / "pic.png").exists():
        (folder / "pic.png").write_bytes(png(16, 60))
    document = DOCUMENT.replace("CONTRAST", contrast).replace("FRAMES", str(frames))
    (folder / "production.yaml").write_text(document)


def call(program, *words, cwd, limit=120):
    """Runs the program. Returns its exit code and what it printed; the code is negative after a signal."""
    try:
        done = subprocess.run([program, *words], cwd=cwd, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return -1, f"no end after {limit} s"
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    return (-2 if "panicked at" in text else done.returncode), text


def deliverables(folder):
    """Returns the digest of every delivered file but the reports, by path."""
    out = pathlib.Path(folder) / "out"
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file() and not path.name.startswith("report."):
            found[str(path.relative_to(out))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def fresh_copy(template, place):
    """Copies a folder with times and links, in place of what is there."""
    if place.exists():
        for path in place.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(place)
    shutil.copytree(template, place, symlinks=True)
