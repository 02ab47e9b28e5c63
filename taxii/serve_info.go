package taxii

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// discovery answers GET /taxii2/ (section 4.1).
func (s *Server) discovery(x exchange) error {
	d, err := s.backend.Discovery(x.r.Context(), x.who)
	if err != nil {
		return fmt.Errorf("describe the server: %w", err)
	}
	if err := d.Check(); err != nil {
		return err
	}
	return answerJSON(x.w, x.r, http.StatusOK, d)
}

// root answers GET /{root}/ (section 4.2).
func (s *Server) root(x exchange) error {
	root, err := s.rootOf(x)
	if err != nil {
		return err
	}
	return answerJSON(x.w, x.r, http.StatusOK, root)
}

// rootOf gives the API root of a request with everything filled in.
func (s *Server) rootOf(x exchange) (Root, error) {
	root, err := s.backend.Root(x.r.Context(), x.who, x.at.root)
	if err != nil {
		return Root{}, fmt.Errorf("find the API root: %w", err)
	}
	root.Versions = []string{MediaType}
	root.MaxContentLength = orDefault(root.MaxContentLength, s.opts.MaxContentLength)
	return root, root.Check()
}

// status answers GET /{root}/status/{id}/ (section 4.3).
func (s *Server) status(x exchange) error {
	if _, err := s.rootOf(x); err != nil {
		return err
	}
	status, err := s.backend.Status(x.r.Context(), x.who, x.at.root, strings.ToLower(x.at.id))
	if err != nil {
		return fmt.Errorf("find the status: %w", err)
	}
	return answerJSON(x.w, x.r, http.StatusOK, status)
}

// collections answers GET /{root}/collections/ (section 5.1).
func (s *Server) collections(x exchange) error {
	all, err := s.collectionsOf(x)
	if err != nil {
		return err
	}
	return answerJSON(x.w, x.r, http.StatusOK, collections{all})
}

// collectionsOf gives what the client may know of, by id, so that the order never changes.
func (s *Server) collectionsOf(x exchange) ([]Collection, error) {
	if _, err := s.rootOf(x); err != nil {
		return nil, err
	}
	all, err := s.backend.Collections(x.r.Context(), x.who, x.at.root)
	if err != nil {
		return nil, fmt.Errorf("list the collections: %w", err)
	}
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Collection) int { return strings.Compare(a.ID, b.ID) })
	for i := range all {
		if len(all[i].MediaTypes) == 0 {
			all[i].MediaTypes = []string{StixMediaType("2.0"), StixMediaType("2.1")}
		}
		if err := all[i].Check(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// collection answers GET /{root}/collections/{id}/ (section 5.2).
func (s *Server) collection(x exchange) error {
	c, err := s.collectionOf(x)
	if err != nil {
		return err
	}
	return answerJSON(x.w, x.r, http.StatusOK, c)
}

// collectionOf finds a collection by its id, or by its alias.
func (s *Server) collectionOf(x exchange) (Collection, error) {
	all, err := s.collectionsOf(x)
	if err != nil {
		return Collection{}, err
	}
	wanted := x.at.collection
	at := slices.IndexFunc(all, func(c Collection) bool { return c.ID == strings.ToLower(wanted) })
	if at < 0 {
		at = slices.IndexFunc(all, func(c Collection) bool { return c.Alias == wanted })
	}
	if at < 0 {
		return Collection{}, ErrNotFound
	}
	return all[at], nil
}

// place finds the collection of a request and asks whether the client may do there what it asks for.
func (s *Server) place(x exchange) (Place, Collection, error) {
	c, err := s.collectionOf(x)
	if err != nil {
		return Place{}, c, err
	}
	place := Place{Requester: x.who, Root: x.at.root, Collection: c.ID}
	switch x.r.Method {
	case http.MethodPost:
		if !c.CanWrite {
			return Place{}, c, refuse(http.StatusForbidden, "you may not add to this collection")
		}
	case http.MethodDelete: // the table in section 5.7
		if !c.CanRead && !c.CanWrite {
			return Place{}, c, ErrNotFound
		}
		if !c.CanRead || !c.CanWrite {
			return Place{}, c, refuse(http.StatusForbidden, "to delete, you must be allowed to read and to write here")
		}
	default:
		if !c.CanRead {
			return Place{}, c, refuse(http.StatusForbidden, "you may not read this collection")
		}
	}
	return place, c, nil
}
