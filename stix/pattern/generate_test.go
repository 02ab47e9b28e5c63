package pattern_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"parley/stix/pattern"
)

// Patterns made at random, for property tests.

func anyPattern() *rapid.Generator[*pattern.Pattern] {
	return rapid.Custom(func(t *rapid.T) *pattern.Pattern {
		return &pattern.Pattern{Root: anyObservations(3).Draw(t, "root")}
	})
}

func anyObservations(depth int) *rapid.Generator[pattern.ObservationExpression] {
	return rapid.Custom(func(t *rapid.T) pattern.ObservationExpression {
		switch rapid.IntRange(0, 5).Draw(t, "shape") {
		case 0, 1:
			if depth > 0 {
				return &pattern.Compound{
					Operator: rapid.SampledFrom([]pattern.Operator{pattern.And, pattern.Or, pattern.FollowedBy}).Draw(t, "operator"),
					Operands: rapid.SliceOfN(anyObservations(depth-1), 2, 3).Draw(t, "operands"),
				}
			}
		case 2:
			if depth > 0 {
				return qualified(t, anyObservations(depth-1).Draw(t, "operand"))
			}
		}
		return &pattern.Single{Test: anyComparisons(3).Draw(t, "test")}
	})
}

// qualified puts one qualifier behind a compound, or several of different kinds.
func qualified(t *rapid.T, operand pattern.ObservationExpression) pattern.ObservationExpression {
	all := rapid.Permutation([]pattern.Qualifier{
		pattern.Within{Seconds: rapid.SampledFrom([]float64{0.001, 1, 2.5, 1e6, 1e21}).Draw(t, "seconds")},
		pattern.Repeats{Times: rapid.IntRange(1, 1000).Draw(t, "times")},
		pattern.StartStop{Start: anyTimestamp().Draw(t, "start"), Stop: anyTimestamp().Draw(t, "stop")},
	}).Draw(t, "order")
	return &pattern.Qualified{Operand: operand, Qualifiers: all[:rapid.IntRange(1, 3).Draw(t, "qualifiers")]}
}

func anyComparisons(depth int) *rapid.Generator[pattern.ComparisonExpression] {
	return rapid.Custom(func(t *rapid.T) pattern.ComparisonExpression {
		if depth > 0 && rapid.IntRange(0, 2).Draw(t, "shape") == 0 {
			return &pattern.Composite{
				Operator: rapid.SampledFrom([]pattern.Operator{pattern.And, pattern.Or}).Draw(t, "operator"),
				Operands: rapid.SliceOfN(anyComparisons(depth-1), 2, 3).Draw(t, "operands"),
			}
		}
		return anyComparison().Draw(t, "comparison")
	})
}

func anyComparison() *rapid.Generator[*pattern.Comparison] {
	return rapid.Custom(func(t *rapid.T) *pattern.Comparison {
		c := &pattern.Comparison{
			Path:     anyPath().Draw(t, "path"),
			Negated:  rapid.Bool().Draw(t, "negated"),
			Operator: pattern.Comparator(rapid.IntRange(int(pattern.Equal), int(pattern.Exists)).Draw(t, "operator")),
		}
		switch c.Operator {
		case pattern.Exists:
		case pattern.In:
			c.Constants = rapid.SliceOfN(anyConstant(), 0, 3).Draw(t, "constants")
		case pattern.Like, pattern.Matches, pattern.IsSubset, pattern.IsSuperset:
			c.Constants = []pattern.Constant{pattern.String(rapid.String().Draw(t, "text"))}
		case pattern.Equal, pattern.NotEqual:
			c.Constants = []pattern.Constant{anyConstant().Draw(t, "constant")}
		default:
			c.Constants = []pattern.Constant{anyConstant().Filter(func(c pattern.Constant) bool {
				_, boolean := c.(pattern.Boolean)
				return !boolean
			}).Draw(t, "constant")}
		}
		return c
	})
}

func anyPath() *rapid.Generator[pattern.Path] {
	name := rapid.OneOf(rapid.SampledFrom([]string{"value", "hashes", "SHA-256", "src_ref", "contains_refs", "a.b", "IN", "true", "it's", `\`, "t", "0x"}),
		rapid.StringN(1, 5, -1))
	step := rapid.Custom(func(t *rapid.T) pattern.Step {
		switch rapid.IntRange(0, 3).Draw(t, "step") {
		case 0:
			return pattern.Step{Index: pattern.AnyIndex}
		case 1:
			return pattern.Step{Index: rapid.IntRange(-2, 3).Draw(t, "index")}
		}
		return pattern.Step{Key: name.Draw(t, "key")}
	})
	return rapid.Custom(func(t *rapid.T) pattern.Path {
		return pattern.Path{
			Type:  rapid.SampledFrom([]string{"file", "ipv4-addr", "x_a", "h", "b", "t"}).Draw(t, "type"),
			Steps: append([]pattern.Step{{Key: name.Draw(t, "first")}}, rapid.SliceOfN(step, 0, 3).Draw(t, "steps")...),
		}
	})
}

func anyConstant() *rapid.Generator[pattern.Constant] {
	return rapid.Custom(func(t *rapid.T) pattern.Constant {
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return pattern.String(rapid.String().Draw(t, "string"))
		case 1:
			return pattern.Integer(rapid.Int64().Draw(t, "integer"))
		case 2:
			return pattern.Float(rapid.Float64().Draw(t, "float"))
		case 3:
			return pattern.Boolean(rapid.Bool().Draw(t, "boolean"))
		case 4:
			return pattern.Hex(rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "hex"))
		case 5:
			return pattern.Binary(rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "binary"))
		}
		return anyTimestamp().Draw(t, "timestamp")
	})
}

func anyTimestamp() *rapid.Generator[pattern.Timestamp] {
	return rapid.Custom(func(t *rapid.T) pattern.Timestamp {
		at := time.Unix(rapid.Int64Range(-62_167_219_200, 253_402_300_799).Draw(t, "at"), 0).UTC()
		text := at.Format("2006-01-02T15:04:05")
		if digits := rapid.IntRange(0, 12).Draw(t, "digits"); digits > 0 {
			text += fmt.Sprintf(".%0*d", digits, rapid.IntRange(0, 9).Draw(t, "fraction"))
		}
		return pattern.Timestamp(text + "Z")
	})
}
