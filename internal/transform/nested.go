package transform

import (
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch/iotx"
)

// maxNesting is how deep profiles within profiles are read. The schema has no end:
// related.profiles holds whole subscribers.
const maxNesting = 8

// place is where a subscriber stands in the record received.
type place struct {
	raw  jsontext.Value
	path string // draft.path
	// above are the subscribers that it is nested in, outermost first.
	above      []Identity
	receivedAt time.Time
}

// profile is the place of the i-th profile of the subscriber id, which stands at at.
func (at place) profile(i int, raw jsontext.Value, id Identity) place {
	return place{
		raw:        raw,
		path:       at.path + "related.profiles[" + strconv.Itoa(i) + "].",
		above:      append(slices.Clip(at.above), id),
		receivedAt: at.receivedAt,
	}
}

// profile adds a profile nested in a subscriber, and those nested in it.
func (b *Batch) profile(at place) {
	var v iotx.Subscriber
	switch {
	case len(at.above) > maxNesting:
		b.unreadableIoTX(at, errNestedDeep)
	case at.raw.Kind() != '{' || json.Unmarshal(at.raw, &v) != nil:
		b.unreadableIoTX(at, whyUnreadable(at.raw))
	default:
		b.iotx(&v, at)
	}
}

// related reads how a subscriber is related to others, and keeps the members without
// a column of all its levels. It returns the profiles nested in it.
func (d *draft) related(v *iotx.Subscriber, at place) (profiles []jsontext.Value) {
	var related iotx.Related
	var parent iotx.Parent
	d.objectMember("related", v.Related, FlagRelatedRejected, &related)
	d.objectMember("related.parent", related.Parent, FlagRelatedRejected, &parent)
	if given(related.Profiles) && json.Unmarshal(related.Profiles, &profiles) != nil {
		d.refuse("related.profiles", errNotList, FlagRelatedRejected)
	}
	enabled := valueMember(d, "isEnabled", v.IsEnabled, FlagIsEnabledRejected, parseBoolean)
	d.Parent = d.parentLink(&parent, enabled, at.above)

	var rest, inRelated, inParent objectText
	inParent.addAll(parent.Unknown)
	inRelated.addAll(related.Unknown)
	inRelated.addObject("parent", inParent)
	rest.addAll(v.Unknown)
	rest.addObject("related", inRelated)
	if d.Parent == nil && enabled != nil {
		rest.add("isEnabled", v.IsEnabled)
	}
	d.setExtra(rest)
	return profiles
}

// objectMember reads an optional object into the struct that to points at.
func (d *draft) objectMember(member string, v jsontext.Value, refused Flag, to any) {
	if given(v) && (v.Kind() != '{' || json.Unmarshal(v, to) != nil) {
		d.refuse(member, errNotObject, refused)
	}
}
