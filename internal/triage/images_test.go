package triage_test

import (
	"compress/bzip2"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
)

// tree is what the images in testdata/images were made from, by the tools that
// tools_test.go names and, for deletion on exFAT and NTFS, by mounting them.
//
// In each, the files many/pad1, 3, 5 and 7 were deleted, so that big.txt, written
// after that, lies in pieces where a volume fills its gaps; then docs/note2.txt was
// deleted.
func tree() map[string]string {
	files := map[string]string{
		"docs/note1.txt": "write to desk1@example.org\n",
		"docs/note2.txt": "write to desk2@example.org\n",
		"docs/note3.txt": "write to desk3@example.org\n",
		"docs/deep er/ünïcode ☂/A rather long name for a file, with dots.and.so.on.txt": "lamp@example.org\n",
		"photo.bin": strings.Repeat("\x00\x01\x02", 1000) + "hidden@example.org\x00",
		"empty":     "",
	}
	for i := range 8 {
		files[fmt.Sprintf("many/pad%d.txt", i)] = strings.Repeat(fmt.Sprintf("pad %d of eight\n", i), 30)
	}
	var big strings.Builder
	for i := range 600 {
		fmt.Fprintf(&big, "line %04d of the big file\n", i)
	}
	files["big.txt"] = big.String() + "end: shore@example.net\n"
	return files
}

func deletedInTree(name string) bool {
	return name == "docs/note2.txt" || strings.HasPrefix(name, "many/pad") && strings.ContainsAny(name, "1357")
}

// diskImage unpacks one of testdata/images into a file of its own.
func diskImage(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "images", name))
	if err == nil && strings.HasSuffix(name, ".bz2") {
		raw, err = io.ReadAll(bzip2.NewReader(strings.NewReader(string(raw))))
	}
	if err != nil {
		t.Fatal(err)
	}
	return write(t, strings.TrimSuffix(name, ".bz2"), raw)
}

// holds checks that the files of the tree are there under a prefix, byte for byte.
func (r *record) holds(t *testing.T, prefix string, files map[string]string) {
	t.Helper()
	sums := map[string][32]byte{}
	for _, f := range r.files {
		sums[strings.Join(f.Place.Chain[1:], "!/")] = f.SHA256
	}
	for name, content := range files {
		if sum, found := sums[prefix+name]; !found || sum != sha256.Sum256([]byte(content)) {
			t.Errorf("%s%s: found %t, sum %x", prefix, name, found, sum)
		}
	}
}

// problems gives the faults as "place: problem", the evidence's own name left out.
func (r *record) problems() []string {
	var lines []string
	for _, f := range r.faults {
		lines = append(lines, strings.Join(f.Place.Chain[1:], "!/")+": "+f.Problem)
	}
	return lines
}

func living() map[string]string {
	files := tree()
	maps.DeleteFunc(files, func(name, _ string) bool { return deletedInTree(name) })
	return files
}

const (
	usedAgain  = ": it was deleted and its clusters are used again: not read"
	unknown    = ": it was deleted and its blocks are unknown or used again: not read"
	packedCopy = "[@1346805+17] = email:shore@example.net" // what the driver wrote before it packed the file
)

// gone gives the faults of deleted files of which nothing is left.
func gone(problem string, names ...string) []string {
	var lines []string
	for _, name := range names {
		lines = append(lines, "$deleted/many/"+name+".txt"+problem)
	}
	return lines
}

// Every file system's files, deleted files and free bytes, found once each.
func TestFileSystems(t *testing.T) {
	pads := func(prefix string, names ...string) map[string]string {
		files := map[string]string{}
		for _, name := range names {
			original := strings.Replace(strings.Replace(name, "_ad", "pad", 1), "_ote", "note", 1)
			files[prefix+name] = tree()[original]
		}
		return files
	}
	for _, c := range []struct {
		name    string
		deleted map[string]string
		faults  []string
		raw     []string // findings in no file
	}{
		{name: "fat12", deleted: pads("$deleted/", "docs/_ote2.txt"), faults: gone(usedAgain, "_ad1", "_ad3", "_ad7", "_ad5")},
		{name: "fat16", deleted: pads("$deleted/", "docs/_ote2.txt"), faults: gone(usedAgain, "_ad1", "_ad3", "_ad7", "_ad5")},
		{name: "fat32", deleted: pads("$deleted/", "docs/_ote2.txt", "many/_ad1.txt", "many/_ad3.txt", "many/_ad5.txt", "many/_ad7.txt")},
		{name: "exfat", deleted: pads("$deleted/", "docs/note2.txt"), faults: gone(usedAgain, "pad1", "pad3", "pad5", "pad7")},
		{name: "ext2", deleted: pads("$deleted/", "docs/note2.txt"), faults: gone(unknown, "pad3", "pad5", "pad7")},
		{name: "ext3", deleted: pads("$deleted/", "docs/note2.txt"), faults: gone(unknown, "pad3", "pad5", "pad7")},
		{name: "ext4", deleted: pads("$deleted/", "docs/note2.txt"), faults: gone(unknown, "pad3", "pad5", "pad7")},
		{name: "ntfs", deleted: pads("$deleted/", "many/pad3.txt", "many/pad5.txt", "many/pad7.txt"), raw: []string{packedCopy}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := diskImage(t, c.name+".img.bz2")
			r, _ := run(t, path, us)
			r.holds(t, "", living())
			r.holds(t, "", c.deleted)
			if diff := cmp.Diff(c.faults, r.problems()); diff != "" {
				t.Error(diff)
			}
			var raw []string
			for _, f := range r.found() {
				if strings.HasPrefix(f, "[") {
					raw = append(raw, f)
				}
			}
			if diff := cmp.Diff(c.raw, raw); diff != "" {
				t.Error(diff)
			}
			checkPlaces(t, path, r, us)
			sameForAnyWorkers(t, path, r)
		})
	}
}

func sameForAnyWorkers(t *testing.T, path string, r *record) {
	t.Helper()
	for _, workers := range []int{1, 7} {
		opt := us
		opt.Workers = workers
		other, _ := run(t, path, opt)
		if diff := cmp.Diff(r.lines, other.lines); diff != "" {
			t.Errorf("with %d workers: %s", workers, diff)
		}
	}
}

// What stands between the partitions, and in one of unknown kind, is found at its
// offset in the disk.
func TestPartitions(t *testing.T) {
	for _, c := range []struct {
		name, second string
		raw          []string
	}{
		{"gpt.img.bz2", "p2/", []string{"[@19468+15] = email:gap@example.org", "[@1048880+15] = email:xfs@example.org"}},
		{"mbr.img.bz2", "p5/", []string{"[@19468+15] = email:gap@example.org"}},
	} {
		path := diskImage(t, c.name)
		r, _ := run(t, path, us)
		r.holds(t, "p1/", living())
		r.holds(t, c.second, living())
		found := r.found()
		if diff := cmp.Diff(c.raw, found[len(found)-len(c.raw):]); diff != "" {
			t.Errorf("%s: %s %v", c.name, diff, r.problems())
		}
		if strings.HasPrefix(c.name, "gpt") && !r.problem("gpt.img", "partition 3 at byte 1048576: it holds XFS") {
			t.Errorf("%v", r.problems())
		}
		checkPlaces(t, path, r, us)
		sameForAnyWorkers(t, path, r)
	}
}

// An image by ewfacquire: its disk is hashed, its hashes are compared, and the
// places go through it.
func TestEWF(t *testing.T) {
	path := diskImage(t, "disk.E01")
	r, _ := run(t, path, us)
	r.holds(t, "disk.raw!/p1/", living())
	r.holds(t, "disk.raw!/p2/", living())
	want := triage.Artifact{
		Kind: triage.KindImage, Place: triage.Place{Chain: []string{"disk.E01"}}, Name: "disk.E01", From: "N. Example", Application: "20140813",
		Text: "case 7\nitem 1\na made disk\nfor tests\n" +
			"MD5 ebf80589bd804d432db2435254653024: verified\nSHA-1 c2dd31c1b5ab9e9f073eaf1c7135efb7e8333af4: verified",
	}
	if len(r.artifacts) != 1 || r.artifacts[0].Time.Year() != 2026 {
		t.Fatalf("%v", r.artifacts)
	}
	want.Time = r.artifacts[0].Time
	if diff := cmp.Diff(want, r.artifacts[0]); diff != "" {
		t.Error(diff)
	}
	disk, _ := run(t, diskImage(t, "gpt.img.bz2"), us)
	if r.files[1].SHA256 != disk.files[0].SHA256 || len(r.findings) != len(disk.findings) {
		t.Errorf("%v is not the disk; %d findings, %d in the disk", r.files[1], len(r.findings), len(disk.findings))
	}
	checkPlaces(t, path, r, us)
	sameForAnyWorkers(t, path, r)
}

// A damaged image is read as far as it goes, and says what is damaged.
func TestDamagedEWF(t *testing.T) {
	whole, err := os.ReadFile(diskImage(t, "disk.E01"))
	if err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(whole)
	changed[2000] ^= 0x55
	for name, c := range map[string]struct {
		content []byte
		says    []string
	}{
		"changed":   {changed, []string{"of its 36 chunks are damaged", "it is damaged or was changed"}},
		"truncated": {whole[:6000], []string{"truncated or broken"}},
	} {
		r, _ := runBytes(t, "disk.E01", c.content, us)
		for _, says := range c.says {
			if !r.problem("disk.E01", says) {
				t.Errorf("%s: no fault says %q: %v", name, says, r.problems())
			}
		}
	}
}
