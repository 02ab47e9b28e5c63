package console

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/internal/node"
	"parley/internal/qr"
	"parley/internal/store"
)

// introduceActs are what people do to be introduced to a counterpart.
func introduceActs() []act {
	page := (*console).introduction
	return []act{
		{"/introduce/begin", (*console).introductions, false, (*console).beginIntroduction},
		{"/introduce/{number}/read", page, false, on("C", (*console).readIntroduction)},
		{"/introduce/{number}/verify", page, false, on("C", (*console).verifyIntroduction)},
	}
}

// Bounds on what is uploaded, and how many pixels a module of a code has.
const (
	maxUpload   = 2 * qr.MaxPicture // bytes of all pictures together
	maxPictures = 8
	pixels      = 4
)

// milestone is something to be done before a node can work with others.
type milestone struct {
	Done bool
	Name string
	Path string
	Hint string
}

type introductionsBody struct {
	Steps []milestone
	Rows  []store.Counterpart
}

func (c *console) introducing() error {
	if !c.node.User.Is(node.Administrator) {
		return fmt.Errorf("user %s is no administrator: %w", c.node.User.Name, node.ErrRole)
	}
	return nil
}

func (c *console) introductions(r *http.Request) (view, error) {
	if err := c.introducing(); err != nil {
		return view{}, err
	}
	all, err := c.node.Counterparts(r.Context())
	b := introductionsBody{Rows: all, Steps: c.steps(all)}
	return view{Page: "introductions", Under: "counterparts", Title: "Introductions", Body: b}, err
}

// steps are what a node needs before it works with others, as it stands.
func (c *console) steps(all []store.Counterpart) []milestone {
	releasers := 0
	for _, u := range c.node.Users() {
		if u.Is(node.Releaser) {
			releasers++
		}
	}
	with := func(is func(store.Counterpart) bool) bool { return slices.ContainsFunc(all, is) }
	return []milestone{
		{true, "The node is made", "", "You are its first user."},
		{len(c.node.Settings.Relays) > 0, "A relay is named", "", "Where this node collects its parcels: parley settings --relay ADDRESS."},
		{releasers > 1, "A second person can clear a release", "/users", "Nobody clears their own draft: add somebody who is a releaser."},
		{with(store.Counterpart.Open), "A counterpart is introduced", "", "Write an introduction for them, and read theirs."},
		{
			with(func(p store.Counterpart) bool { return p.Open() && !p.VerifiedAt.IsZero() }), "The digits are compared", "",
			"Read them to each other over another way: until then nothing crosses.",
		},
	}
}

func introductionPage(id int64) string { return fmt.Sprintf("/introduce/C%d", id) }

func (c *console) beginIntroduction(r *http.Request) (done, error) {
	to := strings.TrimSpace(r.PostForm.Get("to"))
	if _, err := c.node.Introduce(r.Context(), to, r.PostForm.Get("anew") != ""); err != nil {
		return done{}, err
	}
	all, err := c.node.Counterparts(r.Context())
	i := slices.IndexFunc(all, func(p store.Counterpart) bool { return p.Name == to })
	if err != nil || i < 0 {
		return done{}, cmp.Or(err, store.ErrNotFound)
	}
	return done{introductionPage(all[i].ID), "The introduction is written. It is for that party alone, and serves once."}, nil
}

// introductionBody is one introduction with the codes that are shown.
type introductionBody struct {
	node.Introduction
	Pictures []string // addresses
	Small    bool
	Groups   []string // of digits, a line each
	At       string
}

func (c *console) introduction(r *http.Request) (view, error) {
	in, small, err := c.oneIntroduction(r)
	if err != nil {
		return view{}, err
	}
	b := introductionBody{Introduction: in, Small: small, At: introductionPage(in.Number)}
	for i := range in.Codes {
		path := fmt.Sprintf("%s/code/%d", b.At, i+1)
		if small {
			path += "?codes=small"
		}
		b.Pictures = append(b.Pictures, path)
	}
	for words := range slices.Chunk(strings.Fields(in.Spoken), 6) {
		b.Groups = append(b.Groups, strings.Join(words, " "))
	}
	return view{Page: "introduction", Under: "counterparts", Title: fmt.Sprintf("Introduction C%d", in.Number), Body: b}, nil
}

// oneIntroduction reads the one in an address, with its codes large or small.
func (c *console) oneIntroduction(r *http.Request) (in node.Introduction, small bool, err error) {
	id, err := numbered(r, "C")
	if err != nil {
		return in, false, err
	}
	small, most := r.URL.Query().Get("codes") == "small", qr.Print.Most
	if small {
		most = qr.Terminal.Most
	}
	in, err = c.node.Introduction(r.Context(), id, most)
	return in, small, err
}

// introductionCode draws one of the QR codes, and introductionFile hands out the
// text, to administrators alone.
func (c *console) introductionCode(w http.ResponseWriter, r *http.Request) {
	c.handOut(w, r, func(in node.Introduction, small bool) (kind string, b []byte, err error) {
		k, err := strconv.Atoi(r.PathValue("code"))
		if err != nil || k < 1 || k > len(in.Codes) {
			return "", nil, store.ErrNotFound
		}
		purpose := qr.Print
		if small {
			purpose = qr.Terminal
		}
		code, err := qr.New(in.Codes[k-1], purpose)
		if err != nil {
			return "", nil, err
		}
		var png bytes.Buffer
		err = code.PNG(&png, pixels)
		return "image/png", png.Bytes(), err
	})
}

func (c *console) introductionFile(w http.ResponseWriter, r *http.Request) {
	c.handOut(w, r, func(in node.Introduction, _ bool) (string, []byte, error) {
		if !in.Waits {
			return "", nil, store.ErrNotFound
		}
		w.Header().Set("Content-Disposition", `attachment; filename="parley.intro"`)
		return "application/octet-stream", []byte(in.Text), nil
	})
}

func (c *console) handOut(w http.ResponseWriter, r *http.Request, what func(node.Introduction, bool) (string, []byte, error)) {
	mine, r, ok := c.inHand(w, r, signInForm{To: "/introduce"})
	if !ok {
		return
	}
	in, small, err := mine.oneIntroduction(r)
	var (
		kind string
		b    []byte
	)
	if err == nil {
		kind, b, err = what(in, small)
	}
	if err != nil {
		mine.refuse(w, r, problem{refusal(err), "Nothing to hand out", err.Error()})
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // a browser that has gone is no fault of ours
}

// readIntroduction reads theirs: a text that was pasted, a file, or pictures of
// its QR codes.
func (c *console) readIntroduction(r *http.Request, id int64) (done, error) {
	if err := c.introducing(); err != nil {
		return done{}, err
	}
	in, err := c.node.Introduction(r.Context(), id, qr.Print.Most)
	if err != nil {
		return done{}, err
	}
	text, err := introductionIn(r)
	if err != nil {
		return done{}, err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return done{}, problem{http.StatusUnprocessableEntity, "Nothing to read", "Choose a file or a picture, or paste the text."}
	}
	_, err = c.node.ReadIntroduction(r.Context(), in.Name, text)
	return done{introductionPage(id), "The channel is open. Compare the digits before you use it."}, err
}

// introductionIn is the text in a form. Pictures and files stay in memory: they
// hold a secret, and a file of ours on the disk would keep it.
func introductionIn(r *http.Request) ([]byte, error) {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return []byte(r.PostForm.Get("text")), nil
	}
	if err != nil {
		return nil, unreadable(err)
	}
	var whole []byte
	for range maxPictures {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		text, err := textIn(part)
		if err != nil {
			return nil, err
		}
		if whole = append(append(whole, text...), '\n'); len(whole) > node.MaxIntroduction {
			return nil, problem{http.StatusUnprocessableEntity, "Too long", "That is longer than any introduction."}
		}
	}
	return nil, problem{http.StatusUnprocessableEntity, "Too many", fmt.Sprintf("At most %d pictures are read at once.", maxPictures-1)}
}

func unreadable(err error) error {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return problem{http.StatusRequestEntityTooLarge, "Too large", fmt.Sprintf("Pictures of at most %d MB together are taken.", large.Limit>>20)}
	}
	return problem{http.StatusBadRequest, "Not a form", "The form could not be read, so nothing was done."}
}

// textIn is what one part of a form says: a picture what its code says.
func textIn(part *multipart.Part) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(part, qr.MaxPicture+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if !qr.IsPicture(content) {
		return content, nil
	}
	text, err := qr.Read(content)
	if err != nil {
		return nil, problem{http.StatusUnprocessableEntity, "No code", err.Error()}
	}
	return []byte(text), nil
}

func (c *console) verifyIntroduction(r *http.Request, id int64) (done, error) {
	in, err := c.node.Introduction(r.Context(), id, qr.Print.Most)
	if err != nil {
		return done{}, err
	}
	return done{introductionPage(id), "The digits are the same: nobody stands between you."},
		c.node.VerifyCounterpart(r.Context(), in.Name, r.PostForm.Get("digits"))
}

// isUpload tells whether a request may be longer than a form.
func isUpload(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/introduce/") && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}
