// Package lanes computes with four points of edwards25519 at a time.
//
// The field's elements stand side by side, limb by limb, so that one AVX2
// instruction works on all four: a product takes little longer than one of
// package field. It serves whoever has many points and the same to do with
// each, as package ristretto's batches; a single point is better left alone.
//
// No instruction, branch or address depends on a value, so secrets may be in
// it. Every kernel in assembly has a plain twin, limb for limb the same, which
// machines without AVX2 have and tests compare with.
//
// It must never be the only way to a result: ask [Fast], and have the plain way
// of filippo.io/edwards25519 beside it.
package lanes
