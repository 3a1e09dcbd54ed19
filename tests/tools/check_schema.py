"""Checks YAML files against a JSON Schema with the packages jsonschema and PyYAML, which know nothing of `production`.

Usage: check_schema.py SCHEMA FILE...    Prints one JSON object: for each file a list of mistakes, or null when PyYAML
cannot read it. Scalars are read by YAML 1.2's core schema, as editors read them.
"""

import json
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """YAML 1.2: `yes` and dates are text, `0o17` is octal, `1_000` is text. Merge keys stay."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"^(~|null|Null|NULL|)$", "~nN\0"),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)$", "-+.0123456789"),
    ("merge", r"^(<<)$", "<"),
]:
    first = [c if c != "\0" else "" for c in first]
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), first)


def whole_number(loader, node):
    text = loader.construct_scalar(node)
    return int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)


Core.add_constructor("tag:yaml.org,2002:int", whole_number)


def mistakes(validator, path):
    try:
        with open(path, "rb") as file:
            document = yaml.load(file, Core)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    # Through JSON, so that a key that is no text is one, as in an editor.
    try:
        document = json.loads(json.dumps(document))
    except (TypeError, ValueError):
        return None
    errors = validator.iter_errors(document)
    return ["/" + "/".join(map(str, error.absolute_path)) + ": " + error.message[:200] for error in errors]


def main():
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    json.dump({path: mistakes(validator, path) for path in sys.argv[2:]}, sys.stdout, indent=1)


main()
