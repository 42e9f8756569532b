package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// keys are what a mapping may hold: settings, and sections that hold the rest of their keys.
type keys struct {
	all []string // dotted, in the order of the table
}

func keysOf[T any](settings []setting[T]) keys {
	var k keys
	for _, s := range settings {
		k.all = append(k.all, s.key)
		if s.secret {
			k.all = append(k.all, s.key+fileSuffix)
		}
	}
	return k
}

// below are the keys of a section.
func (k keys) below(name string) keys {
	var sub keys
	for _, key := range k.all {
		if rest, ok := strings.CutPrefix(key, name+"."); ok {
			sub.all = append(sub.all, rest)
		}
	}
	return sub
}

// first are the names that may stand in the mapping itself.
func (k keys) first() []string {
	var names []string
	for _, key := range k.all {
		name, _, _ := strings.Cut(key, ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// mapping is a YAML mapping about to be read: what may stand in it, and where that goes.
type mapping struct {
	*document
	name    string // what it is called: "sources[0].details"; empty: the file itself
	section string // what its keys have before them among the values: "details."
	keys    keys
	values  map[string]given
	special map[string]func(ast.Node) // reads keys that are no settings
}

// read takes the mapping's settings. Each key may stand in it once.
func (m mapping) read(n ast.Node) {
	pairs, ok := n.(ast.MapNode)
	if !ok {
		m.report(fault{m.where(n, m.name), "is " + nodeKind(n), "key: value"})
		return
	}
	lines := make(map[string]int)
	for p := pairs.MapRange(); p.Next(); {
		key := p.Key().GetToken()
		if line, twice := lines[key.Value]; twice {
			m.report(fault{m.where(p.Key(), m.label(key.Value)), fmt.Sprintf("is given twice, first in line %d", line), ""})
			continue
		}
		lines[key.Value] = key.Position.Line
		m.pair(p.Key(), p.Value())
	}
}

// label is what a key is called in an error.
func (m mapping) label(key string) string {
	if m.name == "" {
		return show(key)
	}
	return m.name + "." + show(key)
}

// pair takes one key and its value.
func (m mapping) pair(key ast.MapKeyNode, value ast.Node) {
	name := key.GetToken().Value
	label := m.label(name)
	sub := m.keys.below(name)
	switch read := m.special[name]; {
	case key.Type() == ast.MergeKeyType:
		m.report(fault{m.where(key, label), "is a merge, which settings do not know; write the keys out", ""})
	case read != nil:
		read(value)
	case len(sub.all) > 0:
		mapping{document: m.document, name: label, section: m.section + name + ".", keys: sub, values: m.values}.read(value)
	case slices.Contains(m.keys.all, name):
		m.values[m.section+name] = m.value(value, key, label)
	default:
		known := append(m.keys.first(), slices.Sorted(maps.Keys(m.special))...)
		m.report(fault{m.where(key, label), "is no setting", strings.Join(known, ", ")})
	}
}

// value reads a scalar or a list of scalars, with the values of variables in it. At is the node whose line an error names.
// What cannot be read is reported here.
func (f *document) value(n, at ast.Node, name string) given {
	place := f.where(at, name)
	if seq, ok := n.(*ast.SequenceNode); ok {
		list := given{place: place, list: true}
		for i, item := range seq.Values {
			list.items = append(list.items, f.value(item, item, fmt.Sprintf("%s[%d]", name, i)))
		}
		return list
	}
	raw, ok := scalarText(n)
	if !ok {
		f.report(fault{place, "is " + nodeKind(n), ""})
		return given{place: place, unreadable: true}
	}
	expanded, wrong := f.expand(raw)
	for _, w := range wrong {
		f.report(fault{place, w, ""})
	}
	return given{place: place, raw: raw, text: expanded, unreadable: len(wrong) > 0}
}

// scalarText is a scalar as it was written: 007 stays 007, whatever YAML makes of it.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	default:
		return "", false
	}
}

// nodeKind words what stands where something else should.
func nodeKind(n ast.Node) string {
	switch n.Type() {
	case ast.NullType:
		return "empty"
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	case ast.SequenceType:
		return "a list"
	case ast.AnchorType, ast.AliasType, ast.TagType:
		return "an anchor, alias or tag, which settings do not know; write the value out"
	default:
		return "a single value"
	}
}
