#!/usr/bin/env python3
"""Reads files of figures as Prometheus does, and prints each sample as one JSON list: name, labels, value.

Usage: check_metrics.py FILE...
"""

import json
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families


def main():
    for path in map(Path, sys.argv[1:]):
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
            if not family.documentation or family.type == "unknown":
                sys.exit(f"{path}: {family.name} has no help or no type")
            for sample in family.samples:
                print(json.dumps([sample.name, sample.labels, sample.value]))


main()
