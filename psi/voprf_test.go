package psi

import (
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
)

// Our asker and circl's answerer, and the other way round, agree.
func TestAgreesWithCircl(t *testing.T) {
	items := numbered("item", 5)
	i, _ := pairOptions(nil)
	party := mustBegin(t, i, Items(items))
	secret := party.key.Bytes()
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
		blinds[i] = group.Ristretto255.HashToScalar(item, []byte("test"))
	}
	state, request, err := client.DeterministicBlind(items, blinds)
	if err != nil {
		t.Fatal(err)
	}
	evaluation, err := server.Evaluate(request)
	if err != nil {
		t.Fatal(err)
	}
	theirs := statement{publicKey: party.publicKey, context: []byte(voprfContext)}
	for i := range request.Elements {
		theirs.blinded = append(theirs.blinded, circlElement(t, request.Elements[i]))
		theirs.evaluated = append(theirs.evaluated, circlElement(t, evaluation.Elements[i]))
	}
	proof, err := evaluation.Proof.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if !theirs.verify([proofSize]byte(proof), pointOf(t, party.publicKey), must(decodeAll(theirs.blinded))(t), must(decodeAll(theirs.evaluated))(t)) {
		t.Error("we refuse circl's proof")
	}
	outputs, err := client.Finalize(state, evaluation)
	if err != nil {
		t.Fatal(err)
	}
	for i, item := range items {
		ours := evaluateItems([][]byte{item}, party.key)[0]
		wantBytes(t, "output", ours[:], outputs[i])
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
		w, _ := want.MarshalBinary()
		wantBytes(t, "key", got.Bytes(), w)
	}
}

func circlElement(t *testing.T, p group.Element) element {
	t.Helper()
	return element(must(p.MarshalBinaryCompress())(t))
}
