package triage_test

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"
)

// at finds bytes in an image that must be there once or more, and gives the first.
func at(t *testing.T, raw []byte, what string) int {
	t.Helper()
	i := bytes.Index(raw, []byte(what))
	if i < 0 {
		t.Fatalf("%q is not in the image", what)
	}
	return i
}

func wide(text string) string {
	return string(utf16Of(text, binary.LittleEndian)[2:])
}

// ntfsRecord finds the record of a file by its name, and where its name and its
// data are; data is 0 for a folder.
func ntfsRecord(t *testing.T, raw []byte, want string) (record, name, data int) {
	t.Helper()
	little := binary.LittleEndian
	for record = 0; record < len(raw); record += 512 {
		if string(raw[record:record+4]) != "FILE" || little.Uint16(raw[record+22:])&1 == 0 {
			continue
		}
		name, data = 0, 0
		length := 0
		for at := record + int(little.Uint16(raw[record+20:])); little.Uint32(raw[at:]) < 0x100; at += length {
			if length = int(little.Uint32(raw[at+4:])); length == 0 {
				break
			}
			switch little.Uint32(raw[at:]) {
			case 0x30:
				if value := at + 24; bytes.HasPrefix(raw[value+66:], []byte(wide(want))) && int(raw[value+64]) == len(want) {
					name = value
				}
			case 0x80:
				data = at
			}
		}
		if name > 0 {
			return record, name, data
		}
	}
	t.Fatalf("no record of %s", want)
	return 0, 0, 0
}

// Images that an enemy has worked on: each costs what was changed, is said in a
// line, and the rest of the volume is read, as is what lies beside it.
func TestHostileImages(t *testing.T) {
	little := binary.LittleEndian
	for _, c := range []struct {
		name, image string
		change      func(raw []byte)
		place, says string
		lost        []string // of the tree
		none        bool     // nothing of the tree can be read
	}{
		{"a chain of clusters in a ring", "fat12.img.bz2", func(raw []byte) {
			first := int(little.Uint16(raw[at(t, raw, "BIG     TXT")+26:]))
			entry := raw[512+first*3/2:]
			if first%2 == 0 {
				entry[0], entry[1] = byte(first), entry[1]&0xf0|byte(first>>8)
			} else {
				entry[0], entry[1] = entry[0]&0xf|byte(first<<4), byte(first>>4)
			}
		}, "!/big.txt", "", []string{"big.txt"}, false},
		{"a chain out of the volume", "fat16.img.bz2", func(raw []byte) {
			first := int(little.Uint16(raw[at(t, raw, "BIG     TXT")+26:]))
			little.PutUint16(raw[int(little.Uint16(raw[14:]))*512+2*first:], 0xff00)
		}, "!/big.txt", "leads out of the volume", []string{"big.txt"}, false},
		{"a folder in a folder that is the same", "fat32.img.bz2", func(raw []byte) {
			docs, many := at(t, raw, "DOCS       "), at(t, raw, "MANY       ")
			copy(raw[many+26:many+28], raw[docs+26:docs+28])
		}, "!/many", "stands elsewhere as well", []string{"many/pad0.txt", "many/pad2.txt", "many/pad4.txt", "many/pad6.txt"}, false},
		{"a size of 4 GiB", "fat12.img.bz2", func(raw []byte) {
			little.PutUint32(raw[at(t, raw, "PHOTO   BIN")+28:], 1<<32-1)
		}, "!/photo.bin", "it claims 4294967295 bytes", []string{"photo.bin"}, false},
		{"an extent tree in a ring", "ext4.img.bz2", func(raw []byte) {
			node := raw[1142*1024:]
			little.PutUint16(node[6:], 1)
			little.PutUint32(node[12+4:], 1142)
		}, "!/big.txt", "its extent tree is broken", []string{"big.txt"}, false},
		{"an extent out of the volume", "ext4.img.bz2", func(raw []byte) {
			little.PutUint32(raw[1142*1024+12+8:], 1<<31)
		}, "!/big.txt", "lead out of the volume", []string{"big.txt"}, false},
		{"a folder in itself", "ext2.img.bz2", func(raw []byte) {
			entry := at(t, raw, "\x04\x02many") - 6
			little.PutUint32(raw[entry:], 2)
		}, "!/many", `another name of "."`, []string{"many/pad0.txt", "many/pad2.txt", "many/pad4.txt", "many/pad6.txt"}, false},
		{"a runlist out of the volume", "ntfs.img.bz2", func(raw []byte) {
			_, _, data := ntfsRecord(t, raw, "photo.bin")
			runs := data + int(little.Uint16(raw[data+32:]))
			raw[runs+2], raw[runs+3] = 0xff, 0x7f
		}, "!/photo.bin", "lead out of the volume", []string{"photo.bin"}, false},
		{"a folder that is its own parent", "ntfs.img.bz2", func(raw []byte) {
			record, name, _ := ntfsRecord(t, raw, "many")
			copy(raw[name:name+4], raw[record+44:record+48]) // its own number
		}, "", "", []string{"many/pad0.txt", "many/pad2.txt", "many/pad4.txt", "many/pad6.txt"}, false},
		{"a torn record", "ntfs.img.bz2", func(raw []byte) {
			record, _, _ := ntfsRecord(t, raw, "photo.bin")
			raw[record+510] ^= 1
		}, "$record-71", "is torn", []string{"photo.bin"}, false},
		{"a table of 4,294,967,295 partitions", "gpt.img.bz2", func(raw []byte) {
			header := raw[512 : 512+92]
			little.PutUint32(header[80:], 1<<32-1)
			clear(header[16:20])
			little.PutUint32(header[16:], crc32.ChecksumIEEE(header))
		}, "", "claims 4294967295 entries", nil, false},
		{"logical partitions in a ring", "mbr.img.bz2", func(raw []byte) {
			copy(raw[897*512:], raw[896*512:897*512])
			for _, sector := range []int{896, 897} {
				second := raw[sector*512+446+16:]
				second[4] = 5
				little.PutUint32(second[8:], 1)
				little.PutUint32(second[12:], 100)
			}
		}, "", "runs in a ring", nil, false},
		{"sections of an image in a ring", "disk.E01", func(raw []byte) {
			section := at(t, raw, "sectors\x00")
			little.PutUint64(raw[section+16:], 13)
			little.PutUint32(raw[section+72:], adler32.Checksum(raw[section:section+72]))
		}, ".E01", "points back", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, err := os.ReadFile(diskImage(t, c.image))
			if err != nil {
				t.Fatal(err)
			}
			c.change(raw)
			name := strings.TrimSuffix(c.image, ".bz2")
			path := write(t, "e.zip", zipOf(t, entry{name: name, content: string(raw)}, entry{name: "note.txt", content: note}))
			r, _ := run(t, path, us)
			if c.says != "" && !r.problem(c.place, c.says) {
				t.Errorf("no fault says %q: %v", c.says, r.problems())
			}
			prefix := name + "!/"
			if strings.HasPrefix(c.image, "gpt") || strings.HasPrefix(c.image, "mbr") {
				prefix += "p1/"
			}
			if !c.none {
				files := living()
				for _, lost := range c.lost {
					delete(files, lost)
				}
				r.holds(t, prefix, files)
			}
			if found := r.found(); !slices.Contains(found, "note.txt [@9+16] = email:desk@example.org") {
				t.Errorf("what lies beside it is lost: %v", found)
			}
			checkPlaces(t, path, r, us)
		})
	}
}

// A volume whose files claim far more than it has is read within the limits: here
// a file of 16 TiB that is one hole.
func TestSparseFile(t *testing.T) {
	raw, err := os.ReadFile(diskImage(t, "ext4.img.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	photo := bytes.Index(raw, []byte("hidden@example.org")) // find the inode by its size
	if photo < 0 {
		t.Fatal("no photo.bin")
	}
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(tree()["photo.bin"])))
	for i := 0; ; i += 128 {
		if i >= len(raw) {
			t.Fatal("no inode of photo.bin")
		}
		if bytes.Equal(raw[i+4:i+8], size) && raw[i+1]&0xf0 == 0x80 {
			binary.LittleEndian.PutUint32(raw[i+0x6c:], 4096) // 2^44 bytes
			break
		}
	}
	r, _ := runBytes(t, "e.img", raw, us)
	if !r.problem("!/photo.bin", "a bomb, or raise the limit") {
		t.Errorf("%v", r.problems())
	}
	files := living()
	delete(files, "photo.bin")
	r.holds(t, "", files)
}
