package console

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"parley/internal/legible"
	"parley/internal/node"
)

// bringing is where a file is sent to be brought in. It is the one form that may
// be long, so it is read as it comes.
const bringing = "/evidence/new/bring"

// Bounds on a file that is sent.
const (
	maxBrought = node.MaxTakenIn
	bringTime  = 12 * time.Hour   // for the whole
	stallTime  = 1 * time.Minute  // without a byte
	maxField   = 4 << 10          // bytes of another field of the form
	workedTime = 10 * time.Minute // for what is done with it once it is here
)

// bringBody is the form by which a file is brought in.
type bringBody struct{ As []node.As }

func (c *console) newEvidence(*http.Request) (view, error) {
	all := []node.As{node.AsEvidence, node.AsSTIX, node.AsMISP, node.AsList}
	return view{Page: "bring", Under: "evidence", Title: "Bring in", Body: bringBody{all}}, nil
}

// bring takes a file for whoever is signed in. That is seen before its first byte
// is read.
func (c *console) bring(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost { // somebody loads the address of a form that failed
		seeOther(w, "/evidence/new")
		return
	}
	mine, r, ok := c.inHand(w, r, signInForm{To: "/evidence/new"})
	if !ok {
		return
	}
	r.PostForm = url.Values{}
	did, err := mine.brought(w, r)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = problem{http.StatusRequestEntityTooLarge, "Too large", fmt.Sprintf("The console takes no file of more than %s: use 'parley import' on the node's machine.", size(maxBrought))}
	}
	if err != nil {
		mine.again(w, r, act{page: (*console).newEvidence}, err)
		return
	}
	c.sessions.say(mine.who, did.Said)
	seeOther(w, did.To)
}

// brought reads the form's fields, of which the file is the last, and brings the
// file in.
func (c *console) brought(w http.ResponseWriter, r *http.Request) (done, error) {
	if !c.node.User.Is(node.Analyst) {
		return done{}, fmt.Errorf("user %s brings nothing in: %w", c.node.User.Name, node.ErrRole)
	}
	form, err := r.MultipartReader()
	if err != nil {
		return done{}, problem{http.StatusBadRequest, "Not a form", "The form could not be read, so nothing was done."}
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return done{}, problem{http.StatusUnprocessableEntity, "No file", "Choose a file."}
		}
		if err != nil {
			return done{}, fmt.Errorf("read the form: %w", err)
		}
		if part.FormName() == "file" {
			return c.bringFile(r, part.FileName(), part, stillComes(w))
		}
		text, err := io.ReadAll(io.LimitReader(part, maxField))
		if err != nil {
			return done{}, fmt.Errorf("read the form: %w", err)
		}
		r.PostForm.Add(part.FormName(), string(text))
	}
}

// bringByProgram brings in the body of a request, for a program.
func (c *console) bringByProgram(w http.ResponseWriter, r *http.Request) {
	mine, r, ok := c.forProgram(w, r)
	if !ok {
		return
	}
	r.PostForm = r.URL.Query()
	did, err := mine.bringFile(r, r.PostForm.Get("name"), r.Body, stillComes(w))
	if err != nil {
		mine.refuseProgram(w, r, err)
		return
	}
	answerJSON(w, http.StatusOK, didBody{Said: did.Said, At: apiRoot + did.To})
}

// bringOperation describes how a program brings a file in.
func bringOperation(says object) object {
	o := operation("/evidence/new", "Bring a file in: its bytes are the body", nil, says)
	var parameters []object
	for _, name := range []string{"name", "note", "as", "triage"} {
		parameters = append(parameters, object{"name": name, "in": "query", "required": name == "name", "schema": object{"type": "string"}})
	}
	o["parameters"] = parameters
	o["requestBody"] = object{"content": object{"application/octet-stream": object{}}}
	return o
}

// stillComes gives a request more time, as often as it is called.
func stillComes(w http.ResponseWriter) func() error {
	alive := http.NewResponseController(w)
	return func() error {
		now := time.Now() // the clock of the connection, not that of the console
		return errors.Join(alive.SetReadDeadline(now.Add(stallTime)), alive.SetWriteDeadline(now.Add(stallTime+workedTime)))
	}
}

// bringFile brings a file in, and begins to triage it if it is evidence.
func (c *console) bringFile(r *http.Request, name string, file io.Reader, alive func() error) (done, error) {
	f := r.PostForm
	opt := node.ImportOptions{As: node.As(f.Get("as")), Note: f.Get("note")}
	if opt.As != node.AsItIs && !slices.Contains([]node.As{node.AsEvidence, node.AsSTIX, node.AsMISP, node.AsList}, opt.As) {
		return done{}, problem{http.StatusUnprocessableEntity, "No kind", "Choose what the file is read as."}
	}
	sum, err := c.node.TakeIn(r.Context(), name, arriving{file, alive}, opt)
	if err != nil {
		return done{}, err
	}
	if sum.Evidence == 0 {
		return done{"/evidence/new", saidOf(sum)}, nil
	}
	said := "It is evidence now, with its hash."
	if f.Get("triage") != "" {
		if err := c.triages.begin(c.node, sum.Evidence); err != nil {
			said += " " + err.Error() + "."
		}
	}
	return done{exhibitPage(sum.Evidence), said}, nil
}

// saidOf says what became of a file that is no evidence.
func saidOf(sum node.Imported) string {
	raised := ""
	if sum.Raised > 0 {
		raised = fmt.Sprintf(" %s raised.", legible.Plural(sum.Raised, "warning was", "warnings were"))
	}
	if sum.Kind == "list" {
		return fmt.Sprintf("Brought in: %s of a list.%s", legible.Plural(sum.Selectors, "selector", "selectors"), raised)
	}
	return fmt.Sprintf("Brought in: %s, %s known.%s", legible.Plural(sum.Objects, "object", "objects"), legible.Grouped(sum.Known), raised)
}

// arriving reads a file as it comes. As long as something comes there is time.
type arriving struct {
	from  io.Reader
	alive func() error
}

func (a arriving) Read(p []byte) (int, error) {
	if err := a.alive(); err != nil {
		return 0, err
	}
	return a.from.Read(p)
}

func exhibitPage(id int64) string { return fmt.Sprintf("/evidence/E%d", id) }
