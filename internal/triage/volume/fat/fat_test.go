package fat_test

import (
	"io"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/fat"
	"parley/internal/triage/volume/volumetest"
)

func open(at io.ReaderAt, size int64) (volume.FileSystem, error) { return fat.Open(at, size) }

func TestFiles(t *testing.T) { volumetest.Suite(t, open, "fat12", "fat16", "fat32") }

func FuzzFiles(f *testing.F) { volumetest.Fuzz(f, open, 200000, "fat12", "fat16", "fat32") }
