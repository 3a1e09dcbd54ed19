"""YAML that is hostile as text: structure, sizes, encodings, values."""
import pathlib

from .case import BASE, SCRIPT, SHOTS, Case, document, production, slots, with_shots

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Places of a value that is a number, and those of free text or of a name.
NUMBERS = (
    "grade_exposure gamma saturation grain samples chunk_size sensor location_exposure key_azimuth key_elevation temperature "
    "intensity haze mark facing speed duration lens aperture focus azimuth amount frame_range resolution frame_rate "
    "output_resolution output_rate budget_time budget_disk"
).split()
TEXTS = "title author description character model prop location heading shot template output path engine style script".split()
# These may be anything: they are kept, and shown as text.
FREE = ("title", "author", "description")


def spoilt(name, text, must_refuse=False, more=None):
    return Case(name, production(text, more), must_refuse)


def nesting(dice):
    """Nesting up to, at and far past the limit, closed and open, in several places."""
    for depth in (10, 60, 64, 65, 1000, 20_000, 300_000):
        for start, end in (("[", "]"), ("{a: ", "}"), ("[{a: ", "}]"), ("? ", ""), ("- ", ""), ("&a [", "]"),
            ("!!seq [", "]")):
            for place in ("title", "mark", "prop", "wardrobe_key"):
                for closed in (True, False):
                    if dice.random() < 0.4 or (depth > 1000 and start == "? "):
                        continue
                    value = start * depth + "1" + end * depth * closed
                    yield spoilt(f"{depth} of {start!r} in {place}, closed: {closed}", document(**{place: value}),
                        depth > 64)
        block = "".join("  " * level + "a:\n" for level in range(min(depth, 2000)))
        yield spoilt(f"block of {depth}", "production:\n" + block, True)


def aliases(_dice):
    """Anchors and aliases: those that multiply, lead back to themselves, or are not there."""
    levels = "".join(f"x-{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    merges = "".join(f"x-{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}], k{n}: 1}}\n" for n in range(1, 12))
    maps = "".join(f"x-{n}: &d{n} {{a: *d{n - 1}, b: *d{n - 1}}}\n" for n in range(1, 40))
    bombs = {
        "lists": "x-0: &l0 [a]\n" + levels + "production:\n  shots: *l11\n",
        "merges": "x-0: &m0 {a: 1}\n" + merges + "production:\n  <<: *m11\n",
        "maps": "x-0: &d0 {a: 1}\n" + maps + "production:\n  style: *d39\n",
        "texts": "x-0: &l0 " + "a" * 100_000 + "\n" + levels + document(title="*l0").replace("production:",
        "production:\n  x-all: *l11", 1),
        "shots": "x-s: &s {name: a, template: insert}\nproduction:\n  shots: [" + "*s, " * 200_000 + "]\n",
    }
    for name, text in bombs.items():
        yield spoilt(f"bomb of {name}", text, name not in ("texts",))
    for name, text in {
        "a list in itself": "production: &a\n  shots: [*a]\n",
        "a merge of itself": "production: &a\n  <<: *a\n  title: x\n",
        "two in each other": "x-a: &a {b: *b}\nx-b: &b {a: *a}\nproduction: *a\n",
        "undefined": document(title="*nothing"),
        "as a key": document().replace("title:", "&k title: x\n  *k :", 1),
        "no name": document(title="& x"),
        "alias with a node": document(title="*a b"),
    }.items():
        yield spoilt(name, text, True)
    yield spoilt("100,000 anchors", "x-a: [" + ", ".join(f"&a{n} {n}" for n in range(100_000)) + "]\n" + document())
    yield spoilt("an anchor again and again",
        "x-a: [" + ", ".join(f"&a {n}, *a" for n in range(50_000)) + "]\n" + document())


def sizes(_dice):
    """Values, names, lists and lines that are huge, and work that grows with them."""
    for size in (70_000, (1 << 20) + 1, 8 << 20):
        for place in ("title", "character", "path", "template", "heading", "frame_range", "style"):
            yield spoilt(f"{place} of {size} bytes", document(**{place: "a" * size}),
                place not in FREE and place != "heading" or size > 1 << 20)
        yield spoilt(f"a key of {size} bytes", document() + "  " + "k" * size + ": 1\n", True)
        yield spoilt(f"a comment of {size} bytes", document() + "# " + "c" * size + "\n")
        yield spoilt(f"{size} spaces", document() + " " * size + "\n")
        yield spoilt(f"{size} empty lines", document() + "\n" * size)
        yield spoilt(f"{size} digits", document(lens="9" * size), True)
        yield spoilt(f"{size} digits after the point", document(lens="35." + "1" * size))
    for count in (1_000, 80_000):
        yield spoilt(f"{count} equal keys", document() + "  notes: a\n" * count, True)
        yield spoilt(f"{count} unknown keys", document() + "".join(f"  title{n}: a\n" for n in range(count)), True)
        yield spoilt(f"{count} equal unknown keys", document() + "  titel: a\n" * count, True)
        yield spoilt(f"{count} own keys", document() + "".join(f"  x-{n}: a\n" for n in range(count)))
        yield spoilt(f"{count} shots of one name", document() + "  x: [" + "a, " * count + "]\n", True)
        names = "".join(f"    - {{name: n{n}, model: box.glb}}\n" for n in range(count // 10))
        yield spoilt(f"{count // 10} props", document().replace("  props: [{name: lamp, model: box.glb}]\n",
            "  props:\n    - {name: lamp, model: box.glb}\n" + names))
        yield spoilt(f"{count // 10} outputs of one path",
            document() + "    - {codec: png, path: out/film}\n" * (count // 10), True)
        yield spoilt(f"{count // 10} outputs",
            document() + "".join(f"    - {{name: o{n}, codec: png, resolution: 64x36, path: out/{n}}}\n"
            for n in range(count // 10)))
        yield spoilt(f"{count} passes", document().replace("engine: previz,",
            "engine: previz, passes: [" + "depth, " * count + "],"))
        yield spoilt(f"{count} variables",
            document() + "  variables: {" + ", ".join(f"v{n}: ${{v{n + 1}}}" for n in range(count)) + "}\n", True)
        yield spoilt(f"{count} allowing comments", "# production: allow meta::no_author\n" * count + document())
    yield spoilt("variables that double",
        document(title='"${v0}"') + "  variables: {" + ", ".join(f'v{n}: "${{v{n + 1}}}${{v{n + 1}}}"'
        for n in range(40)) + ", v40: a}\n", True)
    yield spoilt("variables in a circle", document(title='"${a}"') + '  variables: {a: "${b}", b: "${a}"}\n', True)


ODD_BYTES = (
    b"\xff", b"\xfe\xff", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xc3",
    b"\xf0\x9f\x92", b"\xc3\x28",
)
MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16": b"", "utf-16-le": b"", "utf-16-be": b"", "utf-32": b"",
"utf-32-be": b"", "utf-7": b"", "cp037": b""}


def encodings(_dice):
    """Byte-order marks, encodings that are not UTF-8, broken UTF-8, other line ends."""
    text = document(title="Grüße")
    for name in MARKS:
        refuse = name not in ("utf-8-sig", "utf-7")
        yield spoilt(f"document in {name}", text.encode(name), refuse)
        for file, content in (("script.fountain", SCRIPT), ("shots.csv", SHOTS)):
            document_of = with_shots(document()) if file == "shots.csv" else document()
            yield spoilt(f"{file} in {name}", document_of, refuse and name != "cp037", {file: content.encode(name)})
    yield spoilt("Latin-1", text.encode("latin-1"), True)
    for mark in (b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"):
        yield spoilt(f"begins with {mark!r}", mark + document().encode())
    yield spoilt("a mark in the middle", document().replace("  author", "\ufeff  author", 1), True)
    for odd in ODD_BYTES:
        for at in ("title: Base", "name: mara", "# end", "shots:"):
            raw = (document() + "# end\n").encode().replace(at.encode(), at.encode() + odd, 1)
            yield spoilt(f"{odd!r} after {at!r}", raw, True)
        yield spoilt(f"{odd!r} in the script", None, True, {"script.fountain": SCRIPT.encode() + odd})
        yield spoilt(f"{odd!r} in the table", with_shots(document()), True, {"shots.csv": SHOTS.encode() + odd})
    for end in ("\r\n", "\r", "\u0085", "\u2028", "\v", "\f", "\n\r"):
        yield spoilt(f"lines end with {end!r}", document().replace("\n", end))
        yield spoilt(f"script: lines end with {end!r}", None, False, {"script.fountain": SCRIPT.replace("\n", end)})
        yield spoilt(f"table: lines end with {end!r}", with_shots(document()), False,
            {"shots.csv": SHOTS.replace("\n", end)})


CONTROLS = [chr(code) for code in [*range(32), 127, *range(128, 160)]]
TERMINAL = ("\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\y", "\x9b31m", "a\rb", "\x1b[2J", "\x1bc", "a\bb",
"\u202egnp.exe", "\u2066x\u2069", "a\u200bb")


def escaped(text):
    """Returns text in double quotes with every character escaped that YAML would not take."""
    return '"' + "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def controls(dice):
    """Control characters as they are and as escapes, NUL, and sequences that mean something to a terminal."""
    for control in CONTROLS:
        for place in dice.sample(TEXTS, 3):
            yield spoilt(f"U+{ord(control):04X} in {place}", document(**{place: f"a{control}b"}), control == "\0")
            yield spoilt(f"escaped U+{ord(control):04X} in {place}", document(**{place: escaped(f"a{control}b")}),
                control == "\0" and place not in FREE)
        yield spoilt(f"U+{ord(control):04X} in a key", document().replace("  author", f"  a{control}b", 1))
        yield spoilt(f"U+{ord(control):04X} in a comment", document() + f"# a{control}b\n")
        yield spoilt(f"U+{ord(control):04X} in the script", None, False,
            {"script.fountain": SCRIPT.replace("Nine", f"N{control}ine")})
        yield spoilt(f"U+{ord(control):04X} in a cue", None, False,
            {"script.fountain": SCRIPT.replace("MARA", f"MA{control}RA")})
        yield spoilt(f"U+{ord(control):04X} in the table", with_shots(document()), False,
            {"shots.csv": SHOTS.replace("b,", f"b{control},", 1)})
    for sequence in TERMINAL:
        for place in TEXTS:
            yield spoilt(f"{sequence!r} as {place}", document(**{place: escaped(sequence)}))
        yield spoilt(f"{sequence!r} as a key", document() + f"  {escaped(sequence)}: 1\n", True)
        yield spoilt(f"{sequence!r} as a variable",
            document(title='"${a}"') + f"  variables: {{a: {escaped(sequence)}}}\n")
        yield spoilt(f"{sequence!r} in a name of a file", None, False,
            {f"presets/{sequence.replace('/', '')}.yaml": "a: {b: 1}\n"})
        yield spoilt(f"{sequence!r} in the script", None, False,
            {"script.fountain": f"Title: {sequence}\n\nEXT. {sequence} - DAY\n\nA.\n\nMARA {sequence}\nWhat {sequence}.\n"})
        yield spoilt(f"{sequence!r} in the table", with_shots(document()), False,
            {"shots.csv": SHOTS.replace("a,", f"{sequence},", 1)})
        yield spoilt(f"{sequence!r} in an allowance", document() + f"# production: allow {sequence}\n")


TAGS = (
    "!!python/object/apply:os.system ['touch outside']", "!!python/name:os.system", "!!binary aGVsbG8=",
    "!!binary '***'", "!!float abc", "!!int 0x10",
    "!!null x", "!!bool maybe", "!!timestamp 2001-12-14", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a: 1]",
    "!include ../outside/secret.txt",
    "!<tag:yaml.org,2002:str> 5", "!<> x", "!<!> x", "! x", "!! x", "!e!x y", "!%41 x", "!!str [a]", "!!map [a]",
    "!!seq {a: 1}", "!ruby/object:X {}",
    "!!js/function 'function(){}'", "!env HOME", "!!merge <<", "!!str !!int 5", "!a !b c", "&a !!str &b x", "!!value =",
)


def tags(_dice):
    """Tags, directives, several documents, keys that are not text."""
    for tag in TAGS:
        for place in ("title", "lens", "model", "mark", "shot", "character"):
            yield spoilt(f"{tag} as {place}", document(**{place: tag}))
        yield spoilt(f"{tag} before the whole", f"--- {tag}\n" + document())
    for head in ("%YAML 9.9\n---\n", "%YAML 1.1\n---\n", "%TAG ! tag:x,2000:\n---\n", "%TAG !! tag:evil,2000:\n---\n",
        "%FOO bar\n---\n", "%\n---\n", "%YAML\n---\n", "---\n---\n",
                 "--- |\n", "--- >\n  x\n", "...\n", "--- a\n---\n", "%YAML 1.2\n%YAML 1.2\n---\n", "- a\n", "a\n",
                 "? a\n: b\n", "?\n", ": \n", "[]\n---\n", "'\n", '"\n', "|\n", "{\n", "}\n", "`\n", "@\n"):
        yield spoilt(f"begins with {head!r}", head + document())
    for key in ("[a, b]", "{a: 1}", "? [a]\n  ", "1", "1.5", "null", "~", "true", ".nan", "''", "'\\n'", "\"\\n\"",
        "!!str 5", "&a b", "<<", "'<<'", "=", "|\n    x\n  "):
        yield spoilt(f"key {key!r}", document() + f"  {key}: 1\n", key != "'<<'")
    for merged in ("1", "[1]", "[{a: 1}, 2]", "text", "null", "[[{a: 1}]]", "[]", "{}", "{title: Again}",
        "[{title: x}, {title: y}]"):
        yield spoilt(f"merges {merged}", document() + f"  <<: {merged}\n")
    for name in ("title", "shots", "outputs", "characters", "render_settings"):
        yield spoilt(f"{name} twice", document() + f"  {name}: []\n", True)
        yield spoilt(f"{name} is null", "production: {" + name + ": null}\n")
    yield spoilt("no production", "a: 1\n", True)
    yield spoilt("empty", "", True)
    yield spoilt("two productions", document() + document(), True)
    for shape in ("[]", "{}", "null", "text", "1", "true", "[[]]", "[{}]", "{a: {}}", "[null]", "{null: null}",
        "[1, a, {}]", "''"):
        for field in ("shots", "outputs", "characters", "props", "locations", "render_settings", "style", "variables",
            "rules", "defaults", "drop", "include", "extends", "retro", "budget"):
            yield spoilt(f"{field} is {shape}", f"production:\n  title: a\n  {field}: {shape}\n")


ENDLESS = (".nan", ".inf", "-.inf", "1e309", "-1e309", "99999999999999999999999", "-99999999999999999999", "1e300",
"18446744073709551616")
ODD_NUMBERS = (
    "0", "-0", "-0.0", "-1", "1e-320", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "4294967296", "2147483648", "0x7fffffff", "0o17", "017", "0b1", "1_000",
    "1:30", "+5", "+.5", "5.", ".", "-", "--1", "1e", "1e+", "e5", "1.5.2", "1,5", "'5'", "\"5\"", "5 5", "٣", "５", "½",
    "Ⅷ", "५", "∞", "−5", "0x1x1", "0x0", "1x1", "99999x99999", "16385x16384",
    "16384x16384", "1x", "x1", "-1x-1", "[1, 2]", "[]", "[1]", "[1, 2, 3]", "{}", "{a: 1}", "1/0", "0/1", "-24/1",
    "24000/1001", "1/240", "4294967295/4294967294", "99999999999/1", "24fps", "4s", "-4s",
    "1e9s", "99999999999999s", "0s", "4h", "0.0001s", "NaNs", "1001-1000", "-5--1", "1-10x0", "1-10x-3", "1-9999999999",
    "-2147483648-2147483647", "1-1x2147483647", "1-5,", ",", "1-5,1-5", "1-10y0",
    "1-2-3", "--", "1--2", "2147483647-2147483648", "null", "~", "true", "", " ", "''", "0GB", "-1GB", "1e30GB",
    "99999999999999999999TB", "1.5.GB", "GB", "infinityGB", "1YB", "0.1B",
)


def numbers(dice):
    """Numbers that are none, that are out of range, or that only look like numbers."""
    for place in NUMBERS:
        for value in ENDLESS:
            yield spoilt(f"{place}: {value}", document(**{place: value}), True)
        for value in dice.sample(ODD_NUMBERS, 45):
            yield spoilt(f"{place}: {value}", document(**{place: value}))
    for value in dice.sample(ODD_NUMBERS, 40):
        row = f'c,establishing_wide,1,pier,{value},{value},{value},\n'
        yield spoilt(f"a table with {value}", with_shots(document()), False, {"shots.csv": SHOTS + row})


LOOKALIKES = {
    "mara": ("mаra", "MARA", "mara ", " mara", "ma\u200bra", "ma\u00adra", "mara\u0301", "mará", "mará", "ｍａｒａ", "maгa",
    "𝓂𝒶𝓇𝒶", "mara\u202e", "\u202darama", "mara\ufe0f", "mar\u2060a"),
    "pier": ("рier", "PIER", "pi\u0307er", "pıer", "ﬁer", "pİer", "pier\u0000"[:4] + "\u200d"),
    "lamp": ("Iamp", "1amp", "lаmp", "ﾚamp", "l\u0336amp"),
}
GLYPHS = ("a" + "\u0301" * 10_000, "👩\u200d👩\u200d👧" * 2_000, "\U0010ffff", "\ufffe", "\uffff", "\ud800", "ﷺ" * 5_000,
"İ" * 5_000, "ß", "ŉ", "\u0345", "𠀀" * 3_000, "\u1e9e", "Σς", "ǅ", "가" * 3_000)


def lookalikes(_dice):
    """Names that only look alike, or whose length and case are not what they seem."""
    for name, others in LOOKALIKES.items():
        place = {"mara": "character", "pier": "location", "lamp": "prop"}[name]
        for other in others:
            yield spoilt(f"{other!r} is not {name}", document(**{place: escaped(other)}))
            yield spoilt(f"{other!r} beside {name}",
                document().replace("  outputs:", f"  variables: {{{escaped(other)}: 1}}\n  outputs:", 1))
            yield spoilt(f"{other!r} speaks", None, False, {"script.fountain": SCRIPT.replace("MARA", other)})
    for glyph in GLYPHS:
        for place in ("title", "character", "shot", "output", "path", "heading", "template", "style", "frame_range",
            "lens"):
            quoted = escaped(glyph) if len(glyph) < 10 else f'"{glyph}"'
            yield spoilt(f"{glyph[:8]!r} as {place}", document(**{place: quoted}))
        yield spoilt(f"{glyph[:8]!r} in the script", None, False,
            {"script.fountain": f"EXT. {glyph} - DAY #{glyph[:3]}#\n\nA {glyph}.\n\n{glyph.upper()}\n{glyph}\n"})
        yield spoilt(f"{glyph[:8]!r} in the table", with_shots(document()), False,
            {"shots.csv": SHOTS + f"{glyph},insert,{glyph},pier,1,2,{glyph},\n"})


def sound_documents():
    """Returns documents that are valid, or nearly so, by name."""
    found = {"base": document()}
    for path in [ROOT / "examples/short_film/production.yaml", *sorted(ROOT.glob("templates/*/production.yaml")),
        *sorted(ROOT.glob("tests/invalid/*.yaml"))]:
        found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8", errors="replace")
    return found


def cuts(dice):
    """Valid documents that end at any byte."""
    documents = sound_documents()
    for name in ("base", "examples/short_film/production.yaml", *dice.sample(sorted(documents), 8)):
        raw = documents[name].encode()
        for _ in range(25):
            at = dice.randrange(len(raw))
            yield spoilt(f"{name} cut at {at}", raw[:at])


WORDS = (
    "- ", ": ", "? ", "#", "&a ", "*a ", "!", "|", ">", "'", '"', "%", "@", "`", "{", "}", "[", "]", ",", "\t", "\n",
    "  ", "---\n", "...\n", "<<: ", "~", "${x}", "$${", "${", "\\", "\0", "\ufeff",
    "production:\n", "shots:\n", "name: ", "99999999999999999999", ".nan", "../../outside/secret.txt", "\x1b[2J",
)


def mutate(dice, raw, words=WORDS):
    """Returns bytes with a few random changes, of single bytes, of words and of whole parts."""
    raw = bytearray(raw)
    for _ in range(dice.randint(1, 6)):
        if not raw:
            break
        at, end = dice.randrange(len(raw)), dice.randrange(len(raw))
        low, high = min(at, end), min(max(at, end), min(at, end) + 400)
        change = dice.randrange(7)
        if change == 0:
            raw[at] ^= 1 << dice.randrange(8)
        elif change == 1:
            raw[at:at] = dice.choice(words).encode()
        elif change == 2:
            del raw[low:high]
        elif change == 3:
            raw[at:at] = raw[low:high]
        elif change == 4:
            raw[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
        elif change == 5:
            raw[low:high] = raw[low:high][::-1]
        else:
            raw[at:at] = raw[low:high] * dice.randint(2, 50)
    return bytes(raw)


def splices(dice):
    """Documents joined from parts of others, with lines moved, repeated, indented otherwise, and bytes changed."""
    documents = sound_documents()
    names = sorted(documents)
    for number in range(250):
        one, two = documents[dice.choice(names)], documents[dice.choice(names)]
        lines, others = one.splitlines(keepends=True), two.splitlines(keepends=True)
        way = number % 5
        if way == 0:
            text = "".join(lines[: dice.randrange(len(lines))] + others[dice.randrange(len(others)):])
        elif way == 1:
            text = "".join(dice.sample(lines, len(lines)))
        elif way == 2:
            text = "".join(" " * dice.choice([0, 0, 0, 1, 2, 4, 60]) + line for line in lines)
        elif way == 3:
            text = "".join(line * dice.choice([1, 1, 1, 2, 30]) for line in lines)
        else:
            text = one + two
        yield spoilt(f"splice {number}", text)
    for number in range(400):
        yield spoilt(f"mutation {number}", mutate(dice, documents[dice.choice(names)].encode()))
    for number in range(250):
        places = slots()
        chosen = dice.sample(sorted(places), dice.randint(2, 6))
        values = {place: dice.choice(ODD_NUMBERS + TAGS + (places[dice.choice(sorted(places))],)) for place in chosen}
        yield spoilt(f"values of others {number}: {values}", document(**values))
    for number in range(60):
        yield spoilt(f"noise {number}", bytes(dice.randrange(256) for _ in range(dice.randint(0, 3000))))


KINDS = {
    "nesting": nesting, "aliases": aliases, "sizes": sizes, "encodings": encodings, "controls": controls, "tags": tags,
    "numbers": numbers,
    "lookalikes": lookalikes, "cuts": cuts, "splices": splices,
}
assert all(f"@{place}=" in BASE for place in NUMBERS + TEXTS)
