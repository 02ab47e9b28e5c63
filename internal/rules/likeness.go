package rules

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"parley/internal/permit"
)

// maxDecided bounds how many decisions a sitting remembers.
const maxDecided = 4096

// likeness is all of an object that a decision rests on, where no rule looks at its id.
type likeness struct {
	typ, givenBy string
	labels       string
	consented    string
	use          permit.Use
	marked       *Marked
	report, ours bool
}

func likenessOf(o Object) likeness {
	l := likeness{typ: o.Type, givenBy: o.GivenBy, use: o.Use, marked: o.Marked, report: o.Report, ours: o.Ours}
	for _, u := range o.Consented {
		l.consented += string(u) + " "
	}
	if len(o.Labels) == 0 {
		return l
	}
	var labels strings.Builder // even where no rule looks at them: there may be too many
	for _, label := range o.Labels {
		labels.WriteString(strconv.Itoa(len(label)))
		labels.WriteByte(' ')
		labels.WriteString(label)
	}
	l.labels = labels.String()
	return l
}

// reads lists the fields of the object that an expression looks at; "" is the object as a whole.
func reads(a *cel.Ast) map[string]bool {
	found := map[string]bool{}
	for _, e := range ast.MatchDescendants(ast.NavigateAST(a.NativeRep()), ast.KindMatcher(ast.IdentKind)) {
		if e.AsIdent() != "object" {
			continue
		}
		if parent, has := e.Parent(); has && parent.Kind() == ast.SelectKind {
			found[parent.AsSelect().FieldName()] = true
		} else {
			found[""] = true
		}
	}
	return found
}
