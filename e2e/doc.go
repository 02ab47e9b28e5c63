// Package e2e holds tests that run the program as people do: real processes,
// real folders, real kills.
//
// A world is a relay, North and South in a folder of their own, each a process
// that can be killed at any moment and started again. The job is the
// demonstration's, step by step on the command line. The tests kill processes
// while it runs, alter what a relay hands out and fill disks, and hold the
// result to that of a run in which nothing happened.
//
// It holds no code of the program and must never need any: what a test asserts,
// a user can see with the same commands.
//
// The points at which processes are killed follow from a seed, which is
// printed. To run one again:
//
//	PARLEY_SEED=17 go test ./e2e -run TestCrashes -v
//
// PARLEY_RUNS sets how many seeds are tried, and PARLEY_TRIES how often each of
// the commands is given that are killed one by one. With -short there are fewer
// points. A test that needs a disk of its own mounts one, and is skipped where
// it may not.
package e2e
