// Package play runs the main job of Parley from beginning to end: a relay and
// two nodes in a folder, six steps on the files of package demo, and the
// figures that came of it.
//
//	story, err := play.Run(ctx, play.Options{Dir: dir, Files: demo.Files()})
//	story.Tell(os.Stdout)
//
// Every figure in the story is read from the nodes after the step. The package
// must never state one of its own: change a file, and the story changes.
package play
