"""Paths that lead elsewhere, and files that are links, pipes, devices or folders."""
from .case import BASE, SCRIPT, SHOTS, Case, Link, Special, document, production, with_shots
from .texts import escaped

# Fields that name a file to read, with the words to write for them.
READS = {
    "script": lambda path: document(script=path),
    "model": lambda path: document(model=path),
    "prop_model": lambda path: document(prop_model=path),
    "hdri": lambda path: document(hdri=path),
    "set": lambda path: document(set=path),
    "shot_list": lambda path: with_shots(document()).replace("shots.csv", path),
    "include": lambda path: document() + f"  include: {path}\n",
    "includes": lambda path: document() + f"  include: [{path}]\n",
    "extends": lambda path: document() + f"  extends: {path}\n",
    "costume": lambda path: document().replace("costume: coat, model: box.glb", f"costume: coat, model: {path}"),
    "custom_setup": lambda path: document().replace("      exposure: 0\n", f"      custom_setup: {path}\n", 1),
}
WRITES = {
    "path": lambda path: document(path=path),
    "passes_path": lambda path: document().replace("engine: previz,",
    f"engine: previz, passes: [depth], passes_path: {path},"),
}
# `@` is the folder outside, as an absolute path.
LEADING_OUT = (
    "../outside/secret.txt", "@/secret.txt", "a/../../outside/secret.txt", "./../outside/secret.txt",
    "..//outside//secret.txt", "link/secret.txt",
    "link/../secret.txt", "links/one", "../film/../outside/secret.txt", "/proc/self/environ", "/dev/zero", "/dev/stdin",
    "/etc/passwd", "//etc/passwd",
    "/proc/self/fd/0", "/dev/fd/0",
)
ODD = (
    ".", "..", "/", "./", "../", "", " ", "''", "~", "'~/x.glb'", "'~root/x'", "'$HOME/x.glb'", "'${HOME}/x.glb'",
    "'%USERPROFILE%\\x.glb'", "'C:\\x.glb'", "'C:x.glb'", "'\\\\server\\x'",
    "'..\\outside\\secret.txt'", "'s3://a/b.glb'", "'file:///etc/passwd'", "'http://127.0.0.1:1/x.glb'",
    "'data:text/plain,a'", "%2e%2e/outside/secret.txt", "'..%2foutside%2fsecret.txt'",
    "．．/outside/secret.txt", "..／outside／secret.txt", "․․/outside/secret.txt", "box.glb/", "box.glb/.", "box.glb/x",
    "box.glb/../box.glb", "./box.glb", "BOX.GLB", "'box.glb '", "'box.glb\\0.png'",
    '"box.glb\\0"', '"../outside\\0/x"', '"a\\nb.glb"', '"\\x1b[31m.glb"', "'*'", "'**'", "'**/*'", "'../*'", "'[a-'",
    "'{a,b}'", "'?'", "'***'", "'[!a]'", "'" + "*/" * 2_000 + "'", "'" + "*" * 5_000 + "a'", "a" * 300,
    "a/" * 3_000 + "a",
    "../" * 2_000 + "etc/passwd", "con", "aux.glb", "-", "--help", "-rf", "'|id'", "';id'", "'`id`'", "'$(id)'",
    "production.yaml", "./production.yaml", ".git/config", ".production", ".production/x", ".production/current.json",
    "presets", "presets/x.yaml", "x.GLB", "x.", ".x", "'x.glb:stream'", "[a, b]", "{a: b}", "1", "null", "'\\'",
    "nul\\x", "a\\..\\..\\b", "'####.png'", "'%04d.png'", "'%n%n%n%s'", "'{output}'",
    "'frame.####################.png'", "'a<b>c'", "'a\"b'", "\"a\\u202eb\"",
)


def paths(_dice):
    """Paths that lead out of the folder, or that no file system or no shell reads as they look."""
    more = {"link": Link("@"), "links/one": Link("../link/secret.txt"), "shots.csv": SHOTS}
    for field, write in (READS | WRITES).items():
        for path in LEADING_OUT:
            yield Case(f"{field}: {path}", production(write(path), more), True)
        for path in ODD:
            yield Case(f"{field}: {path[:60]}", production(write(path), more))
    for path in LEADING_OUT + ODD:
        yield Case(f"a preset with {path[:60]}",
            production(document(hdri="mine"), {"presets/environments.yaml": f"mine: {{hdri: {path}}}\n"}))
        yield Case(f"a table with {path[:60]}", production(with_shots(document()),
            {"shots.csv": SHOTS + f"{path},{path},{path},{path},1,2,24,\n", "link": Link("@")}))
        yield Case(f"a costume key {path[:60]}", production(document(wardrobe_key=escaped(path))))


SPECIALS = {
    "pipe": Special("pipe"), "socket": Special("socket"), "folder": Special("folder"), "device": Special("zero"),
    "dead link": Link("nothing"), "link to itself": Link("SELF"),
    "link to the outside": Link("@/secret.txt"), "link to a document outside": Link("@/document.yaml"),
    "link to the outside by steps": Link("hop"), "link to a device": Link("/dev/zero"),
    "link to a pipe": Link("a_pipe"),
    "link to the environment": Link("/proc/self/environ"), "link to the input": Link("/dev/stdin"),
    "link to a terminal": Link("/dev/tty"), "link to the memory": Link("/proc/self/mem"),
    "link to a folder": Link("."),
    "link to the root": Link("/"), "link to an open file": Link("/proc/self/fd/0"), "empty": b"",
}
PLACES = (
    "production.yaml", "characters.yaml", "locations.yaml", "props.yaml", "shots.yaml", "outputs.yaml",
    "script.fountain", "shots.csv", "box.glb", "sky.hdr", "more.yaml", "base.yaml", "presets", "presets/shots.yaml",
    "presets/providers.yaml", "presets/palettes.yaml", "presets/other.txt", "presets/unknown.yaml", ".production",
    "out", "out/film", "deliverables", "production.schema.json", ".gitignore", "machine.yaml",
)
# What is read there, whatever it is, and so must be a file of this folder.
READ_PLACES = ("production.yaml", "script.fountain", "shots.csv", "box.glb", "sky.hdr", "more.yaml", "base.yaml",
"shots.yaml", "characters.yaml")


def specials(_dice):
    """Links, pipes, sockets, devices and folders in place of every file that a production may have."""
    for place in PLACES:
        for name, special in SPECIALS.items():
            text = with_shots(document()) if place == "shots.csv" else document()
            text += "  include: more.yaml\n" if place == "more.yaml" else "  extends: base.yaml\n" if place == "base.yaml" else ""
            up = "../" * place.count("/")
            if isinstance(special, Link) and special.target in ("SELF", "hop", "a_pipe"):
                special = Link(place.rsplit("/", 1)[-1] if special.target == "SELF" else up + special.target)
            more = {"hop": Link("hop2"), "hop2": Link("@/secret.txt"), "a_pipe": Special("pipe"), place: special}
            yield Case(f"{place} is a {name}", production(text, more),
                place in READ_PLACES and name not in ("empty", "link to a folder"))
    for up in ("presets", "assets", "out", ".production", ".production/blobs"):
        for target in ("@", "/", "/proc/self", ".", "nothing", up.rsplit("/", 1)[-1]):
            text = document(model="assets/box.glb", path="out/film")
            yield Case(f"the folder {up} is a link to {target}", production(text, {up: Link(target)}))


def wildcards(_dice):
    """Patterns of includes that meet many files, links, pipes and names that are no text."""
    for pattern in ("'*'", "'*.yaml'", "'**/*.yaml'", "'*/*/*/*'", "'loop/**/*'", "'link/*'", "[a*, a*, a*]",
        "'*.yaml*'", "'.*'", "'presets/*'", "'a/../*.yaml'"):
        more = {f"a{n}.yaml": "shots: []\n" for n in range(40)} | {
            "loop/a/loop": Link(".."), "link": Link("@"), "pipe.yaml": Special("pipe"), "zero.yaml": Special("zero"),
            "dead.yaml": Link("nothing"), b"odd\xff.yaml": b"shots: []\n", "folder.yaml": Special("folder"),
            "new\nline.yaml": "shots: []\n",
            "\x1b[31m.yaml": "titel: 1\n",
        }
        yield Case(f"include {pattern}", production(document() + f"  include: {pattern}\n", more))
    many = {f"m/{n}.yaml": "shots: []\n" for n in range(5_000)}
    yield Case("5,000 includes", production(document() + "  include: 'm/*.yaml'\n", many), True)
    chain = {f"c{n}.yaml": f"include: c{n + 1}.yaml\n" for n in range(3_000)} | {"c3000.yaml": "shots: []\n"}
    yield Case("includes of includes", production(document() + "  include: c0.yaml\n", chain))
    chain = {f"e{n}.yaml": f"production:\n  extends: e{n + 1}.yaml\n" for n in range(3_000)} | {"e3000.yaml": document()}
    yield Case("extends of extends", production(document() + "  extends: e0.yaml\n", chain))
    yield Case("extends itself", production(document() + "  extends: production.yaml\n"), True)
    yield Case("extends in a circle", production(document() + "  extends: b.yaml\n",
        {"b.yaml": document() + "  extends: production.yaml\n"}), True)
    yield Case("a name that is no text", production(document(model='"box\\udcff.glb"'), {b"box\xff.glb": b""}))
    yield Case("a script in a loop of links",
        production(document(script="loop/a/loop/a/loop/x.fountain"),
        {"loop/a/loop": Link(".."), "loop/x.fountain": SCRIPT}))


PROVIDERS = (
    "copy: {command: [touch, '@/touched'], per: frame, output: f.####.png}",
    "copy: {command: ['touch @/touched'], shell: true, per: frame, output: f.####.png, version: [sh, -c, 'touch @/touched']}",
    "copy: {command: ['@/run.sh', '{output}'], per: frame, output: f.####.png, version_command: ['@/run.sh']}",
    "copy: {command: ['./run.sh', '{output}'], per: frame, output: ../../../f.####.png}",
    "copy: {command: [sleep, '1000'], per: frame, output: f.####.png, version: [sleep, '1000']}",
    "copy: {command: [cat, '{file.secret}'], per: frame, output: f.####.png, files: {secret: ../outside/secret.txt}}",
    "copy: {command: [cat, '{file.secret}'], per: frame, output: f.####.png, files: {secret: link/secret.txt}}",
    "copy: {command: [], per: frame, output: f.####.png}",
    "copy: {command: ['{unknown}'], per: frame, output: f.####.png}",
    "copy: {command: [a], per: frame, output: f.################################################.png}",
    "copy: {command: [a], per: frame, output: f.#.png, failures: {crash: '(a+)+$'}}",
    "copy: {command: [a], per: frame, output: f.#.png, failures: {crash: '" + "(a?){1000}" * 3 + "'}}",
    "previz: {command: [touch, '@/touched'], per: frame, output: f.####.png}",
    "ffmpeg: {command: [touch, '@/touched']}",
    "copy: &a {command: *a}", "copy: [a]", "copy: null", "[]",
    "copy: {command: [a], per: frame, output: f.#.png, environment: {LD_PRELOAD: '@/evil.so', PATH: '@'}}",
)


def programs(_dice):
    """Programs that a folder brings: looking at a folder starts none of them."""
    for number, text in enumerate(PROVIDERS):
        for engine in ("copy", "previz", "cycles"):
            more = {"presets/providers.yaml": text, "run.sh": "#!/bin/sh\ntouch ../outside/touched\n", "link": Link("@")}
            yield Case(f"provider {number} for {engine}", production(document(engine=engine), more))


KINDS = {"paths": paths, "specials": specials, "wildcards": wildcards, "programs": programs}
assert "@model=" in BASE
