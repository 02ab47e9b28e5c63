package assess

import (
	"encoding/json"

	"parley/stix"
)

// ReadClaim returns the claim that a note carries; found is false for any other object. The error
// is every [Fault], joined.
func ReadClaim(o stix.Object) (cl Claim, found bool, err error) {
	found, err = read(o, "note", ExtClaim, &cl)
	if !found || err != nil {
		return Claim{}, found, err
	}
	cl.Head = noteHead(o)
	return cl, true, cl.Check()
}

// ReadJudgement returns the judgement that a note carries; found is false for any other object.
func ReadJudgement(o stix.Object) (j Judgement, found bool, err error) {
	found, err = read(o, "note", ExtJudgement, &j)
	if !found || err != nil {
		return Judgement{}, found, err
	}
	j.Head = noteHead(o)
	return j, true, j.Check()
}

// ReadSource returns what an identity is worth as a source; found is false for any object without
// the extension.
func ReadSource(o stix.Object) (s Source, found bool, err error) {
	found, err = read(o, "identity", ExtSource, &s)
	if !found || err != nil {
		return Source{}, found, err
	}
	s.Head = head(o)
	s.Text, _ = o.String("name")
	return s, true, s.Check()
}

// read fills values from the extension, if the object has it.
func read(o stix.Object, typ string, extension stix.ID, values any) (found bool, err error) {
	if o.Type() != typ {
		return false, nil
	}
	raw, found := o.Raw("extensions." + string(extension))
	if !found {
		return false, nil
	}
	if err := json.Unmarshal(raw, values); err != nil {
		return true, Fault{o.ID(), "extensions." + string(extension), err.Error()}
	}
	return true, nil
}

func head(o stix.Object) Head {
	return Head{ID: o.ID(), By: o.CreatedByRef(), Created: o.Created(), Modified: o.Modified()}
}

func noteHead(o stix.Object) Head {
	h := head(o)
	h.Text, _ = o.String("content")
	refs, _ := o.Strings("object_refs")
	for _, ref := range refs {
		h.About = append(h.About, stix.ID(ref))
	}
	return h
}
