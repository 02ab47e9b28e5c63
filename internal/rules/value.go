package rules

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// What an expression can see: five names, and the fields of each. A field is read when it is asked for.

// maxList bounds the lists that an expression may walk through, in elements.
const maxList = 64

// facts is what one decision is about.
type facts struct {
	object      *Object
	marked      *Marked
	counterpart *Counterpart
	party       Party
	purpose     *Purpose
	at          time.Time
	iep, acs    *whole // the values of fields that have fields
}

func (f *facts) of(kind string) *whole { return &whole{f, types.NewObjectType(kind)} }

// field is one field of a kind of value.
type field struct {
	typ *types.Type
	get func(*facts) ref.Val
}

func text(get func(*facts) string) field {
	return field{types.StringType, func(f *facts) ref.Val { return types.String(get(f)) }}
}

func truth(get func(*facts) bool) field {
	return field{types.BoolType, func(f *facts) ref.Val { return types.Bool(get(f)) }}
}

func texts(get func(*facts) []string) field {
	none := types.NewStringList(types.DefaultTypeAdapter, nil)
	return field{types.NewListType(types.StringType), func(f *facts) ref.Val {
		if all := get(f); len(all) > 0 {
			return types.NewStringList(types.DefaultTypeAdapter, all)
		}
		return none
	}}
}

// kinds are the values with fields, by the names that expressions know them by.
func kinds() map[string]map[string]field {
	return map[string]map[string]field{
		"object": {
			"id":       text(func(f *facts) string { return string(f.object.ID) }),
			"type":     text(func(f *facts) string { return f.object.Type }),
			"report":   truth(func(f *facts) bool { return f.object.Report }),
			"ours":     truth(func(f *facts) bool { return f.object.Ours }),
			"given_by": text(func(f *facts) string { return f.object.GivenBy }),
			"labels":   texts(func(f *facts) []string { return f.object.Labels }),
		},
		"marking": {
			"tlp":                text(func(f *facts) string { return string(f.marked.whole.TLP) }),
			"pap":                text(func(f *facts) string { return string(f.marked.whole.PAP) }),
			"statements":         texts(func(f *facts) []string { return f.marked.whole.Statements }),
			"uses":               texts((*facts).uses),
			"originator_control": truth(func(f *facts) bool { return f.marked.whole.OriginatorControl }),
			"embargo_until":      {types.TimestampType, func(f *facts) ref.Val { return types.Timestamp{Time: f.marked.whole.EmbargoUntil} }},
			"iep":                {types.NewObjectType("exchange_policy"), func(f *facts) ref.Val { return f.iep }},
			"acs":                {types.NewObjectType("access_marking"), func(f *facts) ref.Val { return f.acs }},
		},
		"exchange_policy": {
			"permitted_actions":            text(func(f *facts) string { return f.marked.whole.PermittedActions }),
			"affected_party_notifications": text(func(f *facts) string { return f.marked.whole.Notifications }),
			"provider_attribution":         text(func(f *facts) string { return f.marked.whole.Attribution }),
			"unmodified_resale":            text(func(f *facts) string { return f.marked.whole.Resale }),
			"encrypt_in_transit":           text(func(f *facts) string { return f.marked.whole.Encrypt }),
		},
		"access_marking": {
			"classification":       text(func(f *facts) string { return f.marked.whole.Classification }),
			"noforn":               truth(func(f *facts) bool { return f.marked.whole.NoForeign }),
			"display_only":         truth(func(f *facts) bool { return f.marked.whole.DisplayOnly }),
			"formal_determination": texts(func(f *facts) []string { return f.marked.whole.Determinations }),
			"caveat":               texts(func(f *facts) []string { return f.marked.whole.Caveats }),
			"sensitivity":          texts(func(f *facts) []string { return f.marked.whole.Sensitivities }),
		},
		"counterpart": {
			"name":          text(func(f *facts) string { return f.counterpart.Name }),
			"verified":      truth(func(f *facts) bool { return f.counterpart.Verified }),
			"consumer":      truth(func(f *facts) bool { return f.counterpart.Consumer }),
			"country":       text(func(f *facts) string { return f.party.Country }),
			"organizations": texts(func(f *facts) []string { return f.party.Organizations }),
			"communities":   texts(func(f *facts) []string { return f.party.Communities }),
			"entities":      texts(func(f *facts) []string { return f.party.Entities }),
			"groups":        texts(func(f *facts) []string { return f.party.Groups }),
		},
		"purpose": {
			"use":        text(func(f *facts) string { return string(f.purpose.Use) }),
			"tlp":        text(func(f *facts) string { return string(f.purpose.TLP) }),
			"collection": text(func(f *facts) string { return f.purpose.Collection }),
			"match":      truth(func(f *facts) bool { return f.purpose.Match }),
			"disclosed":  {types.IntType, func(f *facts) ref.Val { return types.Int(f.purpose.Disclosed) }},
			"emergency":  truth(func(f *facts) bool { return f.purpose.Emergency }),
		},
	}
}

// uses lists what its givers permit: by their consent or, where there is none, with the object and in the
// words of a marking.
func (f *facts) uses() (all []string) {
	for _, u := range f.object.Consented {
		all = append(all, string(u))
	}
	if len(all) > 0 {
		return all
	}
	if f.object.Use != "" {
		all = append(all, string(f.object.Use))
	}
	for _, u := range f.marked.uses {
		all = append(all, string(u))
	}
	return all
}

// assured tells whether the counterpart has given an undertaking that holds.
func (f *facts) assured(undertaking string) bool {
	return slices.ContainsFunc(f.counterpart.Assurances, func(a Assurance) bool { return a.Undertaking == undertaking && a.Holds(f.at) })
}

// whole is a value with fields. It equals itself alone, and becomes nothing else.
type whole struct {
	facts *facts
	typ   *types.Type
}

func (w *whole) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a %s is not a %s", w.typ.TypeName(), t)
}

func (w *whole) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return w.typ
	}
	return types.NewErr("a %s is not a %s", w.typ.TypeName(), t.TypeName())
}

func (w *whole) Equal(other ref.Val) ref.Val {
	o, same := other.(*whole)
	return types.Bool(same && o.typ == w.typ && o.facts == w.facts)
}

func (w *whole) Type() ref.Type { return w.typ }
func (w *whole) Value() any     { return w.facts }
