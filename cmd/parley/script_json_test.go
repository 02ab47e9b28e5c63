package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// printed is the JSON that was last printed: one value and nothing else.
func printed(ts *testscript.TestScript) any {
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &v); err != nil {
		ts.Fatalf("not JSON: %v:\n%s", err, ts.ReadFile("stdout"))
	}
	return v
}

// find walks a path such as "counterparts.0.open"; "len" is how many there are.
func find(v any, path string) (any, error) {
	for _, step := range strings.Split(path, ".") {
		switch held := v.(type) {
		case map[string]any:
			next, there := held[step]
			if !there {
				return nil, fmt.Errorf("%s: no %q among %q", path, step, slices.Sorted(maps.Keys(held)))
			}
			v = next
		case []any:
			if step == "len" {
				v = float64(len(held))
				continue
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(held) {
				return nil, fmt.Errorf("%s: no %q in a list of %d", path, step, len(held))
			}
			v = held[i]
		default:
			return nil, fmt.Errorf("%s: %q is in no object or list", path, step)
		}
	}
	return v, nil
}

// words writes a value as a script does: texts without quotes, the rest as JSON.
func words(v any) string {
	if s, is := v.(string); is {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func jsonIs(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "json PATH VALUE")
	v, err := find(printed(ts), args[0])
	ts.Check(err)
	if got := words(v); got != args[1] {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

func take(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "take VARIABLE PATH")
	v, err := find(printed(ts), args[1])
	ts.Check(err)
	ts.Setenv(args[0], words(v))
}

func shape(ts *testscript.TestScript, args []string) {
	want(ts, args, 1, "shape NAME")
	golden := filepath.Join("testdata", "shapes", args[0]+".txt")
	got := shapeOf(printed(ts))
	if *update {
		ts.Check(os.WriteFile(golden, []byte(got), 0o644))
		return
	}
	wanted, err := os.ReadFile(golden)
	ts.Check(err)
	if got != string(wanted) {
		ts.Fatalf("the shape of --json is not that of %s (run with -update when that is meant): got\n%s", golden, got)
	}
}

// shapeOf lists every path of a JSON value with its type. Elements of a list
// are taken together. The ledger's details have a form for each action.
func shapeOf(v any) string {
	types := map[string]bool{}
	walk(types, ".", v)
	return strings.Join(slices.Sorted(maps.Keys(types)), "\n") + "\n"
}

func walk(types map[string]bool, path string, v any) {
	switch held := v.(type) {
	case map[string]any:
		if strings.HasSuffix(path, ".detail") {
			types[path+" object"] = true
			return
		}
		for name, value := range held {
			walk(types, strings.TrimSuffix(path, ".")+"."+name, value)
		}
	case []any:
		if len(held) == 0 {
			types[path+"[] nothing"] = true
		}
		for _, value := range held {
			walk(types, path+"[]", value)
		}
	case string:
		types[path+" text"] = true
	case float64:
		types[path+" number"] = true
	case bool:
		types[path+" yes or no"] = true
	case nil:
		types[path+" null"] = true
	}
}
