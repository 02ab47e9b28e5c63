package rules

import (
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// sizes bounds the lists and texts that an expression meets, so that its cost is known before it runs.
type sizes struct{}

func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if t := n.Type(); t != nil && t.Kind() == types.ListKind {
		return &cost.SizeEstimate{Max: maxList}
	}
	return &cost.SizeEstimate{Max: maxText}
}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil // CEL's own
}
