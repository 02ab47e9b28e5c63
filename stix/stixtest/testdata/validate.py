"""Reads a bundle or an object from standard input, has it judged and prints what is wrong.

Prints one JSON list of texts, each "id: error".
"""
import json
import logging
import sys

import stix2validator

logging.disable(logging.CRITICAL)
said = []
given = json.load(sys.stdin)
members = given.get("objects", []) if given.get("type") == "bundle" else []
options = stix2validator.ValidationOptions(version="2.1")
for each in [given] + members:
    result = stix2validator.validate_parsed_json(each, options)
    said += ["%s: %s" % (each.get("id"), error) for error in result.errors]
print(json.dumps(sorted(set(said))))
