package taxii

import (
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Discovery says what a server is and which API roots it has (section 4.1.1).
type Discovery struct {
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Contact     string   `json:"contact,omitempty"`
	Default     string   `json:"default,omitempty"`   // one of APIRoots
	APIRoots    []string `json:"api_roots,omitempty"` // https URLs, or paths that start with one slash
}

// Check tells whether the resource is as section 4.1.1 asks.
func (d Discovery) Check() error {
	if d.Title == "" {
		return fmt.Errorf("discovery: must have a title")
	}
	for _, root := range d.APIRoots {
		if err := checkRootURL(root); err != nil {
			return fmt.Errorf("discovery: %w", err)
		}
	}
	if d.Default != "" && !slices.Contains(d.APIRoots, d.Default) {
		return fmt.Errorf("discovery: the default %s must be one of the API roots", shown(d.Default))
	}
	return nil
}

// checkRootURL checks that an API root is an absolute https URL or a path with one slash before it.
func checkRootURL(root string) error {
	u, err := url.Parse(root)
	switch {
	case err != nil:
		return fmt.Errorf("API root %s: is no URL", shown(root))
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("API root %s: must have no query, fragment or user", shown(root))
	case u.Scheme == "https" && u.Host != "":
		return nil
	case u.Scheme == "" && u.Host == "" && strings.HasPrefix(root, "/") && !strings.HasPrefix(root, "//"):
		return nil
	}
	return fmt.Errorf("API root %s: must be an https URL, or a path that starts with a single slash", shown(root))
}

// Root describes an API root (section 4.2.1).
type Root struct {
	Title            string   `json:"title"`
	Description      string   `json:"description,omitempty"`
	Versions         []string `json:"versions"`           // a server fills it in
	MaxContentLength int64    `json:"max_content_length"` // bytes of a posted body; a server's default is 100 MiB
}

// Check tells whether the resource is as section 4.2.1 asks.
func (r Root) Check() error {
	switch {
	case r.Title == "":
		return fmt.Errorf("API root: must have a title")
	case len(r.Versions) == 0:
		return fmt.Errorf("API root: must name the versions it speaks")
	case r.MaxContentLength <= 0:
		return fmt.Errorf("API root: max_content_length must be above 0")
	}
	return nil
}

// Collection describes a collection, as one client may use it (section 5.2.1).
type Collection struct {
	ID          string `json:"id"` // a version 4 UUID
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Alias       string `json:"alias,omitempty"` // a readable name that works in place of the id
	CanRead     bool   `json:"can_read"`
	CanWrite    bool   `json:"can_write"`
	// MediaTypes say which versions of STIX can be added. If there is none, a server fills in 2.0 and
	// 2.1, which are all that it takes.
	MediaTypes []string `json:"media_types,omitempty"`
}

// specVersions gives the versions of STIX that can be added.
func (c Collection) specVersions() []string {
	return slices.DeleteFunc(slices.Clone(specVersions), func(v string) bool {
		return !slices.ContainsFunc(c.MediaTypes, func(m string) bool {
			name, params, err := mime.ParseMediaType(m)
			version, versioned := params["version"]
			return err == nil && name == stixJSON && (!versioned || version == v)
		})
	})
}

// Check tells whether the resource is as section 5.2.1 asks.
func (c Collection) Check() error {
	if !isIdentifier(c.ID) {
		return fmt.Errorf("collection %s: the id must be a version 4 UUID in small letters", shown(c.ID))
	}
	if c.Title == "" {
		return fmt.Errorf("collection %s: must have a title", c.ID)
	}
	if strings.Contains(c.Alias, "/") {
		return fmt.Errorf("collection %s: the alias must not contain a slash", c.ID)
	}
	return nil
}

// isIdentifier tells whether s is a TAXII identifier in normal form.
func isIdentifier(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.Version() == 4 && u.Variant() == uuid.RFC4122 && u.String() == s
}

// collections is the box around collections (section 5.1.1).
type collections struct {
	Collections []Collection `json:"collections,omitempty"`
}

// ManifestRecord describes one version of an object (section 5.3.1).
type ManifestRecord struct {
	ID        string    `json:"id"`
	DateAdded Timestamp `json:"date_added"`
	Version   string    `json:"version"`
	MediaType string    `json:"media_type,omitempty"`
}
