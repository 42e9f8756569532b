package transform

import (
	"bytes"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// personal stands in the contacts that the fuzzing adds to records.
const personal = "Perso\\u006eal Data"

// Whatever a record holds: nothing panics, the same comes of it twice, a column can
// hold what comes of it, and nothing of a contact is in a reject or among the members
// without a column.
func FuzzReadDetail(f *testing.F) {
	seed(f, "details")
	for _, s := range []string{
		`{}`, `[]`, `null`, `{"contact":1,"Contact":{},"contacts":[]}`, detailWith(`"offer":[{"id":1},[]],"tags":["\u0000",","],"customFields":[[[{}]]]`),
		detailWith(`"lastKnownLocation":{"longitude":1e999,"latitude":"-"},"a\u0000":"\u0000","lastIp":"::1%x"`),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, s := range []string{raw, withPersonal(raw)} {
			for _, contacts := range []Contacts{DropContacts, KeepContacts} {
				d, rejects, _ := ReadDetail(details(s), floLIVEID, floLIVEICCID, received, contacts)
				again, rejectsAgain, _ := ReadDetail(details(s), floLIVEID, floLIVEICCID, received, contacts)
				if !cmp.Equal(d, again, cmpopts.EquateComparable(netip.Addr{})) || !cmp.Equal(rejects, rejectsAgain) {
					t.Errorf("%q becomes two things", s)
				}
				storableDetail(t, &d)
				if contacts == DropContacts && d.Contacts != nil {
					t.Error("a contact was not dropped")
				}
			}
		}
		_, rejects, _ := ReadDetail(details(withPersonal(raw)), floLIVEID, floLIVEICCID, received, KeepContacts)
		discreet(t, rejects, personal)
		discreet(t, rejects, "Personal Data")
	})
}

// withPersonal adds contacts to a record: a good one and odd ones.
func withPersonal(raw string) string {
	members, found := strings.CutPrefix(raw, "{")
	if !found {
		return `["` + personal + `"]`
	}
	return `{"contact":[{"id":"e7fcef24-5c03-41dd-9e33-995b7d6f46e2","firstName":"` + personal + `","birthdate":"` + personal +
		`","identity":["` + personal + `"]},"` + personal + `"],"ContactS":"` + personal + `",` + members
}

func storableDetail(t *testing.T, d *Detail) {
	t.Helper()
	texts := slices.Concat([]string{
		d.CustomerName, d.ProviderStatus, d.Alias, d.MCC, d.MNC, d.LAC, d.CID, d.LastAPN,
		d.LastRATType, d.LastRATTypeLabel, d.LastDataRATType, d.LastDataRATTypeLabel,
	}, d.Tags, d.SystemLabels, d.UserLabels)
	for _, o := range d.Offers {
		texts = append(texts, o.Name, o.Description)
	}
	for _, text := range texts {
		if !storableText(text) {
			t.Errorf("no column holds %q", text)
		}
	}
	for _, degrees := range []*float64{d.Longitude, d.Latitude} {
		if degrees != nil && !(math.Abs(*degrees) <= maxLongitude) {
			t.Errorf("a coordinate of %v", *degrees)
		}
	}
	if d.Extra != nil && (d.Extra.Kind() != '{' || !d.Extra.IsValid() || level(t, d.Extra) > deepest || bytes.Contains(d.Extra, []byte("Personal Data"))) {
		t.Errorf("extra is %s", d.Extra)
	}
	if d.CustomFields != nil && (!d.CustomFields.IsValid() || level(t, d.CustomFields) > deepest) {
		t.Errorf("custom fields are %s", d.CustomFields)
	}
	if !slices.IsSorted(d.Flags) || len(slices.Compact(slices.Clone(d.Flags))) != len(d.Flags) || d.LastIP.Zone() != "" {
		t.Errorf("flags %v, address %v", d.Flags, d.LastIP)
	}
}

// Every record of a profile becomes a profile or a whole reject, save one that is given
// twice.
func FuzzReadProfiles(f *testing.F) {
	seed(f, "profiles")
	for _, s := range []string{
		`{}`, `7`, `{"id":"` + profileID + `","subscriberIdentifiers":{"imsiMsisdnPairs":[{"imsi":1e5},{}],"subscriberId":"\u0000"},"name":"\u0000"}`,
	} {
		f.Add(s)
	}
	good := example[flolive.Profile](f, "profiles")
	f.Fuzz(func(t *testing.T, raw string) {
		records := append(profiles(raw), good...)
		got, rejects := ReadProfiles(records, exampleEID)
		again, rejectsAgain := ReadProfiles(records, exampleEID)
		if !cmp.Equal(got, again) || !cmp.Equal(rejects, rejectsAgain) {
			t.Errorf("%q becomes two things", raw)
		}
		checkProfiles(t, records, got, rejects)
	})
}

func checkProfiles(t *testing.T, records []fetch.Record[flolive.Profile], got []ESIMProfile, rejects []Reject) {
	t.Helper()
	whole := 0
	for _, r := range rejects {
		if r.Whole {
			whole++
		}
		if r.Reason == "" || !storableText(r.Subject) || len(r.Subject) > longestName {
			t.Errorf("reject %+v", r)
		}
	}
	ids := map[string]bool{}
	for _, p := range got {
		ids[p.ProfileID.String()] = true
		if !iccidColumn.MatchString(string(p.ICCID)) || !imeiColumn.MatchString(string(p.IMEI)) || !imeisvColumn.MatchString(string(p.IMEISV)) ||
			!storableText(p.Name) || !storableText(p.SubscriberID) || !slices.IsSorted(p.Flags) {
			t.Errorf("no column holds %+v", p)
		}
	}
	if len(ids) != len(got) || len(got)+whole > len(records) || whole+len(got) < len(records)-1 {
		t.Errorf("%d records became %d profiles, %d of them different, and %d whole rejects", len(records), len(got), len(ids), whole)
	}
}
