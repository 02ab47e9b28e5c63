"""Reads a bundle, an object or a list of such from standard input, has each judged and prints what is wrong.

Prints one JSON list of texts, each "id: error".
"""
import json
import logging
import sys

import stix2validator

logging.disable(logging.CRITICAL)
said = []
given = json.load(sys.stdin)
options = stix2validator.ValidationOptions(version="2.1")
for one in given if isinstance(given, list) else [given]:
    members = one.get("objects", []) if one.get("type") == "bundle" else []
    for each in [one] + members:
        result = stix2validator.validate_parsed_json(each, options)
        said += ["%s: %s" % (each.get("id"), error) for error in result.errors]
print(json.dumps(sorted(set(said))))
