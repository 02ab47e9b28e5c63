"""Runs the validator's own STIX 2.1 tests and prints every object they judge, with the verdict.

Each object is judged once more by itself, with the validator's default options, so that what must be
(errors) is told from what should be (warnings) whatever options the test chose. Prints one JSON object
a line: test, object, errors, warnings.
"""
import contextlib
import io
import json
import logging
import os
import sys
import unittest

import stix2validator
from stix2validator import validator

logging.disable(logging.CRITICAL)
judge = validator.validate_instance
seen = {}
current = [""]


def record(instance, options=None):
    for each in parts(instance):
        text = json.dumps(each, sort_keys=True)
        if text not in seen:
            seen[text] = {"test": current[0], "object": json.loads(text), **verdict(each)}
    return judge(instance, options)


def parts(instance):
    """An object, or those that a bundle holds."""
    if isinstance(instance, dict) and instance.get("type") == "bundle":
        members = instance.get("objects")
        return [m for m in members if isinstance(m, dict)] if isinstance(members, list) else []
    return [instance] if isinstance(instance, dict) else []


def verdict(each):
    try:
        result = judge(json.loads(json.dumps(each)), stix2validator.ValidationOptions(version="2.1"))
        return {"errors": [str(e) for e in result.errors], "warnings": [str(w) for w in result.warnings]}
    except Exception as problem:  # the validator itself gave up
        return {"errors": ["%s: %s" % (type(problem).__name__, problem)], "warnings": []}


class Named(unittest.TestResult):
    def startTest(self, test):
        current[0] = test.id().split(".v21.")[-1]
        super().startTest(test)


validator.validate_instance = record
root = os.path.dirname(stix2validator.__file__)
suite = unittest.defaultTestLoader.discover(
    os.path.join(root, "test", "v21"), pattern="*_tests.py", top_level_dir=os.path.dirname(root))
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    suite.run(Named())
for entry in seen.values():
    print(json.dumps(entry))
