"""Fills a small file system in memory up to every point of a run: of a first one, and of one with earlier deliverables in
place. A run on a full disk must say so with exit code 1 and leave what was delivered; with room again, the same
command must end with the bytes of a run that was never short of it. Needs the right to mount."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from common import call, deliverables, write_production

SUMMARY = "run on a disk that is full after every so many kilobytes"

DISK_BYTES = 16 << 20
BLOCK = 4096
# One deliverable of each way to write one: films, joined pictures, texts, and a file for each shot.
EXPORTS = """\
    - {name: film, codec: h264, resolution: 16x16, frame_rate: 24, path: out/film.mp4}
    - {name: loop, codec: gif, resolution: 16x16, frame_rate: 12, path: out/loop.gif}
    - {name: moving, codec: webp, resolution: 16x16, frame_rate: 12, path: out/moving.webp}
    - {name: master, codec: tiff, resolution: 16x16, frame_rate: 24, path: out/master}
    - {name: sheet, codec: contact_sheet, resolution: 16x16, path: out/sheet.jpg}
    - {name: shots, codec: prores_422, resolution: 16x16, frame_rate: 24, per_shot: true, path: out/shots/}
    - {name: timeline, format: otio, path: out/film.otio}
    - {name: events, format: edl, path: out/film.edl}
    - {name: final_cut, format: fcpxml, path: out/film.fcpxml}
    - {name: cuts, format: cut_list, path: out/cuts.csv}
"""

# Set in the copy of this process that has a user namespace of its own.
INSIDE = "PRODUCTION_SWEEP_INSIDE"


def add_options(parser):
    parser.add_argument("--points", type=int, default=60, help="the number of fill levels of each run (default: 60)")
    parser.add_argument("--exports", action="store_true", help="deliver films, animations, texts and single shots too")


def write_film(options, folder, contrast="medium"):
    write_production(folder, contrast=contrast, frames=12)
    if options.exports:
        with open(folder / "production.yaml", "a") as document:
            document.write(EXPORTS)


class SmallDisk:
    """A mounted file system in memory, with a file that fills it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder], capture_output=True, text=True, check=False
        )
        self.fault = done.stderr.strip() if done.returncode else None

    def free_bytes(self):
        facts = os.statvfs(self.folder)
        return facts.f_bavail * facts.f_frsize

    def leave_free(self, size):
        filler = max(self.free_bytes() - size, 0)
        with open(self.folder / "filler", "wb") as file:
            if filler:
                os.posix_fallocate(file.fileno(), 0, filler)

    def make_room(self):
        (self.folder / "filler").unlink(missing_ok=True)

    def empty(self):
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def unmount(self):
        subprocess.run(["umount", self.folder], check=False)


def full_run(options, counts, disk, fault, wanted):
    """Runs with the disk as full as it is, then with room. `wanted` is what is delivered before and after."""
    before, after = wanted
    code, text = call(options.program, "run", "film", cwd=disk.folder)
    found = deliverables(disk.folder / "film")
    says = any(words in text for words in ("No space left", "disk_full", "space"))
    disk.make_room()
    again, later = call(options.program, "run", "film", cwd=disk.folder)
    verified, report = call(options.program, "verify", "film", cwd=disk.folder)
    if code == 0 and found != after:
        counts.add(fault, "accepted wrongly", f"ended with 0 and delivered something else: {text[-300:]}")
    elif code not in (0, 1):
        counts.add(fault, "accepted wrongly", f"ended with {code}: {text[-300:]}")
    elif code != 0 and not says:
        counts.add(fault, "accepted wrongly", f"ended with {code} and does not say why: {text[-300:]}")
    elif found not in (before, after):
        counts.add(fault, "lost", f"ended with {code} and left a mixture of deliverables")
    elif again != 0 or verified != 0 or deliverables(disk.folder / "film") != after:
        counts.add(fault, "lost", f"with room again: {again}, verify {verified}: {later[-300:]} {report[-300:]}")
    else:
        counts.add(fault, "harmless" if code == 0 else "healed", f"ended with {code}")


def used_bytes(options, disk):
    """Returns the bytes that a run of what is in the folder needs."""
    free = disk.free_bytes()
    code, text = call(options.program, "run", "film", cwd=disk.folder)
    if code != 0:
        raise SystemExit(f"the run with room ends with {code}: {text}")
    return free - disk.free_bytes()


def fill_levels(options, size):
    # A quarter more than is used at the end, for files that are there only during a run.
    points = min(options.points, options.limit or options.points)
    top = size * 5 // 4 + 16 * BLOCK
    return sorted({top * point // max(points - 1, 1) // BLOCK * BLOCK for point in range(points)})


def sweep(options, counts, disk):
    film = disk.folder / "film"
    write_film(options, film)
    first_size = used_bytes(options, disk)
    first = deliverables(film)
    write_film(options, film, contrast="high")
    second_size = used_bytes(options, disk)
    second = deliverables(film)
    for free in fill_levels(options, first_size):
        disk.empty()
        write_film(options, film)
        disk.leave_free(free)
        full_run(options, counts, disk, f"first run, {free} bytes free", ({}, first))
    for free in fill_levels(options, second_size):
        disk.empty()
        write_film(options, film)
        call(options.program, "run", "film", cwd=disk.folder)
        write_film(options, film, contrast="high")
        disk.leave_free(free)
        full_run(options, counts, disk, f"second run, {free} bytes free", (first, second))


def run(options, counts):
    with tempfile.TemporaryDirectory() as folder:
        disk = SmallDisk(pathlib.Path(folder) / "disk")
        if disk.fault is None:
            try:
                sweep(options, counts, disk)
            finally:
                disk.unmount()
            return
    # Without the right to mount here, perhaps with it in a user namespace.
    if INSIDE not in os.environ and shutil.which("unshare"):
        command = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, *sys.argv]
        tried = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            sys.stdout.flush()
            raise SystemExit(subprocess.run(command, env=dict(os.environ, **{INSIDE: "1"}), check=False).returncode)
    print(f"disk: skipped, because nothing can be mounted here: {disk.fault}")
