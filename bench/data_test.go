package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// generated is how many objects are made where no published data is named.
var generated = flag.Int("objects", 3000, "how many generated objects are posted and read")

// envelopeSize is how many objects are posted at once, 500 as in others' measurements.
var envelopeSize = flag.Int("envelope", 500, "how many objects are posted at once")

// dataFrom names a folder of STIX files, such as enterprise-attack of MITRE's cti repository.
const dataFrom = "PARLEY_BENCH_STIX"

// objects gives the objects to post: published ones where a folder of them is named, else generated.
func objects(t testing.TB) (name string, all [][]byte) {
	t.Helper()
	dir := os.Getenv(dataFrom)
	if dir == "" {
		for i := range *generated {
			all = append(all, generate(i))
		}
		return "generated", all
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		some, err := published(path)
		all = append(all, some...)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%s=%s: %d objects, %v", dataFrom, dir, len(all), err)
	}
	return filepath.Base(dir), all
}

// published reads the objects of a bundle, each as it stands there but for spaces.
// servers ask for.
func published(path string) (all [][]byte, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var bundle struct {
		Objects []map[string]json.RawMessage `json:"objects"`
	}
	if err := json.Unmarshal(text, &bundle); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, o := range bundle.Objects {
		object, err := json.Marshal(o)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err))
		}
		all = append(all, object)
	}
	return all, nil
}

// generate writes the n-th of many objects like a feed's: some 1.2 KiB, random ids, four types, words that
// differ.
func generate(n int) []byte {
	typ := []string{"indicator", "relationship", "malware", "note"}[n%4]
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"type":%q,"spec_version":"2.1","id":"%s--%s","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:%02d:%02d.%03dZ",`,
		typ, typ, generatedUUID(n), n/60000%60, n/1000%60, n%1000)
	switch typ {
	case "indicator":
		fmt.Fprintf(&b, `"pattern":"[domain-name:value = 'host%d.example']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z",`, n)
	case "relationship":
		fmt.Fprintf(&b, `"relationship_type":"indicates","source_ref":"indicator--%s","target_ref":"malware--%s",`, generatedUUID(n-1), generatedUUID(n+1))
	case "malware":
		b.WriteString(`"is_family":false,`)
	case "note":
		fmt.Fprintf(&b, `"content":"note %d","object_refs":["malware--%s"],`, n, generatedUUID(n-1))
	}
	fmt.Fprintf(&b, `"x_words":"`)
	for i := range 12 {
		fmt.Fprintf(&b, "%s was written of by analyst %d, ", generatedUUID(n*31+i), (n+i)%97)
	}
	b.WriteString(`","labels":["malicious-activity","anomalous-activity"]}`)
	return b.Bytes()
}

// generatedUUID is a UUID of version 4 that looks random.
func generatedUUID(n int) string {
	x := uint64(n+1) * 0x9e3779b97f4a7c15
	x ^= x >> 31
	x *= 0xbf58476d1ce4e5b9
	y := (x ^ x>>27) * 0x94d049bb133111eb
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", x>>32, x>>16&0xffff, x&0xfff, y>>52, y&0xffffffffffff)
}

// envelopes puts objects into envelopes.
func envelopes(all [][]byte) (posts [][]byte) {
	for len(all) > 0 {
		some := all[:min(len(all), *envelopeSize)]
		all = all[len(some):]
		posts = append(posts, fmt.Appendf(nil, `{"objects":[%s]}`, bytes.Join(some, []byte(","))))
	}
	return posts
}
