package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	out := flag.String("out", "demo/files", "the folder to write into")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "make demo files:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	files, err := build()
	if err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if err := write(filepath.Join(out, filepath.FromSlash(path)), files[path]); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the folder of %s: %w", path, err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// build makes every file of the demonstration, by its path under the output
// folder. Nothing is written unless all of them could be made.
func build() (map[string][]byte, error) {
	makers := []struct {
		path string
		make func() ([]byte, error)
	}{
		{"north/phone.zip", phone},
		{"north/watchlist.csv", northWatchList},
		{"north/claims.json", claims},
		{"north/weigh.json", weigh},
		{"north/warning.txt", warning},
		{"south/report.json", report},
		{"south/watch.csv", southWatchList},
		{"south/tearline.txt", tearline},
		{"south/leaky.txt", leaky},
		{"south/release.json", release},
		{"south/release.rules", southRules},
		{"terms.json", terms},
		{"expected.json", expected},
	}
	files := make(map[string][]byte, len(makers))
	for _, m := range makers {
		data, err := m.make()
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", m.path, err)
		}
		files[m.path] = data
	}
	return files, nil
}
