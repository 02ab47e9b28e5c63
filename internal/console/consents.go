package console

import (
	"fmt"
	"net/http"

	"parley/internal/node"
	"parley/internal/release"
)

// consentActs is what people do with a counterpart's ask.
func consentActs() []act {
	return []act{{"/consents/{number}/answer", (*console).consent, true, on("Q", (*console).answerConsent)}}
}

type consentsBody struct {
	Rows []node.Consent
	window
}

func (c *console) consents(r *http.Request) (view, error) {
	all, err := c.node.Consents(r.Context())
	if err != nil {
		return view{}, err
	}
	some, w, err := windowed(r, all)
	return view{Page: "consents", Under: "releases", Title: "Asks", Body: consentsBody{some, w}}, err
}

type consentBody struct {
	node.Consent
	All []release.Use
}

func (c *console) consent(r *http.Request) (view, error) {
	id, err := numbered(r, "Q")
	if err != nil {
		return view{}, err
	}
	one, err := c.node.Consent(r.Context(), id)
	return view{Page: "consent", Under: "releases", Title: fmt.Sprintf("Ask Q%d", id), Body: consentBody{one, release.Uses()}}, err
}

func (c *console) answerConsent(r *http.Request, id int64) (done, error) {
	var yes bool
	switch r.PostForm.Get("answer") {
	case "yes":
		yes = true
	case "no":
	default:
		return done{}, problem{http.StatusUnprocessableEntity, "No answer", "Say yes or no."}
	}
	var uses []release.Use
	if yes {
		for _, u := range r.PostForm["use"] {
			uses = append(uses, release.Use(u))
		}
	}
	err := c.node.AnswerConsent(r.Context(), id, yes, uses, r.PostForm.Get("reason"))
	return done{fmt.Sprintf("/consents/Q%d", id), "Answered. The counterpart is told."}, err
}
