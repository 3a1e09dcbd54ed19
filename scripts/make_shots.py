#!/usr/bin/env python3
"""Writes a production of many shots to a folder, for benches: a dozen fields a shot, one anchor, 32 MB for 100,000 shots.

MISTAKES shots name a template that does not exist, or have a word where a number belongs. With FILES above 0, the shots
are in that many included files. `shots.tsv` is a tab-separated list of the same shots, named by `list.yaml`.
"""

import argparse
import shutil
from pathlib import Path

HEAD = """production:
  title: Bench
  author: production
  description: A document as large as they come.
  characters: [{name: mara, model: mara.glb}]
  locations: [{name: pier, preset: harbour_dusk}]
  outputs: [{format: streaming_1080p, path: out/film.mp4}]
"""
ANCHOR = "x-usual: &usual {exposure: 0.25, lens: 85}\n"
FIELDS = "name template scene character location action size angle azimuth duration description notes".split()


def fields(at, wrong):
    """Returns the values of one shot in the order of FIELDS."""
    scene, number = at // 40 + 1, at % 40 + 1
    return [
        f"sq{scene:04}_sh{number * 10:04}",
        "hero_clsup" if wrong and at % 2 else "hero_cu",
        "first" if wrong and not at % 2 else scene,
        "mara",
        "pier",
        "talk",
        "close_up" if at % 2 else "medium",
        "low" if at % 3 else "eye",
        at % 90 - 45,
        48 + at % 48,
        f"Mara turns to the lamp and waits for the tide, take {at}",
        "coat as before",
    ]


def entry(at, wrong):
    """Returns one shot as YAML."""
    lines = [f"{name}: {value}" for name, value in zip(FIELDS, fields(at, wrong))]
    return "  - <<: *usual\n    " + "\n    ".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name, default in [("shots", 100_000), ("mistakes", 0), ("files", 0)]:
        parser.add_argument(name, type=int, nargs="?", default=default)
    options = parser.parse_args()
    folder, shots, mistakes, files = options.folder, options.shots, options.mistakes, options.files
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).parent.parent / "examples/short_film/assets/mara.glb", folder)
    wrong = set(range(0, shots, max(1, shots // mistakes))) if mistakes else set()
    wrong = set(sorted(wrong)[:mistakes])
    # Every second mistake falls on an odd shot, so that both kinds occur.
    wrong = {at + (place % 2) for place, at in enumerate(sorted(wrong))}
    entries = [entry(at, at in wrong) for at in range(shots)]
    if files:
        share = -(-shots // files)
        for part in range(files):
            own = entries[part * share:(part + 1) * share]
            (folder / f"part_{part:03}.yaml").write_text(ANCHOR + "shots:\n" + "".join(own))
        (folder / "production.yaml").write_text(HEAD + "  include: part_*.yaml\n")
    else:
        indented = "".join(entries).replace("\n", "\n  ").rstrip(" ")
        (folder / "production.yaml").write_text(HEAD + "  " + ANCHOR + "  shots:\n  " + indented)
    (folder / "list.yaml").write_text(HEAD + "  shot_list: shots.tsv\n")
    rows = ["\t".join(str(value) for value in fields(at, at in wrong)) for at in range(shots)]
    (folder / "shots.tsv").write_text("\n".join(["\t".join(FIELDS)] + rows) + "\n")


main()
