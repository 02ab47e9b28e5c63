package node

import (
	"context"
	"fmt"

	"parley/internal/store"
	"parley/stix"
)

// gift is an object that a counterpart's tools put at our exchange, or that we
// read at its server, with the selectors in it. They are sought before anybody
// must wait.
type gift struct {
	object   stix.Object
	findings []store.Finding
}

// unwrap finds the selectors of an object, and refuses one that holds more than
// go into a transaction.
func unwrap(o stix.Object, seek *seeker, source string) (gift, error) {
	g := gift{o, seek.in(o, 0, source)}
	if found := len(g.findings); found > mostSelectors {
		return gift{}, fmt.Errorf("%s holds %d selectors, and %d are the most in one object", o.ID(), found, mostSelectors)
	}
	return g, nil
}

// keepGift keeps an object as its giver's, with its selectors, and looks whether it
// repeats what we gave.
func (n *Node) keepGift(ctx context.Context, tx *store.Tx, g gift, giver int64, from string) (added bool, err error) {
	seq, added, err := tx.PutObject(ctx, n.rowOf(g.object, store.Object{Origin: giver}))
	if err != nil || !added {
		return false, err
	}
	for i := range g.findings {
		g.findings[i].Object = seq
	}
	if err := tx.PutFindings(ctx, g.findings); err != nil {
		return true, err
	}
	h := heardIn(g.object, g.findings, from)
	h.object = seq
	_, err = n.listen(ctx, tx, h)
	return true, err
}

// load is how much one transaction has to keep, for which others wait.
type load struct{ objects, bytes, findings int }

// add takes an object in, and tells whether the transaction is full.
func (l *load) add(size, findings int) bool {
	l.objects, l.bytes, l.findings = l.objects+1, l.bytes+size, l.findings+findings
	return l.objects >= takeBatch || l.bytes >= batchBytes || l.findings >= batchFindings
}
