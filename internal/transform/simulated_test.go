package transform

import (
	"cmp"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/simulator"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// The simulated provider was written from the same pages by other eyes: what it means by
// a subscriber's details, in whatever form it sends them, is what is read.
func TestDetailsOfAFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 400, Customers: 2, BadShare: 0.1})
		c := connect(t, s)
		seen, nowhere, refused, contacts := 0, 0, 0, 0
		for truth := range s.FloLIVEDetailTruth() {
			iccid, err := ParseICCID(truth.ICCID)
			if err != nil {
				t.Fatal(err)
			}
			records, _, err := c.Details(t.Context(), truth.ICCID)
			if err != nil {
				t.Fatal(err)
			}
			got, rejects, found := ReadDetail(records, truth.SubscriberID, iccid, received, KeepContacts)
			if !found {
				t.Fatalf("subscriber %s has no details: %v", truth.SubscriberID, parts(rejects))
			}
			if (len(rejects) > 0) != (truth.BadField != "") {
				t.Errorf("rejects of %s: %v, but %q is odd", truth.SubscriberID, parts(rejects), truth.BadField)
			}
			refused += len(rejects)
			want := meant(t, &truth)
			want.Extra, want.Flags = got.Extra, got.Flags
			equalDetails(t, got, want)
			if slices.Contains(got.Flags, FlagLocationRange) != truth.OutOfRange {
				t.Errorf("%s: flags %v, out of range %v", truth.SubscriberID, got.Flags, truth.OutOfRange)
			}
			seen++
			contacts += len(got.Contacts)
			if truth.OutOfRange {
				nowhere++
			}
		}
		if seen < 300 || nowhere == 0 || refused == 0 || contacts == 0 {
			t.Errorf("%d subscribers, %d of them nowhere, %d rejects, %d contacts", seen, nowhere, refused, contacts)
		}
	})
}

// The same of the profiles of every EID, night after night.
func TestProfilesOfAFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 40, IoTX: 200})
		c := connect(t, s)
		for range 3 {
			want := map[EID][]ESIMProfile{}
			for p := range s.ProfileTruth() {
				profile := ESIMProfile{
					ProfileID: uuid.MustParse(p.ID), EID: EID(p.EID), Name: p.Name, IsActive: new(p.IsActive),
					SubscriberID: p.SubscriberID, ICCID: ICCID(p.ICCID), IMEI: IMEI(p.IMEI), IMEISV: IMEISV(p.IMEISV),
				}
				for _, pair := range p.Pairs {
					profile.Pairs = append(profile.Pairs, Pair{IMSI(pair.IMSI), MSISDN(pair.MSISDN), pair.IsLastActive})
				}
				want[profile.EID] = append(want[profile.EID], profile)
			}
			for _, eid := range s.EIDs() {
				records, _, err := c.Profiles(t.Context(), eid)
				if err != nil {
					t.Fatal(err)
				}
				got, rejects := ReadProfiles(records, EID(eid))
				for i := range got {
					got[i].Flags = nil // of the identifiers, which have tests of their own
				}
				equal(t, "profiles of an EID", got, want[EID(eid)])
				equal(t, "rejects", parts(rejects), []refusal(nil))
			}
			s.NextNight()
		}
	})
}

// connect makes a client of the simulated provider.
func connect(t *testing.T, s *simulator.Simulator) *flolive.Client {
	t.Helper()
	network := s.Network()
	c, err := flolive.New(flolive.Options{Client: fetch.Options{
		BaseURL: "http://floportal.flolive.test", Token: simulator.DefaultToken, Transport: &http.Transport{DialContext: network.DialContext},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// meant is what the simulated provider means by the details that it sends.
func meant(t *testing.T, d *simulator.FloLIVEDetail) Detail {
	t.Helper()
	good := func(member, value string) string {
		if d.BadField == member {
			return ""
		}
		return value
	}
	to := Detail{
		SubscriberID: d.SubscriberID, ICCID: ICCID(d.ICCID), FetchedAt: received,
		CustomerID: uuid.NullUUID{UUID: uuid.MustParse(d.CustomerID), Valid: true}, CustomerName: d.CustomerName, ProviderStatus: d.Status,
		Alias: d.Alias, Tags: some(d.Tags), SystemLabels: some(d.SystemLabels), UserLabels: some(d.UserLabels),
		MCC: d.MCC, MNC: d.MNC, LAC: d.LAC, CID: d.CID, LastAPN: d.APN,
		LastRATType: d.RATType, LastRATTypeLabel: d.RATTypeLabel, LastDataRATType: d.DataRATType, LastDataRATTypeLabel: d.DataRATTypeLabel,
		IsInDataSession: new(d.InDataSession), LastDataSessionAt: moment(t, d.LastDataSession),
		FirstActivatedAt: moment(t, good(simulator.DetailFirstActivated, d.FirstActivated)),
	}
	if d.Longitude != "" && !d.OutOfRange {
		to.Longitude, to.Latitude = degrees(t, d.Longitude), degrees(t, d.Latitude)
	}
	if ip := good(simulator.DetailLastIP, d.LastIP); ip != "" {
		to.LastIP = netip.MustParseAddr(ip)
	}
	for i, o := range d.Offers {
		offer := Offer{
			OfferID: uuid.MustParse(o.ID), Name: o.Name, Description: o.Description, AttachedAt: moment(t, o.Attached),
			ExpiresOn: moment(t, o.Expires), Priority: new(int32(o.Priority)),
		}
		if i > 0 || d.BadField != simulator.DetailRenewalDate {
			offer.RenewsOn = moment(t, o.Renews)
		}
		for _, id := range o.Linked {
			offer.LinkedOfferIDs = append(offer.LinkedOfferIDs, uuid.MustParse(id))
		}
		to.Offers = append(to.Offers, offer)
	}
	for _, c := range d.Contacts {
		to.Contacts = append(to.Contacts, person(t, &c))
	}
	to.CustomFields = fields(t, d.CustomFields)
	return to
}

func person(t *testing.T, c *simulator.Contact) Contact {
	t.Helper()
	to := Contact{
		ContactID: uuid.MustParse(c.ID), EmailAddress: c.Email, Type: c.Type, Role: c.Role, Salutation: c.Salutation,
		FirstName: c.FirstName, MiddleName: c.MiddleName, LastName: c.LastName, Gender: c.Gender, Birthdate: moment(t, c.Birthdate),
		LandlinePhone: c.Landline, MobilePhone: c.Mobile, AdditionalPhone: c.Additional, Remarks: c.Remarks,
	}
	for _, identity := range c.Identities {
		to.Identities = append(to.Identities, ContactIdentity{identity.Type, identity.Number})
	}
	return to
}

// moment reads a time as the simulated provider's truth has it, a date too.
func moment(t *testing.T, s string) *time.Time {
	t.Helper()
	if s == "" {
		return nil
	}
	layout := "2006-01-02 15:04:05.000000"
	at, err := time.Parse(layout[:len(s)], s)
	if err != nil {
		t.Fatal(err)
	}
	return &at
}

func degrees(t *testing.T, s string) *float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return &f
}

func fields(t *testing.T, list []simulator.CustomField) jsontext.Value {
	t.Helper()
	if len(list) == 0 {
		return nil
	}
	var wire []map[string]string
	for _, f := range list {
		wire = append(wire, map[string]string{"keyName": f.Key, "keyValue": f.Value})
	}
	text, err := json.Marshal(wire, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// some is a list, or nil where it is empty.
func some[T cmp.Ordered](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
