package node

import (
	"bytes"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

// TestOASISFindsWhatAConsumerReadsValid has OASIS's own validator judge what a consumer's tool gets after
// two releases.
func TestOASISFindsWhatAConsumerReadsValid(t *testing.T) {
	at := meet(t)
	rescue := consumes(t, at.South, "Rescue", ConsumerOptions{})
	releasedTo(t, at.South, "Rescue", order(reported(t, at.South, 1, 147), 147))
	releasedTo(t, at.South, "Rescue", order(reported(t, at.South, 2, 150, 151), 150, 151))
	var b bytes.Buffer
	must(t, stix.WriteBundle(&b, "bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10", rescue.reads("released")))
	stixtest.Validate(t, b.Bytes())
}
