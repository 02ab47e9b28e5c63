package psi_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"

	"parley/psi"
)

// Two desks hold lists of telephone numbers. They learn how many numbers both
// hold, agree to go on, and learn which.
func ExampleRun() {
	north := psi.Items{[]byte("phone:+12025550147"), []byte("phone:+12025550101"), []byte("phone:+12025550199")}
	south := psi.Items{[]byte("phone:+12025550199"), []byte("phone:+12025550120"), []byte("phone:+12025550147")}

	talk := func(conn net.Conn, initiator bool, items psi.Items) (psi.Result, error) {
		seed, err := psi.NewSeed(rand.Reader)
		if err != nil {
			return psi.Result{}, err
		}
		return psi.Run(context.Background(), conn, psi.Options{
			OverlapOptions: psi.OverlapOptions{
				Seed: seed, Initiator: initiator,
				MaxTheirs: 100, Pad: 10, Terms: []byte("numbers seen in May"),
			},
			CountFirst: true,
			Proceed:    func(count int) bool { return count > 0 },
		}, items)
	}

	a, b := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = talk(b, false, south)
	}()
	result, err := talk(a, true, north)
	<-done
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("both hold", result.Count)
	for _, match := range result.Overlap {
		fmt.Println(string(north[match.Index]))
	}
	// Output:
	// both hold 2
	// phone:+12025550147
	// phone:+12025550199
}
