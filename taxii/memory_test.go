package taxii_test

import (
	"testing"

	"parley/taxii"
	"parley/taxii/taxiitest"
)

func TestMemoryKeepsWhatABackendPromises(t *testing.T) {
	taxiitest.Run(t, func(t *testing.T) (taxii.Backend, taxii.Place) {
		return newStation(t).memory, taxii.Place{Root: "api1", Collection: openID}
	})
}
