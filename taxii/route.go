package taxii

import (
	"net/url"
	"slices"
	"strings"
)

// endpoint is one of the URLs that section 3.1 defines.
type endpoint int

const (
	atDiscovery endpoint = iota
	atRoot
	atStatus
	atCollections
	atCollection
	atManifest
	atObjects
	atObject
	atVersions
)

// discoveryPath is where every TAXII server has its discovery.
const discoveryPath = "taxii2"

// route is what a URL's path means.
type route struct {
	endpoint   endpoint
	root       string
	id         string // of a status
	collection string // id or alias
	object     string
}

// parseRoute reads an escaped path. The slash at its end may be missing: some clients forget it, and
// a redirect would lose what they post. The API root is everything before the first segment called
// collections or status; it may be empty.
func parseRoute(escaped string) (route, bool) {
	path := strings.TrimSuffix(strings.TrimPrefix(escaped, "/"), "/")
	if path == "" {
		return route{endpoint: atRoot}, true
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, "/\x00") {
			return route{}, false
		}
		segments[i] = plain
	}
	if len(segments) == 1 && segments[0] == discoveryPath {
		return route{endpoint: atDiscovery}, true
	}
	cut := slices.IndexFunc(segments, func(s string) bool { return s == "collections" || s == "status" })
	if cut < 0 {
		return route{endpoint: atRoot, root: strings.Join(segments, "/")}, true
	}
	return routeBelow(strings.Join(segments[:cut], "/"), segments[cut], segments[cut+1:])
}

// routeBelow reads what follows the API root.
func routeBelow(root, kind string, rest []string) (route, bool) {
	r := route{root: root}
	if kind == "status" {
		if len(rest) != 1 {
			return route{}, false
		}
		r.endpoint, r.id = atStatus, rest[0]
		return r, true
	}
	if len(rest) > 0 {
		r.collection = rest[0]
	}
	if len(rest) > 2 {
		r.object = rest[2]
	}
	switch {
	case len(rest) == 0:
		r.endpoint = atCollections
	case len(rest) == 1:
		r.endpoint = atCollection
	case len(rest) == 2 && rest[1] == "manifest":
		r.endpoint = atManifest
	case len(rest) == 2 && rest[1] == "objects":
		r.endpoint = atObjects
	case len(rest) == 3 && rest[1] == "objects":
		r.endpoint = atObject
	case len(rest) == 4 && rest[1] == "objects" && rest[3] == "versions":
		r.endpoint = atVersions
	default:
		return route{}, false
	}
	return r, true
}

// methods says what can be done at an endpoint.
func (e endpoint) methods() []string {
	switch e {
	case atObjects:
		return []string{"GET", "HEAD", "POST"}
	case atObject:
		return []string{"DELETE", "GET", "HEAD"}
	}
	return []string{"GET", "HEAD"}
}
