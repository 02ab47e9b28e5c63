package taxii

import (
	"mime"
	"strconv"
	"strings"
)

// MediaType is the media type of every TAXII 2.1 request and response (section 1.6.8).
const MediaType = "application/taxii+json;version=2.1"

// StixMediaType gives the media type of objects of one version of STIX, "2.1" or "2.0", as collections
// and manifests name it.
func StixMediaType(specVersion string) string { return stixJSON + ";version=" + specVersion }

const (
	stixJSON     = "application/stix+json"
	taxiiJSON    = "application/taxii+json"
	taxiiVersion = "2.1"

	// maxRanges is how many media ranges of an Accept header are looked at.
	maxRanges = 64
)

// acceptable tells whether an Accept header lets us answer in TAXII 2.1. The most specific range that
// covers it decides, as RFC 9110 section 12.5.1 has it. A request without the header takes anything.
func acceptable(header []string) bool {
	if len(header) == 0 {
		return true
	}
	best, quality := 0, 0.0
	for i, member := range splitList(strings.Join(header, ",")) {
		if i >= maxRanges {
			break
		}
		specific, q := rangeCovers(member)
		if specific > best || specific == best && q > quality {
			best, quality = specific, q
		}
	}
	return best > 0 && quality > 0
}

// rangeCovers tells how specifically one media range covers TAXII 2.1, from 0 (not at all) to 4, and
// with which quality. A range that cannot be read covers nothing.
func rangeCovers(member string) (specific int, quality float64) {
	name, params, err := mime.ParseMediaType(member)
	if err != nil {
		return 0, 0
	}
	quality = 1
	if text, ok := params["q"]; ok {
		quality, err = strconv.ParseFloat(text, 64)
		if err != nil || !(quality >= 0 && quality <= 1) { // NaN is neither
			return 0, 0
		}
	}
	version, versioned := params["version"]
	switch {
	case name == taxiiJSON && !versioned:
		return 3, quality
	case name == taxiiJSON && version == taxiiVersion:
		return 4, quality
	case name == "application/*":
		return 2, quality
	case name == "*/*":
		return 1, quality
	}
	return 0, 0
}

// isTAXII tells whether a Content-Type is that of TAXII 2.1. Without a version it means the newest.
func isTAXII(contentType string) bool {
	name, params, err := mime.ParseMediaType(contentType)
	if err != nil || name != taxiiJSON {
		return false
	}
	version, versioned := params["version"]
	charset, charsetGiven := params["charset"]
	return (!versioned || version == taxiiVersion) && (!charsetGiven || strings.EqualFold(charset, "utf-8"))
}

// splitList cuts a header at its commas, those inside quotes left alone.
func splitList(header string) []string {
	var members []string
	quoted, start := false, 0
	for i := 0; i < len(header); i++ {
		switch header[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				members = append(members, strings.TrimSpace(header[start:i]))
				start = i + 1
			}
		}
	}
	return append(members, strings.TrimSpace(header[start:]))
}

// takesGzip tells whether an Accept-Encoding header allows gzip.
func takesGzip(header []string) bool {
	for i, member := range splitList(strings.Join(header, ",")) {
		if i >= maxRanges {
			break
		}
		coding, rest, _ := strings.Cut(member, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(rest), " ", ""), "q=")
		if !found {
			return true
		}
		quality, err := strconv.ParseFloat(q, 64)
		return err == nil && quality > 0
	}
	return false
}
