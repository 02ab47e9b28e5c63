package triage

import (
	"bytes"
	"context"
	"encoding/hex"
	"regexp"
	"strings"
)

// Networks that Android has joined. Since Android 8 they are in
// WifiConfigStore.xml, where <string name="SSID">"Name"</string> and its like
// stand in an element <Network>; before in wpa_supplicant.conf, in blocks
// network={ … }. The key of a network is not made part of the artifact.

func isWiFiConfig(f *file) bool { return bytes.Contains(f.head, []byte("<WifiConfigStoreData")) }

// wifiConfig gathers the network being read.
type wifiConfig struct {
	r      *reading
	place  Place
	open   bool
	start  int64
	field  string
	fields map[string]string
}

func openWiFiConfig(r *reading, f *file) func(*markupToken) error {
	return (&wifiConfig{r: r, place: f.place()}).token
}

func (w *wifiConfig) token(token *markupToken) error {
	switch {
	case token.kind == markupOpen && token.name == "network":
		w.open, w.start, w.fields = true, token.start, map[string]string{}
	case token.kind == markupOpen && w.open && len(w.fields) < 100:
		if w.field = token.attribute("name"); token.empty {
			w.field = ""
		}
	case token.kind == markupChars && w.open && w.field != "":
		w.fields[w.field] = clip(string(token.text.text), 1024)
	case token.kind == markupShut && token.name == "network" && w.open:
		w.open = false
		return w.network(token.end)
	case token.kind == markupShut:
		w.field = ""
	}
	return nil
}

func (w *wifiConfig) network(end int64) error {
	if w.fields["SSID"] == "" {
		return nil
	}
	_, security, _ := strings.Cut(strings.TrimPrefix(w.fields["ConfigKey"], `"`), `"`)
	a := network(w.fields["SSID"], security, w.fields["BSSID"])
	a.Place = w.place.at(w.start, end-w.start)
	return w.r.artifact(a)
}

func network(ssid, security, bssid string) Artifact {
	a := Artifact{Kind: KindNetwork, Application: "Wi-Fi", Name: ssidName(ssid), Text: security}
	if bssid != "" && bssid != "any" {
		a.Text = joined(a.Text, ", ", "BSSID "+bssid)
	}
	return a
}

// ssidName reads a name in quotation marks, or in hexadecimal without.
func ssidName(ssid string) string {
	if name, quoted := strings.CutPrefix(ssid, `"`); quoted {
		return strings.TrimSuffix(name, `"`)
	}
	if raw, err := hex.DecodeString(ssid); err == nil && isPlain(raw) {
		return string(raw)
	}
	return ssid
}

var supplicantStart = regexp.MustCompile(`(?m)^\s*network=\{\s*$`)

// isSupplicant asks for the plain words first: the expression is slow, and nearly
// all texts are none.
func isSupplicant(f *file) bool {
	return bytes.Contains(f.head, []byte("network={")) && isText(f) && supplicantStart.Match(f.head)
}

// readSupplicant scans the file as text and reads its blocks.
func readSupplicant(ctx context.Context, r *reading, f *file) error {
	if err := readText(ctx, r, f); err != nil {
		return err
	}
	var fields map[string]string
	var start int64
	return eachLine(ctx, f, func(line []byte, offset int64) error {
		text := strings.TrimSpace(string(line))
		name, value, found := strings.Cut(text, "=")
		switch {
		case supplicantStart.MatchString(text):
			fields, start = map[string]string{}, offset
		case text == "}" && fields["ssid"] != "":
			a := network(fields["ssid"], fields["key_mgmt"], fields["bssid"])
			a.Place = f.place().at(start, offset+int64(len(line))-start)
			fields = nil
			return r.artifact(a)
		case found && fields != nil && len(fields) < 100:
			fields[name] = clip(value, 1024)
		}
		return nil
	})
}
