package rules

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Bounds on an expression.
const (
	maxExpression = 4000   // characters
	maxNesting    = 32     // levels
	maxCost       = 20_000 // in CEL's units: about a look at a field or a comparison each
	maxText       = 4096   // bytes of a text that an expression may meet
)

// language is CEL with the names that rules know, and no function that reaches outside.
type language struct {
	env *cel.Env
}

// compiled is a rule that can be asked.
type compiled struct {
	Rule
	program  cel.Program
	source   string
	walks    bool     // goes through a list
	by       []string // its name, as a decision has it
	reason   string   // as a decision gives it
	reads    map[string]bool
	assurers []string // the undertakings that the expression asks for
}

func newLanguage() (*language, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	all := kinds()
	options := []cel.EnvOption{
		cel.CustomTypeProvider(&provider{Registry: registry, kinds: all}),
		cel.ParserExpressionSizeLimit(maxExpression),
		cel.ParserRecursionLimit(maxNesting),
		cel.EnableMacroCallTracking(), // so that it can be written again
		cel.Variable("now", cel.TimestampType),
		cel.Function("assured", cel.MemberOverload("counterpart_assured",
			[]*cel.Type{types.NewObjectType("counterpart"), cel.StringType}, cel.BoolType,
			cel.BinaryBinding(func(who, what ref.Val) ref.Val {
				f, known := who.Value().(*facts)
				undertaking, is := what.(types.String)
				return types.Bool(known && is && f.assured(string(undertaking)))
			}))),
	}
	for _, name := range []string{"object", "marking", "counterpart", "purpose"} {
		options = append(options, cel.Variable(name, types.NewObjectType(name)))
	}
	env, err := cel.NewEnv(options...)
	return &language{env}, err
}

// compile reads an expression. What is wrong with it is told by its place in the file.
func (l *language) compile(e entry) (*compiled, error) {
	checked, issues := l.env.Compile(source(e))
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, e.at(first.Location.Line(), first.Location.Column()).fault("%s", firstLine(first.Message))
	}
	if checked.OutputType() != cel.BoolType {
		return nil, e.at(1, 0).fault("a when is true or false, and this is %s", checked.OutputType())
	}
	cost, err := l.env.EstimateCost(checked, sizes{})
	if err != nil {
		return nil, e.at(1, 0).fault("its cost cannot be told: %v", err)
	}
	if cost.Max > maxCost {
		return nil, e.at(1, 0).fault("it may cost %d steps and %d are the most: look through fewer lists inside each other", cost.Max, maxCost)
	}
	c := &compiled{source: source(e), walks: walks(checked), reads: reads(checked)}
	if c.program, err = l.program(checked, c.walks); err != nil {
		return nil, e.at(1, 0).fault("%s", firstLine(err.Error()))
	}
	if c.meant, err = cel.AstToString(checked); err != nil {
		return nil, e.at(1, 0).fault("it cannot be written in one form: %v", err)
	}
	if c.assurers, err = undertakings(checked); err != nil {
		return nil, e.at(1, 0).fault("%v", err)
	}
	return c, nil
}

// program makes an expression ready. What goes through lists is held to its cost as it runs, too.
func (l *language) program(checked *cel.Ast, walks bool) (cel.Program, error) {
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if walks {
		options = append(options, cel.CostLimit(maxCost))
	}
	return l.env.Program(checked, options...)
}

// any asks at once whether one of several rules holds. Where it cannot be worked out, they are to be asked
// one by one.
func (l *language) any(all []*compiled) (cel.Program, error) {
	var (
		sources []string
		walks   bool
	)
	for _, c := range all {
		sources, walks = append(sources, "("+c.source+"\n)"), walks || c.walks
	}
	if len(sources) == 0 {
		return nil, nil
	}
	env, err := l.env.Extend(cel.ParserExpressionSizeLimit(-1), cel.ParserRecursionLimit(-1)) // each was held to them
	if err != nil {
		return nil, err
	}
	checked, issues := env.Compile(strings.Join(sources, " || "))
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	return l.program(checked, walks)
}

// source is the text of an expression, line by line as in the file.
func source(e entry) string {
	var text strings.Builder
	for i, l := range e.lines {
		if i > 0 {
			text.WriteString(strings.Repeat("\n", l.line-e.lines[i-1].line))
		}
		text.WriteString(l.text)
	}
	return text.String()
}

// at is the place in the file of a line (from 1) and column (from 0) of the expression.
func (e entry) at(line, column int) place {
	p := e.lines[0].place
	for _, l := range e.lines {
		if l.line-e.lines[0].line <= line-1 {
			p = l.place
		}
	}
	p.column += max(column, 0)
	return p
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}

// walks tells whether an expression goes through a list, which is the only loop there is.
func walks(a *cel.Ast) bool {
	return len(ast.MatchDescendants(ast.NavigateAST(a.NativeRep()), ast.KindMatcher(ast.ComprehensionKind))) > 0
}

// undertakings lists what assurances an expression asks for. They are written out in it, so that a refusal
// can name the one that is missing.
func undertakings(a *cel.Ast) ([]string, error) {
	found := map[string]bool{}
	for _, call := range ast.MatchDescendants(ast.NavigateAST(a.NativeRep()), ast.FunctionMatcher("assured")) {
		arg := call.AsCall().Args()[0]
		name, is := types.String(""), false
		if arg.Kind() == ast.LiteralKind {
			name, is = arg.AsLiteral().(types.String)
		}
		if !is || !IsName(string(name)) {
			return nil, errors.New(`assured asks for an undertaking by its name, such as assured("treatment")`)
		}
		found[string(name)] = true
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// provider tells the checker which fields there are, and gets them.
type provider struct {
	*types.Registry
	kinds map[string]map[string]field
}

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if _, ours := p.kinds[name]; ours {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return nil, false // no protocol buffers: an expression makes no values with fields
}

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	fields, ours := p.kinds[name]
	return slices.Sorted(maps.Keys(fields)), ours
}

func (p *provider) FindStructFieldType(name, of string) (*types.FieldType, bool) {
	f, has := p.kinds[name][of]
	if !has {
		return nil, false
	}
	return &types.FieldType{
		Type:  f.typ,
		IsSet: func(any) bool { return true },
		GetFrom: func(from any) (any, error) {
			about, is := from.(*facts)
			if !is {
				return nil, fmt.Errorf("there is no %s in a %T", of, from)
			}
			return f.get(about), nil
		},
	}, true
}

func (p *provider) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("no %s can be made in a rule", name)
}
