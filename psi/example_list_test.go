package psi_test

import (
	"context"
	"crypto/rand"
	"fmt"

	"parley/psi"
)

// A clearing house keeps a list of wallets. A bank fetches its filter, later
// what changed, and checks the wallets of a new customer.
func ExampleListKey() {
	ctx := context.Background()
	seed, err := psi.NewSeed(rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := psi.NewListKey(seed)
	if err != nil {
		fmt.Println(err)
		return
	}
	filterOf := func(generation uint64, items ...string) *psi.Filter {
		list := make([][]byte, len(items))
		for i := range items {
			list[i] = []byte(items[i])
		}
		values, err := key.Evaluate(ctx, list)
		if err != nil {
			fmt.Println(err)
			return nil
		}
		f, err := psi.NewFilter(key.PublicKey(), generation, values)
		if err != nil {
			fmt.Println(err)
		}
		return f
	}

	// The clearing house publishes its key, a filter, and what changes.
	first := filterOf(1, "wallet:alpha", "wallet:bravo", "wallet:charlie")
	second := filterOf(2, "wallet:alpha", "wallet:charlie", "wallet:delta")
	whole, _ := first.MarshalBinary()
	difference, _ := first.Difference(second)

	// The bank has both, and asks about two wallets.
	filter, err := psi.ParseFilter(whole, 1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	if filter, err = filter.Apply(difference, 1000); err != nil {
		fmt.Println(err)
		return
	}
	if seed, err = psi.NewSeed(rand.Reader); err != nil {
		fmt.Println(err)
		return
	}
	customer := [][]byte{[]byte("wallet:bravo"), []byte("wallet:delta")}
	check, err := psi.NewCheck(seed, filter.PublicKey(), customer, 16)
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := key.Answer(check.Query(), 100) // at the clearing house
	if err != nil {
		fmt.Println(err)
		return
	}
	held, err := check.Held(answer, filter)
	for _, i := range held {
		fmt.Println(string(customer[i]))
	}
	fmt.Println(filter.Len(), "listed", err)
	// Output:
	// wallet:delta
	// 3 listed <nil>
}
