package console

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/internal/node"
)

// didBody says what an act did.
type didBody struct {
	Said string `json:"said"`
	At   string `json:"at"` // where it is read
	// Raised is how many warnings it raised.
	Raised int `json:"raised,omitempty"`
}

func (c *console) apiActs(a act, fields []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine, r, ok := c.forProgram(w, r)
		if !ok {
			return
		}
		form, text, err := formOf(r.Body, fields)
		if err != nil {
			fault(w, http.StatusUnprocessableEntity, node.Usage, err.Error())
			return
		}
		if match := r.Header.Get("If-Match"); match != "" {
			form.Set("version", strings.Trim(match, `"`))
		}
		r.PostForm, r.Form = form, form
		did, err := mine.once(r, text, func(r *http.Request) (done, error) {
			if a.fresh {
				r = r.WithContext(seen(r, r.PathValue("number")))
			}
			return a.do(mine, r)
		})
		if err != nil {
			mine.refuseProgram(w, r, err)
			return
		}
		answerJSON(w, http.StatusOK, did)
	})
}

// anyVersion, in the place of a version, is what somebody says who acts on a thing
// however it stands: the command line, as it does where it has the store itself.
const anyVersion = "*"

// seen has what is done under the context done only if its subject is still as it
// was read.
func seen(r *http.Request, subject string) context.Context {
	version := r.PostForm.Get("version")
	if version == anyVersion {
		return r.Context()
	}
	return node.Seen(r.Context(), subject, version)
}

// formOf reads a JSON object as a form: texts, numbers, true for a tick, and lists
// of texts. What is not among the fields is refused.
func formOf(body io.Reader, fields []string) (form url.Values, text []byte, err error) {
	if text, err = io.ReadAll(body); err != nil {
		return nil, nil, fmt.Errorf("read the body: %w", err)
	}
	form = url.Values{}
	if len(bytes.TrimSpace(text)) == 0 {
		return form, text, nil
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, nil, fmt.Errorf("the body is no JSON object: %w", err)
	}
	for name, v := range object {
		kind, known := fieldKind(name, fields)
		if !known {
			return nil, nil, fmt.Errorf("no field is called %q: there are %s", name, strings.Join(fields, ", "))
		}
		if err := set(form, name, kind, v); err != nil {
			return nil, nil, err
		}
	}
	return form, text, nil
}

// fieldKind finds a field: "name", "name[]" for a list, "name?" for a tick, "why.*"
// for any name that begins so.
func fieldKind(name string, fields []string) (kind byte, known bool) {
	for _, f := range fields {
		switch base := strings.TrimRight(f, "[]?*"); {
		case strings.HasSuffix(f, "*") && strings.HasPrefix(name, base):
			return 't', true
		case base != name:
		case strings.HasSuffix(f, "[]"):
			return 'l', true
		case strings.HasSuffix(f, "?"):
			return 'b', true
		default:
			return 't', true
		}
	}
	return 0, false
}

func set(form url.Values, name string, kind byte, v any) error {
	switch v := v.(type) {
	case string:
		if kind == 't' {
			form.Set(name, v)
			return nil
		}
	case float64:
		if kind == 't' {
			form.Set(name, strconv.FormatFloat(v, 'f', -1, 64))
			return nil
		}
	case bool:
		if kind == 'b' {
			if v {
				form.Set(name, "yes")
			}
			return nil
		}
	case []any:
		if kind == 'l' && !slices.ContainsFunc(v, func(one any) bool { _, is := one.(string); return !is }) {
			for _, one := range v {
				form.Add(name, one.(string))
			}
			return nil
		}
	}
	return fmt.Errorf("field %q is %s", name, map[byte]string{'t': "a text", 'b': "true or false", 'l': "a list of texts"}[kind])
}
