package triage_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tool runs a program made by others in a folder, or skips where it is absent.
func tool(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	for _, place := range []string{"/sbin", "/usr/sbin"} { // not everybody's PATH has these
		if err != nil {
			path, err = exec.LookPath(filepath.Join(place, name))
		}
	}
	if err != nil {
		t.Skipf("%s is not here: install it to compare with what it makes", name)
	}
	command := exec.Command(path, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "MTOOLS_SKIP_CHECK=1", "LC_ALL=C.UTF-8")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// plant writes the tree into a folder.
func plant(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range tree() {
		path := filepath.Join(folder, "tree", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func zeros(t *testing.T, folder, name string, size int64) {
	t.Helper()
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
}

// whole reads evidence that holds the whole tree, and nothing that could not be read.
func whole(t *testing.T, path, prefix string) *record {
	t.Helper()
	r, _ := run(t, path, us)
	r.holds(t, prefix, tree())
	if len(r.faults) > 0 || len(r.findings) != 6 {
		t.Errorf("%s: %v %v", filepath.Base(path), r.problems(), r.found())
	}
	checkPlaces(t, path, r, us)
	return r
}

func TestVolumesMadeByTools(t *testing.T) {
	for bits, kib := range map[string]string{"12": "720", "16": "9000", "32": "40000"} {
		t.Run("mkfs.vfat "+bits, func(t *testing.T) {
			folder := plant(t)
			tool(t, folder, "mkfs.vfat", "-F", bits, "-C", "e.img", kib)
			tool(t, folder, "mcopy", "-s", "-i", "e.img", "tree/docs", "tree/many", "tree/photo.bin", "tree/empty", "tree/big.txt", "::/")
			whole(t, filepath.Join(folder, "e.img"), "")
		})
	}
	for _, args := range []string{
		"-t ext2", "-t ext3", "-t ext4", "-t ext4 -b 4096", "-t ext4 -O inline_data -I 256", "-t ext4 -O ^64bit,^flex_bg", "-t ext4 -O meta_bg,^resize_inode -g 256 -N 128", "-t ext2 -I 128 -r 0",
	} {
		t.Run("mke2fs "+args, func(t *testing.T) {
			folder := plant(t)
			tool(t, folder, "mke2fs", append(strings.Fields("-q "+args+" -d tree"), "e.img", "6M")...)
			whole(t, filepath.Join(folder, "e.img"), "")
		})
	}
	t.Run("mkntfs", func(t *testing.T) {
		folder := plant(t)
		zeros(t, folder, "e.img", 4<<20)
		tool(t, folder, "mkntfs", "-q", "-F", "-f", "-s", "512", "-p", "0", "-H", "0", "-S", "0", "e.img")
		flat := map[string]string{}
		for name, content := range tree() {
			flat[filepath.Base(name)] = content
			tool(t, folder, "ntfscp", "-q", "e.img", "tree/"+name, filepath.Base(name))
		}
		r, _ := run(t, filepath.Join(folder, "e.img"), us)
		r.holds(t, "", flat)
		if len(r.faults) > 0 || len(r.findings) != 6 {
			t.Errorf("%v %v", r.problems(), r.found())
		}
	})
}

// A deleted file whose blocks are free is read, as sleuthkit's tools would.
func TestDeletedByTools(t *testing.T) {
	folder := plant(t)
	tool(t, folder, "mke2fs", "-q", "-t", "ext2", "-d", "tree", "e.img", "4M")
	tool(t, folder, "debugfs", "-w", "-R", "rm /big.txt", "e.img")
	r, _ := run(t, filepath.Join(folder, "e.img"), us)
	r.holds(t, "$deleted/", map[string]string{"big.txt": tree()["big.txt"]})
}

// The free and slack bytes are those that sleuthkit's blkls gives: what it finds
// in no file, so do we.
func TestFreeBytes(t *testing.T) {
	folder := plant(t)
	tool(t, folder, "mkfs.vfat", "-F", "16", "-C", "e.img", "9000")
	tool(t, folder, "mcopy", "-i", "e.img", "tree/big.txt", "::/")
	path := filepath.Join(folder, "e.img")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(raw[len(raw)/2:], "free: free@example.org ")       // in a free cluster
	slack := strings.Index(string(raw), "end: shore@") + 23 // behind the end of big.txt
	copy(raw[slack:], "slack@example.org ")                 // in the same cluster
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	free := tool(t, folder, "blkls", "e.img")
	if !strings.Contains(free, "free@example.org") {
		t.Error("blkls does not call those bytes free")
	}
	r, _ := run(t, path, us)
	for _, want := range []string{
		fmt.Sprintf("[@%d+16] = email:free@example.org", len(raw)/2+6),
		fmt.Sprintf("[@%d+17] = email:slack@example.org", slack),
	} {
		if !strings.Contains(strings.Join(r.found(), "\n"), want) {
			t.Errorf("%s not found: %v", want, r.found())
		}
	}
	checkPlaces(t, path, r, us)
}

func TestImagesMadeByTools(t *testing.T) {
	for _, c := range []struct{ format, packing string }{
		{"encase6", "deflate:best"}, {"encase6", "deflate:none"}, {"encase2", "deflate:fast"}, {"ftk", "deflate:empty-block"}, {"linen7", "deflate:best"},
	} {
		t.Run(c.format+" "+c.packing, func(t *testing.T) {
			folder := plant(t)
			tool(t, folder, "mke2fs", "-q", "-t", "ext4", "-d", "tree", "e.img", "4M")
			if err := os.Mkdir(filepath.Join(folder, "segments"), 0o700); err != nil {
				t.Fatal(err)
			}
			tool(t, folder, "ewfacquire", "-u", "-q", "-t", "segments/e", "-f", c.format, "-c", c.packing, "-S", "1MiB", "-d", "sha1", "e.img")
			r := whole(t, filepath.Join(folder, "segments"), "e.E01!/e.raw!/")
			if len(r.artifacts) != 1 || !strings.Contains(r.artifacts[0].Text, ": verified") {
				t.Errorf("%+v", r.artifacts)
			}
		})
	}
}

// The first segment alone says that others are missing, and is read.
func TestSegmentAlone(t *testing.T) {
	folder := plant(t)
	tool(t, folder, "mke2fs", "-q", "-t", "ext2", "-d", "tree", "e.img", "4M")
	tool(t, folder, "ewfacquire", "-u", "-q", "-t", "e", "-c", "deflate:none", "-S", "1MiB", "e.img")
	r, _ := run(t, filepath.Join(folder, "e.E01"), us)
	if !r.problem("e.E01", "does not end with segment 1") || !r.problem("e.E01", "not all of its 128 chunks are in it") {
		t.Errorf("%v", r.problems())
	}
}

func TestPartitionsMadeByTools(t *testing.T) {
	for name, script := range map[string]string{
		"gpt": "label: gpt\nfirst-lba: 34\nsize=1MiB\nsize=5MiB\n",
		"dos": "label: dos\nstart=2048,size=2048,type=83\nstart=4096,size=14336,type=5\nstart=6144,size=10240,type=83\n",
	} {
		t.Run(name, func(t *testing.T) {
			folder := plant(t)
			zeros(t, folder, "e.img", 10<<20)
			if err := os.WriteFile(filepath.Join(folder, "script"), []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			tool(t, folder, "sfdisk", "--version") // skips where it is absent
			tool(t, folder, "sh", "-c", "PATH=$PATH:/sbin:/usr/sbin; sfdisk -q e.img < script")
			table := tool(t, folder, "sfdisk", "-d", "e.img")
			last := strings.Split(strings.TrimSpace(table), "\n")
			var device string
			var start int64
			if _, err := fmt.Sscanf(strings.ReplaceAll(last[len(last)-1], ",", " "), "%s : start= %d", &device, &start); err != nil {
				t.Fatalf("%v in %q", err, last[len(last)-1])
			}
			tool(t, folder, "mke2fs", "-q", "-t", "ext2", "-d", "tree", "part.img", "4M")
			tool(t, folder, "dd", "if=part.img", "of=e.img", "bs=512", fmt.Sprintf("seek=%d", start), "conv=notrunc")
			r, _ := run(t, filepath.Join(folder, "e.img"), us)
			r.holds(t, "p"+device[len(device)-1:]+"/", tree())
		})
	}
}

func TestArchivesMadeByTools(t *testing.T) {
	for _, c := range []struct{ archive, inner, command string }{
		{"e.7z", "", "7z a -bd -mx=9 ../e.7z ."},
		{"e.7z", "", "7z a -bd -ms=off -m0=LZMA2:d=64k ../e.7z ."},
		{"e.7z", "", "7z a -bd -m0=Deflate -mhc=off ../e.7z ."},
		{"e.7z", "", "7z a -bd -m0=BZip2 ../e.7z ."},
		{"e.7z", "", "7z a -bd -m0=Copy ../e.7z ."},
		{"e.7z", "", "7z a -bd -m0=Delta:4 -m1=LZMA ../e.7z ."},
		{"e.7z", "", "7z a -bd -m0=BCJ -m1=LZMA2 ../e.7z ."},
		{"e.zip", "", "7z a -bd -tzip ../e.zip ."},
		{"e.zip", "", "7z a -bd -tzip -mm=BZip2 ../e.zip ."},
		{"e.zip", "", "7z a -bd -tzip -mm=LZMA ../e.zip ."},
		{"e.zip", "", "zip -qr - . | cat > ../e.zip"}, // sizes follow the data
		{"e.tar", "", "tar cf ../e.tar *"},
		{"e.tar.xz", "e.tar!/", "tar cf - * | xz -9 > ../e.tar.xz"},
		{"e.tar.xz", "e.tar!/", "tar cf - * | xz -0 --check=crc32 --block-size=4096 > ../e.tar.xz; xz --check=sha256 < /dev/null >> ../e.tar.xz"},
		{"e.tar.zst", "e.tar!/", "tar cf - * | zstd -q -19 > ../e.tar.zst"},
		{"e.tbz2", "e.tar!/", "tar cf - * | bzip2 > ../e.tbz2"},
		{"e.tgz", "e.tar!/", "tar cf - * | gzip > ../e.tgz"},
	} {
		t.Run(c.command, func(t *testing.T) {
			folder := plant(t)
			for _, word := range []string{"7z", "zip", "tar", "xz", "zstd", "bzip2", "gzip"} {
				if strings.Contains(c.command, word+" ") {
					if _, err := exec.LookPath(word); err != nil {
						t.Skipf("%s is not here: install it to compare with what it makes", word)
					}
				}
			}
			tool(t, filepath.Join(folder, "tree"), "sh", "-c", c.command)
			whole(t, filepath.Join(folder, c.archive), c.inner)
		})
	}
}
