package taxii

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/stix"
)

// The headers that say when the first and the last object of a page were added (section 3.2).
const (
	headerFirst = "X-TAXII-Date-Added-First"
	headerLast  = "X-TAXII-Date-Added-Last"
)

// page answers the four requests that read objects: manifest, objects, one object and its versions
// (sections 5.3, 5.4, 5.6 and 5.8). They differ in their filters and in what is written of a record.
func (s *Server) page(x exchange, place Place) error {
	req, err := s.pageRequest(x, place)
	if err != nil {
		return err
	}
	page, err := s.backend.Page(x.r.Context(), place, req.query)
	if err != nil {
		return fmt.Errorf("read the collection: %w", err)
	}
	if len(page.Records) == 0 && x.at.object != "" {
		if err := s.mustExist(x.r.Context(), x.at.endpoint, place, req.query); err != nil {
			return err
		}
	}
	next := ""
	if n := len(page.Records); n > 0 {
		first, last := page.Records[0].DateAdded, page.Records[n-1].DateAdded
		x.w.Header().Set(headerFirst, first.UTC().Format(timeLayout))
		x.w.Header().Set(headerLast, last.UTC().Format(timeLayout))
		if page.More {
			next = s.cursors.seal(last, req.scope)
		}
	}
	body := bodyOf(x.at.endpoint, page, next)
	return answerBytes(x.w, x.r, http.StatusOK, body.size(), body.write)
}

// pageRequest reads the filters and opens the cursor.
func (s *Server) pageRequest(x exchange, place Place) (request, error) {
	known := fieldsOfObjects
	switch x.at.endpoint {
	case atObject:
		known = fieldsOfObject
	case atVersions:
		known = fieldsOfVersions
	}
	req, err := parseQuery(x.r.URL.RawQuery, known)
	if err != nil {
		return request{}, err
	}
	req.scope = strings.Join([]string{place.Root, place.Collection, strconv.Itoa(int(x.at.endpoint)), x.at.object, req.scope}, "\n")
	if req.next != "" {
		after, ok := s.cursors.open(req.next, req.scope)
		if !ok {
			return request{}, malformed("next is not one that was given for this request: repeat the filters it came from, or start again without it")
		}
		req.query.After = after
	}
	if x.at.object != "" {
		if req.query.IDs, err = oneID(x.at.object); err != nil {
			return request{}, err
		}
	}
	if x.at.endpoint == atVersions {
		req.query.Versions = Versions{All: true}
	}
	req.query.Content = x.at.endpoint == atObjects || x.at.endpoint == atObject
	req.query.Peek = x.r.Method == http.MethodHead
	if req.query.Limit == 0 || req.query.Limit > s.opts.PageSize {
		req.query.Limit = s.opts.PageSize
	}
	req.query.Bytes = s.opts.PageBytes
	return req, nil
}

// oneID reads the id in a path. What is no STIX id is not there.
func oneID(text string) ([]stix.ID, error) {
	id, err := stix.ParseID(text)
	if err != nil {
		return nil, ErrNotFound
	}
	return []stix.ID{id}, nil
}

// mustExist tells an object with nothing new from one that is not there: whatever was added when, is
// there an object as it is asked for? Of its versions, any will do.
func (s *Server) mustExist(ctx context.Context, at endpoint, place Place, query Query) error {
	query.After, query.Limit, query.Content = time.Time{}, 1, false
	if at == atVersions {
		query.SpecVersions = specVersions
	}
	page, err := s.backend.Page(ctx, place, query)
	if err != nil {
		return fmt.Errorf("look for the object: %w", err)
	}
	if len(page.Records) == 0 {
		return ErrNotFound
	}
	return nil
}

// delete answers DELETE /{root}/collections/{id}/objects/{oid}/ (section 5.7). Without a filter all
// versions go; a filter leaves the others. Versions of every specification count, unless one is named:
// what was deleted must not come back in another guise.
func (s *Server) delete(x exchange, place Place) error {
	req, err := parseQuery(x.r.URL.RawQuery, fieldsOfDelete)
	if err != nil {
		return err
	}
	query := req.query
	if query.IDs, err = oneID(x.at.object); err != nil {
		return err
	}
	if query.Versions.IsZero() {
		query.Versions.All = true
	}
	if len(query.SpecVersions) == 0 {
		query.SpecVersions = specVersions
	}
	n, err := s.backend.Delete(x.r.Context(), place, query)
	if err != nil {
		return fmt.Errorf("delete an object: %w", err)
	}
	if n == 0 {
		return ErrNotFound
	}
	x.w.Header().Set("Content-Length", "0")
	x.w.WriteHeader(http.StatusOK)
	return nil
}
