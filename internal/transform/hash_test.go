package transform

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
)

// apart are the fields of a row that make no version: its hash, and what has a way of
// its own. Identity is what the hash is kept by.
var apart = map[string]bool{
	"Identity": true, "Content": true, "Top": true,
	"Parent": true, "Observation": true, "CustomerName": true,
}

// TestHashReadsEveryField changes each field of a row, of a pair and of a contract in
// turn: a field that is added and not hashed fails here.
func TestHashReadsEveryField(t *testing.T) {
	full := func() *Row {
		r := &Row{Pairs: []Pair{{}}, Contract: new(Contract)}
		return r
	}
	for i := range reflect.TypeFor[Row]().NumField() {
		r := full()
		name := reflect.TypeFor[Row]().Field(i).Name
		disturb(t, name, reflect.ValueOf(r).Elem().Field(i))
		if changed := hashOf(r) != hashOf(full()); changed == apart[name] {
			t.Errorf("Row.%s: hash changed: %v", name, changed)
		}
	}
	for i := range reflect.TypeFor[Pair]().NumField() {
		r := full()
		name := reflect.TypeFor[Pair]().Field(i).Name
		disturb(t, name, reflect.ValueOf(&r.Pairs[0]).Elem().Field(i))
		if hashOf(r) == hashOf(full()) {
			t.Errorf("Pair.%s is not hashed", name)
		}
	}
	for i := range reflect.TypeFor[Contract]().NumField() {
		r := full()
		name := reflect.TypeFor[Contract]().Field(i).Name
		disturb(t, name, reflect.ValueOf(r.Contract).Elem().Field(i))
		if hashOf(r) == hashOf(full()) {
			t.Errorf("Contract.%s is not hashed", name)
		}
	}
}

// disturb gives a zero field another value.
func disturb(t *testing.T, name string, field reflect.Value) {
	t.Helper()
	switch field.Interface().(type) {
	case uuid.NullUUID:
		field.Set(reflect.ValueOf(uuid.NullUUID{Valid: true}))
		return
	case time.Time:
		field.Set(reflect.ValueOf(received))
		return
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString("x")
	case reflect.Bool:
		field.SetBool(!field.Bool())
	case reflect.Uint64:
		field.SetUint(1)
	case reflect.Pointer:
		if field.IsNil() {
			field.Set(reflect.New(field.Type().Elem()))
		} else {
			field.SetZero()
		}
	case reflect.Slice:
		field.Set(reflect.MakeSlice(field.Type(), field.Len()+1, field.Len()+1))
	case reflect.Array:
		field.Index(0).SetUint(1)
	default:
		t.Fatalf("%s is of a type that this test does not know how to change", name)
	}
}

func hashOf(r *Row) ContentHash {
	c := *r
	new(Batch).hash(&c)
	return c.Content
}

// TestHashTellsApart: values that look alike side by side are hashed apart.
func TestHashTellsApart(t *testing.T) {
	yes, no, zero, one := true, false, int64(0), int64(1)
	epoch, later, elsewhere := time.Unix(0, 0).UTC(), time.Unix(0, 1000).UTC(), time.Unix(0, 0).In(time.FixedZone("", 3600))
	seen := map[ContentHash]string{}
	for name, r := range map[string]*Row{
		"empty":                {},
		"ICCID":                {ICCID: "89"},
		"EID":                  {EID: "89"},
		"border between texts": {SubscriberID: "a", PhysicalID: "b"},
		"border moved":         {SubscriberID: "ab"},
		"border moved back":    {PhysicalID: "ab"},
		"nil UUID":             {CustomerID: uuid.NullUUID{Valid: true}},
		"two flags":            {Flags: []Flag{"a", "b"}},
		"one flag":             {Flags: []Flag{"ab"}},
		"two pairs":            {Pairs: []Pair{{IMSI: "1"}, {IMSI: "2"}}},
		"pairs the other way":  {Pairs: []Pair{{IMSI: "2"}, {IMSI: "1"}}},
		"active":               {Pairs: []Pair{{IMSI: "1", IsLastActive: true}, {IMSI: "2"}}},
		"contract of nulls":    {Contract: &Contract{}},
		"zero":                 {Contract: &Contract{LineRentalMinor: &zero}},
		"one":                  {Contract: &Contract{LineRentalMinor: &one}},
		"group zero":           {Contract: &Contract{GroupID: &zero}},
		"is active":            {Contract: &Contract{IsActive: &yes}},
		"is not active":        {Contract: &Contract{IsActive: &no}},
		"is barred":            {Contract: &Contract{IsBarred: &yes}},
		"epoch":                {Contract: &Contract{ConnectedAt: &epoch}},
		"a microsecond later":  {Contract: &Contract{ConnectedAt: &later}},
		"expires at the epoch": {Contract: &Contract{ExpiresAt: &epoch}},
	} {
		hash := hashOf(r)
		if other, taken := seen[hash]; taken {
			t.Errorf("%s and %s are hashed alike", name, other)
		}
		seen[hash] = name
	}
	a, b := &Row{Contract: &Contract{ConnectedAt: &epoch}}, &Row{Contract: &Contract{ConnectedAt: &elsewhere}}
	if hashOf(a) != hashOf(b) {
		t.Error("the zone that a time is told in changes the hash")
	}
}
