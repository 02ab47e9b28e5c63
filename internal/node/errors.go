package node

import "fmt"

// Invalid says that something a person typed cannot be taken, and why.
type Invalid struct{ problem error }

func (i Invalid) Error() string { return i.problem.Error() }
func (i Invalid) Unwrap() error { return i.problem }

func invalid(format string, args ...any) error { return Invalid{fmt.Errorf(format, args...)} }

// NotYet says that another step must come first, and which.
type NotYet struct{ step string }

func (n NotYet) Error() string { return n.step }

func notYet(format string, args ...any) error { return NotYet{fmt.Sprintf(format, args...)} }
