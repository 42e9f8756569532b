package load_test

import (
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/transform"
)

// enrichedFleet is a fleet on which one enrichment after another works.
type enrichedFleet struct {
	*fleet
	open *load.Session // the last one's
}

func newEnrichedFleet(t *testing.T) *enrichedFleet {
	t.Helper()
	return &enrichedFleet{fleet: newFleet(t)}
}

// release ends the last enrichment: its source is free again.
func (f *enrichedFleet) release() {
	if f.open != nil {
		f.open.Close()
	}
	f.open = nil
}

func (f *enrichedFleet) sync(day int, source string, rows ...transform.Row) {
	f.Helper()
	f.release()
	f.fleet.sync(day, source, rows...)
}

// enriching is an enrichment of a run of its own, at noon of a day in November.
type enriching struct {
	*load.Enrichment
	fleet *enrichedFleet
	id    load.RunID
	day   int
}

// noon is when the questions of a day are asked.
func noon(day int) time.Time { return time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC) }

// enrich begins one; the one before is over.
func (f *enrichedFleet) enrich(day int, contacts transform.Contacts) *enriching {
	f.Helper()
	f.release()
	n := f.night(day, "flolive")
	f.open = n.session
	into, err := n.session.Enrich(f.Context(), n.promotion.ID, contacts)
	if err != nil {
		f.Fatal(err)
	}
	return &enriching{Enrichment: into, fleet: f, id: n.promotion.ID, day: day}
}

// due queues the details of a week ago and earlier, and reads the whole queue in pages
// of two: an ICCID's last digit and the keys behind it, a request each.
func (e *enriching) due(most int) []string {
	e.fleet.Helper()
	n, err := e.QueueDetails(e.fleet.Context(), noon(e.day).AddDate(0, 0, -7), most)
	if err != nil {
		e.fleet.Fatal(err)
	}
	var all []string
	var last int64
	for {
		page, err := e.DueDetails(e.fleet.Context(), last, 2)
		if err != nil {
			e.fleet.Fatal(err)
		}
		for _, d := range page {
			text := string(d.ICCID[len(d.ICCID)-1:])
			for _, id := range d.SubscriberIDs {
				text += " " + strings.TrimLeft(id[24:], "0")
			}
			all, last = append(all, text), d.Place
		}
		if len(page) == 0 {
			break
		}
	}
	if int(n) != len(all) {
		e.fleet.Errorf("%d queued, %d read", n, len(all))
	}
	return all
}

// key is the key of the subscriber whose subscriberId ends so.
func (f *enrichedFleet) key(i int) int64 {
	f.Helper()
	var key int64
	if err := f.conn.QueryRow(f.Context(), `SELECT subscriber_key FROM fleet.subscriber WHERE subscriber_id = $1`, fmt.Sprintf("00000000-0000-4000-8000-%012d", i)).Scan(&key); err != nil {
		f.Fatal(err)
	}
	return key
}

// answer saves what came of asking for one subscriber.
func (e *enriching) answer(i int, outcome load.RequestOutcome, edits ...func(*transform.Detail)) {
	e.fleet.Helper()
	a := load.DetailAnswer{Key: e.fleet.key(i), AskedAt: noon(e.day), Outcome: outcome}
	if outcome == load.RequestFound {
		a.Detail = transform.Detail{FetchedAt: noon(e.day)}
		for _, edit := range edits {
			edit(&a.Detail)
		}
	}
	e.save(a)
}

func (e *enriching) save(answers ...load.DetailAnswer) load.Enriched {
	e.fleet.Helper()
	done, err := e.SaveDetails(e.fleet.Context(), answers)
	if err != nil {
		e.fleet.Fatal(err)
	}
	return done
}

func (e *enriching) saveProfiles(answers ...load.ProfileAnswer) load.Enriched {
	e.fleet.Helper()
	for i := range answers {
		answers[i].AskedAt = noon(e.day)
	}
	done, err := e.SaveProfiles(e.fleet.Context(), answers)
	if err != nil {
		e.fleet.Fatal(err)
	}
	return done
}

// offers gives a detail offers of these names; the same name is the same offer.
func offers(names ...string) func(*transform.Detail) {
	return func(d *transform.Detail) {
		d.Offers = nil
		for _, name := range names {
			d.Offers = append(d.Offers, transform.Offer{
				OfferID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)), Name: name, AttachedAt: new(at(1, 1)), RenewsOn: new(at(2, 0)),
				ExpiresOn: new(at(3, 0)), Priority: new(int32(100)), LinkedOfferIDs: []uuid.UUID{customerA, customerB},
			})
		}
	}
}

// people gives a detail contacts of these names.
func people(names ...string) func(*transform.Detail) {
	return func(d *transform.Detail) {
		d.Contacts = nil
		for _, name := range names {
			d.Contacts = append(d.Contacts, transform.Contact{
				ContactID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)), FirstName: name, EmailAddress: name + "@example.org", Birthdate: new(at(2, 0)),
				Identities: []transform.ContactIdentity{{IDType: "PASSPORT", IDNumber: "P" + name}, {IDType: "NATIONAL_ID", IDNumber: "N" + name}},
			})
		}
	}
}

// whole is a detail that has everything.
func whole(d *transform.Detail) {
	offers("roaming", "data")(d)
	d.Alias, d.Tags, d.SystemLabels, d.UserLabels = "Camera1", []string{"a", "b"}, []string{"LPWA"}, []string{`with "quotes"`, "ü"}
	d.Longitude, d.Latitude, d.MCC, d.MNC, d.LAC, d.CID = new(-0.5), new(70.25), "001", "02", "16", "2224"
	d.LastRATType, d.LastRATTypeLabel, d.LastDataRATType, d.LastDataRATTypeLabel, d.LastAPN = "GSM", "3G (UTRAN 1)", "6", "4G", "flolive.net"
	d.IsInDataSession, d.LastDataSessionAt, d.FirstActivatedAt, d.LastIP = new(false), new(at(1, 9)), new(at(1, 8)), netip.MustParseAddr("10.84.8.208")
	d.CustomFields, d.Extra, d.Flags = []byte(`[{"keyName":"k","keyValue":"v"}]`), []byte(`{"more":1}`), []transform.Flag{transform.FlagNULRemoved}
}

// eid is number i.
func eid(i int) transform.EID {
	return transform.EID(fmt.Sprintf("8903302342340000000000000000%04d", i))
}

func eids(numbers ...int) iter.Seq2[transform.EID, error] {
	return func(yield func(transform.EID, error) bool) {
		for _, i := range numbers {
			if !yield(eid(i), nil) {
				return
			}
		}
	}
}

// profile is a profile of a name on EID i, with a pair each of imsis.
func profile(i int, name string, imsis ...string) transform.ESIMProfile {
	p := transform.ESIMProfile{
		ProfileID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)), EID: eid(i), Name: name, IsActive: new(true), ICCID: "8944000000000000001",
	}
	for _, imsi := range imsis {
		p.Pairs = append(p.Pairs, transform.Pair{IMSI: transform.IMSI(imsi)})
	}
	return p
}

// written is where every row of the fleet stands and who wrote it. Unlike physical it
// passes over locks: a row that points at a subscriber locks it for a moment.
func (f *enrichedFleet) written() []string {
	f.Helper()
	var all []string
	for _, table := range tables {
		all = append(all, f.lines(`SELECT '`+table+`', ctid::text, xmin::text FROM fleet.`+table+` ORDER BY ctid`)...)
	}
	return all
}

func sorted(lines []string) []string {
	return slices.Sorted(slices.Values(lines))
}
