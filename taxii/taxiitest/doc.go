// Package taxiitest tells whether a taxii.Backend keeps what the interface promises.
//
// Call [Run] from a test of the backend, with a function that opens an empty one:
//
//	func TestBackend(t *testing.T) {
//		taxiitest.Run(t, func(t *testing.T) (taxii.Backend, taxii.Place) { … })
//	}
//
// The package must never ask a backend for anything that a server would not ask for.
package taxiitest
