package run_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"simsync/internal/simulator"
)

// subscriber is one as the tables should hold it, all as text. It is worked out here
// from the simulator's words alone, so that a misreading in transform is not repeated.
type subscriber struct {
	SubscriberID, PhysicalID, Kind, ICCID, EID, IMEI, IMEISV, EUI string
	Status, ProviderStatus, Customer, CustomerName, Nickname      string
	Extra, Pairs, Contract                                        string
	// What follows makes no version of its own.
	Parent, Enabled, State, Usage string
}

// content is what makes a version.
func (s subscriber) content() subscriber {
	s.Parent, s.Enabled, s.State, s.Usage, s.CustomerName = "", "", "", "", ""
	return s
}

// truth is what a provider holds now, and all that it has held.
type truth struct {
	read func(*simulator.Simulator) census
	now  census
	ever map[string]map[subscriber]bool // contents by key
	told map[string]bool                // identifiers, which must stay out of logs
}

// census is a provider's fleet at one moment.
type census struct {
	// live holds what may stand in the tables for each key: several where the provider
	// itself holds a subscriber several times.
	live map[string][]subscriber
	// versions are those and the ones that another record of the same listing beats.
	versions map[string][]subscriber
	// records are those that a walk without faults reads, nested ones included; bad ones
	// are refused whole.
	records, bad, parts int
	// listed are the records of each listing.
	listed map[string]int
	// doubted are the identifiers that can be read of bad records: whoever has one may
	// not be called absent.
	doubted map[string]bool
}

func newCensus() census {
	return census{live: map[string][]subscriber{}, versions: map[string][]subscriber{}, listed: map[string]int{}, doubted: map[string]bool{"": false}}
}

func newTruth(read func(*simulator.Simulator) census) *truth {
	return &truth{read: read, ever: map[string]map[subscriber]bool{}, told: map[string]bool{}}
}

func (t *truth) see(sim *simulator.Simulator) {
	t.now = t.read(sim)
	for key, all := range t.now.versions {
		if t.ever[key] == nil {
			t.ever[key] = map[subscriber]bool{}
		}
		for _, s := range all {
			t.ever[key][s.content()] = true
			t.tell(s)
		}
	}
}

// tell takes down what identifies s.
func (t *truth) tell(s subscriber) {
	for _, id := range []string{s.SubscriberID, s.PhysicalID, s.ICCID, s.EID, s.IMEI, s.IMEISV, s.EUI, s.Nickname} {
		t.told[id] = true
	}
	for word := range strings.FieldsFuncSeq(s.Pairs, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(word) >= 5 { // or it might be any number
			t.told[word] = true
		}
	}
}

func (c *census) add(key string, s subscriber) {
	c.live[key] = append(c.live[key], s)
	c.versions[key] = append(c.versions[key], s)
}

// floLIVETruth is every record of every listing.
func floLIVETruth(sim *simulator.Simulator) census {
	c := newCensus()
	within := map[string]bool{} // of one listing the last record wins
	for r := range sim.FloLIVETruth() {
		c.records++
		c.listed[r.Listing]++
		if r.Bad || r.Raw != nil {
			c.bad++
			c.doubted[r.SubscriberID], c.doubted[r.ICCID] = r.SubscriberID != "", r.ICCID != ""
			continue
		}
		if r.BadReason != "" {
			c.parts++
		}
		key, s := r.SubscriberID+" "+r.ICCID, floLIVESubscriber(r)
		if within[r.Listing+key] {
			c.live[key] = nil
		}
		within[r.Listing+key] = true
		c.add(key, s)
	}
	return c
}

func floLIVESubscriber(r simulator.FloLIVESubscriber) subscriber {
	status, known := map[string]string{"ACTIVE": "active", "SUSPEND": "suspended", "INACTIVE": "inactive", "TERMINATED": "terminated"}[r.Status]
	if !known {
		status = "unknown"
	}
	return subscriber{
		SubscriberID: r.SubscriberID, ICCID: r.ICCID, Kind: "cellular", IMEI: r.IMEI, IMEISV: r.IMEISV,
		Status: status, ProviderStatus: r.Status, Customer: r.CustomerID, CustomerName: strings.ReplaceAll(r.CustomerName, "\x00", ""),
		Extra: object(r.Extra), Pairs: pairsText(r.Pairs),
	}
}

// pairsText leaves out what is no IMSI, and the marks where several are marked.
func pairsText(pairs []simulator.Pair) string {
	marked := 0
	var kept []simulator.Pair
	for _, p := range pairs {
		if strings.Trim(p.IMSI, "0123456789") != "" {
			continue
		}
		kept = append(kept, p)
		if p.IsLastActive {
			marked++
		}
	}
	var text strings.Builder
	for _, p := range kept {
		fmt.Fprintf(&text, "%s/%s/%t;", p.IMSI, p.MSISDN, p.IsLastActive && marked == 1)
	}
	return text.String()
}

// object is an object of a simulated record's extra members, as PostgreSQL writes it
// but for the spaces.
func object(members string) string {
	if members == "" {
		return ""
	}
	return "{" + members + "}"
}

// ioTXTruth is every subscriber once, at top level or nested.
func ioTXTruth(sim *simulator.Simulator) census {
	c := newCensus()
	var all []simulator.IoTXSubscriber
	readable := map[string]bool{}
	for r := range sim.IoTXTruth() {
		all = append(all, r)
		readable[r.PhysicalID] = readable[r.PhysicalID] || !r.Bad && r.Raw == nil
	}
	for _, r := range all {
		c.records++
		if r.Place == simulator.AtTopAndNested && readable[r.ParentPhysicalID] {
			c.records++
		}
		if r.Place != simulator.Nested {
			c.listed["subscribers"]++
		}
		if r.Bad || r.Raw != nil {
			c.bad++
			c.doubted[r.PhysicalID] = r.PhysicalID != "" // asked for alone, it is as bad
			continue
		}
		s := ioTXSubscriber(r)
		if !readable[s.Parent] {
			s.Parent = ""
		}
		c.add(r.PhysicalID, s)
	}
	return c
}

func ioTXSubscriber(r simulator.IoTXSubscriber) subscriber {
	s := subscriber{
		SubscriberID: r.SubscriberID, PhysicalID: r.PhysicalID, EID: r.EID, Nickname: strings.ReplaceAll(r.Nickname, "\x00", ""),
		Extra: object(r.Extra), Contract: contractText(r), Parent: r.ParentPhysicalID,
		State: fmt.Sprintf("%t/%t/%d", r.IsOnline, r.IsTransferring, r.DataUsage), Usage: strconv.FormatInt(r.DataUsage, 10),
	}
	if r.ParentPhysicalID != "" {
		s.Enabled = strconv.FormatBool(r.IsEnabledOnParent)
	}
	switch {
	case strings.HasPrefix(r.PhysicalID, "89"):
		s.Kind, s.ICCID = "cellular", r.PhysicalID
		s.Pairs = r.IMSI + "/" + r.SubscriberID + "/true;"
	case strings.HasPrefix(r.PhysicalID, "70b3d5"):
		s.Kind, s.EUI = "non_ip", r.PhysicalID
	case len(r.PhysicalID) == 15 && strings.Trim(r.PhysicalID, "0123456789") == "":
		s.Kind, s.IMEI = "satellite", r.PhysicalID
		s.Contract += " subscription " + r.SubscriberID
	default:
		s.Kind = "unknown"
	}
	ended, told := momentOf(r.TerminateDate)
	switch {
	case told && ended.Before(firstNight):
		s.Status = "terminated"
	case r.IsBarred:
		s.Status = "suspended"
	case r.IsActive:
		s.Status = "active"
	default:
		s.Status = "inactive"
	}
	return s
}

func contractText(r simulator.IoTXSubscriber) string {
	group := ""
	if r.GroupID != 0 {
		group = strconv.FormatInt(r.GroupID, 10)
	}
	return strings.Join([]string{
		r.OperatorCode, r.OperatorName, r.TariffName, strconv.FormatInt(r.LineRental, 10), momentText(r.ConnectionDate), momentText(r.ExpiryDate),
		momentText(r.TerminateDate), strconv.FormatInt(r.ContractLength, 10), strconv.FormatBool(r.IsActive), strconv.FormatBool(r.IsBarred),
		group, r.DataNumber, r.SubscriberType, r.SMDPProvider,
	}, "|")
}

func momentOf(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func momentText(text string) string {
	t, told := momentOf(text)
	if !told {
		return ""
	}
	return t.Format("2006-01-02 15:04:05")
}
