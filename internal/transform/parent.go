package transform

import (
	"slices"

	"simsync/internal/fetch/iotx"
)

// parentLink is the link to the parent that a subscriber names, else to the one that
// it is nested in; nil where there is neither. enabled is what the subscriber says of
// itself; what it says of itself on its parent goes before.
func (d *draft) parentLink(named *iotx.Parent, enabled *bool, above []Identity) *ParentLink {
	id := d.textMember("related.parent.physicalId", named.PhysicalID, FlagRelatedRejected, (*draft).name)
	if len(id) > longestName {
		d.refuse("related.parent.physicalId", errNameLong, FlagRelatedRejected)
		id = ""
	}
	if id == "" {
		return d.placeLink(enabled, above)
	}
	on := valueMember(d, "related.parent.isEnabledOnParent", named.IsEnabledOnParent, FlagIsEnabledRejected, parseBoolean)
	if on == nil {
		on = enabled
	}
	link := &ParentLink{Parent: PhysicalIdentity(id), Enabled: on}
	if link.Parent == d.Identity {
		d.flag(FlagParentSelf)
		return nil
	}
	return link
}

// placeLink is the link to the subscriber that this one is nested in, unless it is
// nested in itself.
func (d *draft) placeLink(enabled *bool, above []Identity) *ParentLink {
	if len(above) == 0 {
		return nil
	}
	if slices.Contains(above, d.Identity) {
		d.flag(FlagParentSelf)
		return nil
	}
	return &ParentLink{Parent: above[len(above)-1], Enabled: enabled, Nested: true}
}

// cutCircles takes the parent from each row of a record that would be its own
// ancestor by it. A circle through several records is not seen here.
func cutCircles(rows []Row) {
	if len(rows) < 2 {
		return
	}
	first := make(map[Identity]int, len(rows))
	for i, row := range slices.Backward(rows) {
		first[row.Identity] = i
	}
	parent := func(i int) (int, bool) {
		if rows[i].Parent == nil {
			return 0, false
		}
		p, found := first[rows[i].Parent.Parent]
		return p, found
	}
	// Every row has one parent at most, so a walk upwards that meets its own trace has
	// found a circle, and one that meets another's has not.
	trace := make([]int, len(rows))
	for start := range rows {
		i, up := start, true
		for up && trace[i] == 0 {
			trace[i] = start + 1
			i, up = parent(i)
		}
		for up && trace[i] == start+1 && rows[i].Parent != nil {
			next, _ := parent(i)
			rows[i].Parent = nil
			rows[i].Flags = append(rows[i].Flags, FlagParentSelf)
			i = next
		}
	}
}
