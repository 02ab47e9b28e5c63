package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// rulePicture finds pictures that hold more than pixels: metadata, previews, comments, bytes behind their
// end; and one that is, to the byte, a file that stays here. What a picture shows only a person can judge.
func rulePicture(r *reading, _ Tearline, s *secrets) []Finding {
	var findings []Finding
	for i, o := range r.objects {
		if o.Type() != "artifact" {
			continue
		}
		add := func(excerpt, reason, fix string, blocking bool) {
			findings = append(findings, Finding{
				Path: fmt.Sprintf("$.objects[%d].payload_bin", i), Excerpt: excerpt, Reason: reason, Fix: fix, Blocking: blocking,
			})
		}
		mime, _ := o.String("mime_type")
		text, _ := o.String("payload_bin")
		data, err := base64.StdEncoding.DecodeString(text)
		if err == nil {
			err = checkPicture(mime, data)
		}
		switch {
		case err != nil:
			add(excerpt(err.Error()), "A picture may hold its pixels and nothing else: the rest says who took it, where and with what.",
				"Build the tearline again, so that the picture is drawn anew.", true)
		case s == nil: // a receiver
		case s.ids.whole[half(sha256.Sum256(data))]:
			add(mime, "The picture is a file that stays here, to the byte.", "Build the tearline again, so that the picture is drawn anew.", true)
		case mime == mimePNG && !isRedrawn(data):
			add(mime, "The picture was not written by this desk, and how it is written can carry a mark.",
				"Build the tearline again, so that the picture is drawn anew.", true)
		default:
			add(mime, "No check reads what a picture shows: faces, signs, screens, a view from a window.",
				"Look at it as the counterpart will.", false)
		}
	}
	return findings
}

// isRedrawn says whether a PNG is what this program writes of its pixels.
func isRedrawn(data []byte) bool {
	again, err := redraw(data)
	return err == nil && bytes.Equal(again.data, data)
}

func half(hash [32]byte) [16]byte { return [16]byte(hash[:16]) }
