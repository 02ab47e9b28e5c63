"""Runs MISP's own Python tools for outside_test.go.

outside.py events FOLDER          load every *.json of the folder with PyMISP
outside.py templates FOLDER FROM  the same, and hold objects to the templates in FROM
outside.py feed FOLDER            make the same feed with PyMISP and compare
outside.py samples FROM FOLDER    write the events of misp-stix's tests in FROM into the folder
outside.py bundles FROM FOLDER    write the STIX 2.1 bundles of its tests

Prints one line for each thing that is wrong, and "N checked" last.
"""

import importlib.util
import inspect
import json
import pathlib
import sys
import types
import uuid


def wrong(where, what):
    print("%s: %s" % (where, what))


def attributes(event):
    for a in event.attributes:
        yield a, None
    for o in event.objects:
        for a in o.attributes:
            yield a, o


def events(folder, templates=None):
    from pymisp import MISPEvent

    n = 0
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        n += 1
        raw = json.loads(path.read_text())
        try:
            event = MISPEvent()
            event.load_file(str(path))
        except Exception as e:
            wrong(path.name, "PyMISP refuses it: %s: %s" % (type(e).__name__, e))
            continue
        allowed = event.describe_types["category_type_mappings"]
        raw = raw.get("Event", raw)
        for a in raw.get("Attribute", []) + [a for o in raw.get("Object", []) for a in o.get("Attribute", [])]:
            if a.get("category") and a["type"] not in allowed.get(a["category"], []):
                wrong(path.name, "type %s stands under category %s" % (a["type"], a["category"]))
        if templates:
            for o in event.objects:
                held_to_template(path.name, o, templates)
    return n


def held_to_template(name, o, templates):
    path = pathlib.Path(templates) / "objects" / o.name / "definition.json"
    if not path.exists():
        wrong(name, "there is no template %s" % o.name)
        return
    known = json.loads(path.read_text())
    if o.template_uuid and known["uuid"].lower() != o.template_uuid.lower():
        wrong(name, "template %s has uuid %s and not %s" % (o.name, known["uuid"], o.template_uuid))
    if known["meta-category"] != getattr(o, "meta-category"):
        wrong(name, "template %s is of %s" % (o.name, known["meta-category"]))
    for a in o.attributes:
        relation = known["attributes"].get(a.object_relation)
        if relation is None:
            wrong(name, "template %s has no relation %s" % (o.name, a.object_relation))
        elif (relation["misp-attribute"], a.type) in (("attachment", "filename"), ("malware-sample", "filename|md5")):
            pass  # its data is not taken
        elif relation["misp-attribute"] != a.type:
            wrong(name, "%s of template %s is a %s and not a %s" % (a.object_relation, o.name, relation["misp-attribute"], a.type))


def plain(value):
    """Takes away what the two write in different ways: numbers as text, and what is so by default."""
    if isinstance(value, dict):
        out = {k: plain(v) for k, v in value.items()}
        for name, default in (("disable_correlation", "False"), ("deleted", "False"), ("local", "False"), ("protected", "False"),
                              ("relationship_type", ""), ("colour", "#ffffff")):
            if out.get(name) == default:
                del out[name]
        for name in ("Attribute", "Object", "Tag", "ObjectReference", "EventReport"):
            if name in out:
                out[name] = sorted(out[name], key=lambda v: json.dumps(v, sort_keys=True))
                if not out[name]:
                    del out[name]
        return out
    if isinstance(value, list):
        return [plain(v) for v in value]
    return str(value)


def feed(folder):
    from pymisp import MISPEvent

    folder = pathlib.Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    hashes = sorted((folder / "hashes.csv").read_text().split())
    theirs = []
    for id in manifest:
        event = MISPEvent()
        event.load_file(str(folder / (id + ".json")))
        made = event.to_feed(with_meta=True)["Event"]
        theirs += ["%s,%s" % (h, id) for h in made.pop("_hashes")]
        entry = made.pop("_manifest")[id]
        compare(id + " in the manifest", entry, manifest[id])
        compare(id, made, json.loads((folder / (id + ".json")).read_text())["Event"])
    if sorted(theirs) != hashes:
        wrong("hashes.csv", "differs: %s" % sorted(set(theirs) ^ set(hashes)))
    return len(manifest)


def compare(where, theirs, ours):
    a, b = json.dumps(plain(theirs), sort_keys=True, indent=1), json.dumps(plain(ours), sort_keys=True, indent=1)
    if a != b:
        import difflib

        wrong(where, "\n".join(difflib.unified_diff(a.splitlines(), b.splitlines(), "PyMISP", "ours", lineterm="", n=2)))


def module(root, name):
    spec = importlib.util.spec_from_file_location("tests." + name, str(pathlib.Path(root) / "tests" / (name + ".py")))
    m = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(m)
    return m


def call(f):
    wanted = [p for p in inspect.signature(f).parameters.values() if p.default is inspect.Parameter.empty]
    return f(*["2.1" for _ in wanted])


def samples(root, folder):
    m, n = module(root, "test_events"), 0
    for name in sorted(vars(m)):
        if not name.startswith("get_event_"):
            continue
        (pathlib.Path(folder) / (name + ".json")).write_text(json.dumps(call(getattr(m, name)), default=str))
        n += 1
    return n


class TestSTIX2Bundles:
    """Stands for the base of the classes of bundles, without the converter that it imports."""

    @staticmethod
    def _get_variable_names(names):
        return [n for n in names if n.startswith("_") and n.endswith(("_ATTRIBUTES", "_OBJECTS"))]

    @staticmethod
    def _populate_references(*ids):
        refs = {"object_refs": [i for i in ids if not i.startswith("marking-definition--")]}
        marks = [i for i in ids if i.startswith("marking-definition--")]
        return {**refs, "object_marking_refs": marks} if marks else refs

    @staticmethod
    def _handle_report_with_description(report, indicator):
        return {**report, "name": "HTRAN", "description": "A text.", "object_refs": [indicator]}


def bundles(root, folder):
    sys.modules["tests"] = types.ModuleType("tests")
    sys.modules["tests"].__path__ = []
    base = types.ModuleType("tests._test_stix_import")
    base.TestSTIX2Bundles, base.UUIDv4 = TestSTIX2Bundles, uuid.NAMESPACE_OID
    sys.modules["tests._test_stix_import"] = base
    parsing = types.ModuleType("stix2.parsing")
    parsing.dict_to_stix2 = lambda d, **_: d
    sys.modules["stix2"], sys.modules["stix2.parsing"] = types.ModuleType("stix2"), parsing
    n = 0
    for name in ("test_internal_stix21_bundles", "test_external_stix21_bundles"):
        m = module(root, name)
        for cls in [c for c in vars(m).values() if inspect.isclass(c) and issubclass(c, TestSTIX2Bundles) and c is not TestSTIX2Bundles]:
            for method in sorted(dir(cls)):
                if not method.startswith("get_bundle"):
                    continue
                try:
                    bundle = call(getattr(cls, method))
                except Exception as e:
                    wrong(method, "misp-stix's test data does not load: %s: %s" % (type(e).__name__, e))
                    continue
                path = pathlib.Path(folder) / ("%s.%s.json" % (name, method))
                path.write_text(json.dumps(bundle, default=str))
                n += 1
    return n


if __name__ == "__main__":
    do = {"events": events, "templates": events, "feed": feed, "samples": samples, "bundles": bundles}[sys.argv[1]]
    print("%d checked" % do(*sys.argv[2:]))
