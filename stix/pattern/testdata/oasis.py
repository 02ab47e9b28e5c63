"""Runs the tests of the OASIS pattern validator or pattern matcher on another implementation.

    oasis.py validator|matcher FOLDER

FOLDER is a checkout of the project whose tests are to be run. Its own code is not: the functions that
the tests call are replaced by ones that ask whoever started this program. A question is a line of
JSON on standard output, its answer a line of JSON on standard input. The last line on standard output
is {"ask": "end"} with the number of tests and what failed. Everything else goes to standard error.

Needs pytest and six, and no parser generator.
"""
import json
import os
import re
import sys
import types

answers = os.fdopen(os.dup(0))
questions = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
sys.dont_write_bytecode = True

import pytest  # noqa: E402


def ask(question, **more):
    print(json.dumps(dict(more, ask=question, test=running.name)), file=questions, flush=True)
    answer = answers.readline()
    if not answer:
        raise SystemExit("nobody answers")
    return json.loads(answer)


class running:
    """The test that is being run, and what came of all of them."""

    name = ""
    count = 0
    failed = []

    @classmethod
    def pytest_runtest_setup(cls, item):
        cls.name = item.nodeid

    @classmethod
    def pytest_runtest_logreport(cls, report):
        if report.when == "call":
            cls.count += 1
        if not report.passed:
            cls.failed.append(report.nodeid)


class ParseException(Exception):
    pass


class MatcherException(Exception):
    pass


class Refused(ParseException, MatcherException):
    """Which of its stages refuses a pattern is an implementation's own business."""


class Line(str):
    """An error line. The tests compare how it begins with the words of the validator's own parser. Of
    those, only the place, or what is said of hashes and qualifiers, is the language's."""

    def startswith(self, other):
        place = re.match(r"FAIL: Error found at line \d+:\d*", other)
        return super().startswith(place.group() if place else other)


def version_of(value):
    return "2.0" if value == "2.0" else "2.1"


def validate(user_input, stix_version="2.1", ret_errs=False, print_errs=False):
    answer = ask("validate", pattern=user_input, version=version_of(stix_version))
    errors = [Line(e) for e in answer["errors"]]
    return (not errors, errors) if ret_errs else not errors


def brackets_check(pattern):
    return ask("bracketed", pattern=pattern or "")["yes"]


INDEX_STAR = object()


def inspecting(version):
    class Pattern:
        def __init__(self, pattern):
            self.answer = ask("inspect", pattern=pattern, version=version)
            if "refused" in self.answer:
                raise ParseException(self.answer["refused"])

        def inspect(self):
            compared = {}
            for c in self.answer["comparisons"]:
                path = [INDEX_STAR if step == "*" else step for step in c["path"]]
                compared.setdefault(c["type"], []).append((path, c["operator"], c["constant"]))
            return types.SimpleNamespace(
                comparisons=compared,
                qualifiers=set(self.answer["qualifiers"]),
                observation_ops=set(self.answer["operators"]))

    return Pattern


def match(pattern, observed_data_sdos, verbose=False, stix_version="2.0"):
    # The matcher takes any object of 2.0 for observed data, and some tests name an older type.
    objects, results = [dict(o, type="observed-data") for o in observed_data_sdos], observed_data_sdos
    if stix_version == "2.1":
        objects = [o for bundle in observed_data_sdos for o in bundle["objects"]]
        results = [{"objects": [o]} for o in objects if o["type"] == "observed-data"]
    answer = ask("match", pattern=pattern, objects=objects, version=version_of(stix_version))
    if "refused" in answer:
        raise Refused(answer["refused"])
    return [results[i] for i in answer["observations"]]


# How an interval lies to another, and whether something seen in the second may have been seen at or
# after the first begins and before it ends.
OVERLAPS = {"_OVERLAP_NONE": False, "_OVERLAP": True, "_OVERLAP_TOUCH_INNER": False,
            "_OVERLAP_TOUCH_OUTER": True, "_OVERLAP_TOUCH_POINT": False}


class Overlap:
    """A verdict on START and STOP. START equal to STOP leaves no time at all, however the intervals
    lie to each other."""

    def __init__(self, seen, empty):
        self.seen, self.empty = seen, empty

    def __eq__(self, kind):
        return self.seen == (OVERLAPS[kind] and not self.empty)


def observed(number, first, last):
    def at(second):
        return "2000-01-01T00:00:%02dZ" % second

    return {"type": "observed-data", "number_observed": 1, "first_observed": at(first),
            "last_observed": at(last), "objects": {"0": {"type": "x", "n": number}}}


def _overlap(min1, max1, min2, max2):
    pattern = "[x:n = 0] START t'2000-01-01T00:00:%02dZ' STOP t'2000-01-01T00:00:%02dZ'" % (min1, max1)
    return Overlap(bool(match(pattern, [observed(0, min2, max2)])), min1 == max1)


def _timestamp_intervals_within(intervals, duration):
    # All times are whole seconds, so half a second more lets nothing else in, and a window of 0
    # seconds becomes one that the language has.
    objects = [observed(i, first, last) for i, (first, last) in enumerate(intervals)]
    singles = " AND ".join("[x:n = %d]" % i for i in range(len(objects)))
    return bool(match("(%s) WITHIN %s SECONDS" % (singles, duration + 0.5), objects))


def module(name, **content):
    made = types.ModuleType(name)
    vars(made).update(content)
    sys.modules[name] = made
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, made)


def main(project, folder):
    package = {"validator": "stix2patterns", "matcher": "stix2matcher"}[project]
    os.chdir(folder)
    sys.path.insert(0, folder)
    module("stix2patterns", __path__=[os.path.join(folder, "stix2patterns")])
    module("stix2patterns.pattern", ParseException=ParseException)
    module("stix2patterns.inspector", INDEX_STAR=INDEX_STAR)
    module("stix2patterns.validator", validate=validate)
    module("stix2patterns.helpers", brackets_check=brackets_check)
    for version in ("2.0", "2.1"):
        name = "stix2patterns.v" + version.replace(".", "")
        module(name)
        module(name + ".pattern", Pattern=inspecting(version))
    module("stix2matcher", __path__=[os.path.join(folder, "stix2matcher")])
    module("stix2matcher.matcher", MatcherException=MatcherException, match=match, _overlap=_overlap,
           _timestamp_intervals_within=_timestamp_intervals_within, **{kind: kind for kind in OVERLAPS})
    pytest.main(["-q", "--tb=line", "-p", "no:cacheprovider", "--import-mode=importlib", "-o", "addopts=",
                 os.path.join(package, "test")], plugins=[running])
    print(json.dumps({"ask": "end", "tests": running.count, "failed": running.failed}), file=questions, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], os.path.abspath(sys.argv[2]))
