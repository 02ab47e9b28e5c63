package list

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Mapping says which columns of a list hold what, by their names or numbers.
type Mapping []Mapped

// Mapped is what one column holds.
type Mapped struct {
	Role   Role
	Column string
}

// ParseMapping reads "value=Indicator,kind=2": a role, which is value, kind, note,
// recipient, imminent or a kind of selector, and the name or number of a column.
func ParseMapping(parts []string) (Mapping, error) {
	var m Mapping
	carries := false
	for _, part := range parts {
		name, column, found := strings.Cut(part, "=")
		role := Role(strings.TrimSpace(name))
		column = strings.TrimSpace(column)
		if !found || column == "" {
			return nil, fmt.Errorf("%.80q says of no column what it holds: write value=NAME", part)
		}
		if !role.isRole() {
			return nil, fmt.Errorf("no column can hold %.40q: there are value, kind, note, recipient, imminent, %s", name, kinds())
		}
		carries = carries || role.holdsSelectors()
		m = append(m, Mapped{role, column})
	}
	if len(m) > 0 && !carries {
		return nil, fmt.Errorf("no column is said to hold selectors: add value=NAME, or one of %s", kinds())
	}
	return m, nil
}

// number is a column's number where it is named by one.
func (m Mapped) number() (int, bool) {
	n, err := strconv.Atoi(m.Column)
	return n, err == nil
}

// mapped takes the layout that a person described.
func (l look) mapped(m Mapping) (Layout, error) {
	byNumber := !slices.ContainsFunc(m, func(one Mapped) bool { _, is := one.number(); return !is })
	if len(l.records) > 0 && (!byNumber || l.headless(m)) {
		l.named()
	}
	for _, one := range m {
		i, err := l.column(one)
		if err != nil {
			return l.Layout, err
		}
		if l.Columns[i].Role != "" {
			return l.Layout, fmt.Errorf("column %s is said to be two things, %s and %s", one.Column, l.Columns[i].Role, one.Role)
		}
		l.Columns[i].Role = one.Role
	}
	return l.Layout, l.unclear()
}

// headless tells whether the first record holds no selector where there should be
// one, and nothing that was meant for one: then it is a header.
func (l look) headless(m Mapping) bool {
	for _, one := range m {
		n, _ := one.number()
		if !one.Role.holdsSelectors() || n < 1 || n > len(l.records[0]) {
			continue
		}
		if cell := l.records[0][n-1]; one.Role == "telegram" && roleNamed(cell) == "" || maybeSelector(cell) {
			return false
		}
	}
	return true
}

// column finds the column that is meant.
func (l look) column(one Mapped) (int, error) {
	if n, is := one.number(); is {
		if n < 1 || n > len(l.Columns) {
			return 0, fmt.Errorf("there is no column %d: there are %d", n, len(l.Columns))
		}
		return n - 1, nil
	}
	i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == one.Column })
	if i < 0 {
		i = slices.IndexFunc(l.Columns, func(c Column) bool { return simple(c.Name) == simple(one.Column) && c.Name != "" })
	}
	if i < 0 {
		var names []string
		for _, c := range l.Columns {
			names = append(names, strconv.Quote(c.Name))
		}
		return 0, fmt.Errorf("no column is called %.80q: there are %.400s", one.Column, strings.Join(names, ", "))
	}
	return i, nil
}
