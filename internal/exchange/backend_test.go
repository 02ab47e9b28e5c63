package exchange

import (
	"testing"

	"parley/taxii"
	"parley/taxii/taxiitest"
)

// TestBackend holds the exchange to what a server expects of its backend.
func TestBackend(t *testing.T) {
	taxiitest.Run(t, func(t *testing.T) (taxii.Backend, taxii.Place) {
		h := newHouse(t)
		at, _ := h.consumer("Siem")
		return h, at
	})
}
