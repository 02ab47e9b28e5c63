package psi

import (
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
)

// Our asker and circl's answerer, and the other way round, agree.
func TestAgreesWithCircl(t *testing.T) {
	items := numbered("item", 5)
	party := mustOverlap(t, 1, items)
	secret, err := party.key.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var key oprf.PrivateKey
	if err := key.UnmarshalBinary(oprf.SuiteRistretto255, secret); err != nil {
		t.Fatal(err)
	}
	server := oprf.NewVerifiableServer(oprf.SuiteRistretto255, &key)
	client := oprf.NewVerifiableClient(oprf.SuiteRistretto255, server.PublicKey())
	public, err := server.PublicKey().MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	wantBytes(t, "public key", party.PublicKey(), public)

	blinds := make([]group.Scalar, len(items))
	for i, item := range items {
		blinds[i] = blindFor(party.blindKey, item)
	}
	state, request, err := client.DeterministicBlind(items, blinds)
	if err != nil {
		t.Fatal(err)
	}
	evaluation, err := server.Evaluate(request)
	if err != nil {
		t.Fatal(err)
	}
	theirs := statement{pointOf(t, party.publicKey), request.Elements, evaluation.Elements}
	proof, err := evaluation.Proof.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if !theirs.verify(proof, []byte(voprfContext)) {
		t.Error("we refuse circl's proof")
	}
	outputs, err := client.Finalize(state, evaluation)
	if err != nil {
		t.Fatal(err)
	}
	for i, item := range items {
		ours := evaluateItem(item, party.key)
		wantBytes(t, "output", ours[:], outputs[i])
		blinded := blindItem(item, blinds[i])
		want := encode(request.Elements[i])
		wantBytes(t, "blinded element", blinded[:], want[:])
	}
}

func TestDeriveKeyAgreesWithCircl(t *testing.T) {
	for i := range 20 {
		seed := testSeed(byte(i))
		want, err := oprf.DeriveKey(oprf.SuiteRistretto255, oprf.VerifiableMode, seed[:], []byte("info"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := deriveVOPRFKey(seed[:], []byte("info"))
		if err != nil {
			t.Fatal(err)
		}
		g, _ := got.MarshalBinary()
		w, _ := want.MarshalBinary()
		wantBytes(t, "key", g, w)
	}
}

func TestInvert(t *testing.T) {
	var scalars, want []group.Scalar
	for i := range 9 {
		k := curve.HashToScalar([]byte{byte(i)}, []byte("test"))
		scalars = append(scalars, k.Copy())
		want = append(want, curve.NewScalar().Inv(k))
	}
	invert(scalars)
	for i := range scalars {
		if !scalars[i].IsEqual(want[i]) {
			t.Errorf("scalar %d is not inverted", i)
		}
	}
	invert(nil)
}
