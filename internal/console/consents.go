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
	Heads []heading
	Rows  []node.Consent
	window
}

var consentColumns = []column[node.Consent]{
	{Key: "number", Name: "Ask", of: func(q node.Consent) any { return serial{"Q", q.Number} }},
	{Key: "asked", Name: "Asked", of: func(q node.Consent) any { return q.AskedAt }},
	{Key: "state", Name: "State", of: func(q node.Consent) any { return q.State }},
	{Key: "by", Name: "By", of: func(q node.Consent) any {
		if q.Ours {
			return "us, of " + q.With
		}
		return q.With
	}},
	{Key: "for", Name: "For", of: func(q node.Consent) any { return q.Recipient }},
	{Key: "use", Name: "Permitted use", of: func(q node.Consent) any { return string(q.Use) }},
	{Key: "purpose", Name: "Purpose", of: func(q node.Consent) any { return q.Purpose }},
}

func (c *console) consents(r *http.Request) (view, error) {
	all, err := c.node.Consents(r.Context())
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all, consentColumns)
	return view{Page: "consents", Under: "releases", Title: "Asks", Body: consentsBody{heads, some, w}}, err
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
