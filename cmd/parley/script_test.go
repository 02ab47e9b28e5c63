package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/demo"
)

// Every file in testdata/script is one topic of the command line, told as a
// user would meet it. Beside the usual commands of such scripts there are:
//
//	at HOME USER            work in that data folder as that user from here on
//	exits CODE COMMAND…     run it; it must end with that exit code
//	refused CODE COMMAND…   so it must, with nothing on standard output and one
//	                        sentence on standard error
//	mark                    note what 'parley status' says
//	unmoved                 it must say the same now: nothing was half-applied
//	appears FILE…           wait for a file that a background process writes
//	await REGEXP COMMAND…   run it again and again until its output matches
//	json PATH VALUE         what stands in the JSON that was last printed
//	take VARIABLE PATH      set a variable to what stands there
//	line VARIABLE FILE      set a variable to the first line of a file
//	hostport VARIABLE ADDR  set a variable to the host and port of an address
//	report VARIABLE FILE    set a variable to the id of the report in a bundle
//	shape NAME              its shape is the one in testdata/shapes/NAME.txt
//	overlap SIDE            the overlap in it is the expected one, each selector
//	                        spelt as SIDE (north, south) holds it
//	alike                   its suggestions of one origin are the expected ones
//	truncate FILE BYTES     cut a file off after so many bytes
//	pack FILE               pack a file with gzip, as FILE.gz
//	scan FILE PICTURE…      read QR codes from pictures, a line each
//	valid RELEASE…          what these releases sent is valid STIX, to OASIS's
//	                        validator too, where there is one
//	warned                  the warnings in it are about those expected
//	never PATH…             what must never leave South stands in none of these
//	                        files and folders
//
// The demonstration's files are in the folder demo; genuine.json is a transcript
// recorded from a conversation that took place. Everybody opens their node with
// the same key file, as a passphrase is made dear to try: the scripts that tell
// of passphrases, and of the whole job, begin by setting them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		Setup:              setUp,
		Cmds:               scriptCommands(),
		RequireUniqueNames: true,
		UpdateScripts:      *update,
	})
}

// setUp gives a script the demonstration's files, a picture and its users' key file.
func setUp(env *testscript.Env) error {
	key := filepath.Join(env.WorkDir, "people.key")
	if err := os.WriteFile(key, []byte("the key file of everybody in a script\n"), 0o600); err != nil {
		return err
	}
	env.Setenv("PARLEY_KEY_FILE", key)
	genuine, err := os.ReadFile(filepath.Join("..", "..", "internal", "channel", "testdata", "genuine.json"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "genuine.json"), genuine, 0o600); err != nil {
		return err
	}
	var front bytes.Buffer
	if err := png.Encode(&front, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "front.png"), front.Bytes(), 0o600); err != nil {
		return err
	}
	return os.CopyFS(filepath.Join(env.WorkDir, "demo"), demo.Files())
}
