"""Sends every request that OASIS's TAXII client knows to a server, and says what came of it.

Arguments: the server's URL, its certificate, a name, a password and a token; then what to expect: the
titles of the server and of its API root, the alias of an empty collection that may be read and written,
and how many collections there are.
"""

import datetime
import sys
import uuid

from taxii2client.common import TokenAuth
from taxii2client.exceptions import AccessError
from taxii2client.v21 import ApiRoot, Collection, Server, Status, as_pages

url, certificate, name, password, token, title, root_title, alias, collections = sys.argv[1:]
login = {"user": name, "password": password, "verify": certificate}
checks = 0


def check(what, got, want):
    global checks
    checks += 1
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


def refused(what, status, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except Exception as e:  # requests.HTTPError
        check(what, e.response.status_code, status)
        check(what + ": http_status", e.response.json()["http_status"], str(status))
        return
    sys.exit(f"{what}: was not refused")


def indicator(i, day=1):
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.UUID(int=(i << 64) | 0x4000_8000_0000_0000_0000 | 0x8000_0000_0000_0000, version=4)}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": f"2026-01-{day:02d}T00:00:00.000Z",
        "pattern": "[domain-name:value = 'example.com']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    }


# Discovery, API roots, collections.
server = Server(url + "/taxii2/", **login)
check("title", server.title, title)
check("api roots", [root.title for root in server.api_roots], [root_title])
check("default", server.default.title, root_title)
refused("a wrong password", 401, Server(url + "/taxii2/", user=name, password="wrong", verify=certificate).refresh)
check("a token", Server(url + "/taxii2/", auth=TokenAuth(token), verify=certificate).title, title)
root = server.api_roots[0]
root.refresh()
check("versions", root.versions, ["application/taxii+json;version=2.1"])
check("max_content_length", root.max_content_length, 100 * 1024 * 1024)
check("collections", len(root.collections), int(collections))
feed = next(c for c in root.collections if c.alias == alias)
feed.refresh()
check("rights", (feed.can_read, feed.can_write), (True, True))
for other in root.collections:
    if not other.can_read:
        try:
            other.get_objects()
            sys.exit("the client read what it may not")
        except AccessError:
            check("a collection that may not be read", other.can_read, False)
refused("an unknown root", 404, ApiRoot(url + "/nowhere/", **login).refresh)
refused("an unknown collection", 404, Collection(f"{root.url}collections/{uuid.uuid4()}/", **login).refresh)

# Empty answers.
check("no objects", feed.get_objects().json(), {})
check("no manifest", feed.get_manifest().json(), {})

# Add, in each form that the client takes.
many = [indicator(i) for i in range(95)]
status = feed.add_objects({"objects": many})
check("status", (status.status, status.total_count, status.success_count, status.failure_count), ("complete", 95, 95, 0))
check("successes", [d["id"] for d in status.successes], [o["id"] for o in many])
check("the status again", root.get_status(status.id).success_count, 95)
status.refresh()
check("the status refreshed", status.success_count, 95)
check("the status from its URL", Status(f"{root.url}status/{status.id}", **login).success_count, 95)
text = '{"objects": [{"type": "mutex", "spec_version": "2.1", "id": "mutex--eba44954-d4e4-5d3b-814c-2b17dd8de300", "name": "é"}]}'
check("text", feed.add_objects(text).success_count, 1)
check("bytes, not waiting", feed.add_objects(text.encode(), wait_for_completion=False).success_count, 1)
status = feed.add_objects({"objects": [indicator(1), {"type": "indicator"}, dict(indicator(2), name="other"), indicator(0, 9)]})
check("mixed", (status.total_count, status.success_count, status.failure_count), (4, 2, 2))
refused("a broken envelope", 422, feed.add_objects, '{"objects": [')

# Pages, by next and by added_after; the client changes the limit if a page is short.
for per_request in (0, 1, 7, 96, 5000):
    pages = list(as_pages(feed.get_objects, per_request=per_request))
    check(f"objects by {per_request}", len({o["id"] for p in pages for o in p["objects"]}), 96)
    pages = list(as_pages(feed.get_manifest, per_request=per_request))
    check(f"manifest by {per_request}", len({o["id"] for p in pages for o in p["objects"]}), 96)
seen, after = [], None
while True:
    page = feed.get_objects(limit=10, added_after=after)
    seen += [o["id"] for o in page.get("objects", [])]
    if not page.get("more"):
        break
    after = page.headers["X-TAXII-Date-Added-Last"]
check("objects by added_after", (len(seen), len(set(seen))), (96, 96))
future = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)
check("added after a datetime", feed.get_objects(added_after=future).json(), {})

# Filters.
first = indicator(0)["id"]
check("by id", len(feed.get_objects(id=[first, indicator(3)["id"]])["objects"]), 2)
check("by type", len(feed.get_objects(type="mutex")["objects"]), 1)
check("by types", len(feed.get_manifest(type=["mutex", "malware"])["objects"]), 1)
check("by spec_version", len(feed.get_objects(spec_version="2.1")["objects"]), 96)
check("by another spec_version", feed.get_objects(spec_version="2.0").json(), {})
check("all versions", len(feed.get_objects(id=first, version="all")["objects"]), 2)
check("first version", feed.get_objects(id=first, version="first")["objects"][0]["modified"], "2026-01-01T00:00:00.000Z")
moment = datetime.datetime(2026, 1, 9, tzinfo=datetime.timezone.utc)
check("a version by datetime", len(feed.get_objects(version=moment)["objects"]), 1)
refused("a malformed filter", 400, feed.get_objects, version="newest")

# One object: get, versions, delete.
check("an object", feed.get_object(first)["objects"][0]["modified"], "2026-01-09T00:00:00.000Z")
check("an object's versions", feed.object_versions(first)["versions"], ["2026-01-01T00:00:00.000Z", "2026-01-09T00:00:00.000Z"])
check("its versions by one", feed.object_versions(first, limit=1)["more"], True)
feed.delete_object(first, version="first")
check("after deleting a version", feed.object_versions(first)["versions"], ["2026-01-09T00:00:00.000Z"])
feed.delete_object(first)
refused("a deleted object", 404, feed.get_object, first)
refused("a deleted object's versions", 404, feed.object_versions, first)
refused("deleting it again", 404, feed.delete_object, first)
check("the others", len(feed.get_manifest()["objects"]), 95)
server.close()
print(f"{checks} checks passed")
