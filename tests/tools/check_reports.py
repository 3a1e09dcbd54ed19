#!/usr/bin/env python3
"""Reads reports as the programs that they are written for do, and prints what is wrong, one line each.

Usage: check_reports.py SARIF_SCHEMA FILE...

A `.sarif` file must fit the published schema, a `.xml` file must be read by junitparser, its counts true.
"""

import json
import sys
from pathlib import Path

import jsonschema
import junitparser


def sarif(path, validator):
    log = json.loads(path.read_text(encoding="utf-8"))
    for error in validator.iter_errors(log):
        yield f"{error.json_path}: {error.message}"
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                yield f"{result['ruleId']} points at another rule"


def junit(path):
    report = junitparser.JUnitXml.fromfile(str(path))
    suites = list(report)
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(found, junitparser.Failure) for found in case.result)]
    if not cases:
        yield "no test case"
    if (report.tests, report.failures) != (len(cases), len(failed)):
        yield f"says {report.tests} tests and {report.failures} failures, has {len(cases)} and {len(failed)}"
    for suite in suites:
        if suite.tests != len(list(suite)):
            yield f"suite {suite.name} says {suite.tests} tests"


def main():
    schema = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for path in map(Path, sys.argv[2:]):
        wrong = sarif(path, validator) if path.suffix == ".sarif" else junit(path)
        for message in wrong:
            print(f"{path.name}: {message}")


main()
