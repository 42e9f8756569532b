package load_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"simsync/internal/transform"
)

// sim is floLIVE's subscriber i as a record makes it, but for the edits: active, with
// two pairs.
func sim(i int, edits ...func(*transform.Row)) transform.Row {
	return edited(transform.Row{
		SubscriberID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), ICCID: transform.ICCID(fmt.Sprintf("8944%015d", i)),
		Kind: transform.KindCellular, Status: transform.StatusActive, ProviderStatus: "ACTIVE", Top: true,
		Pairs: []transform.Pair{
			{IMSI: transform.IMSI(fmt.Sprintf("2340%011d", i)), MSISDN: transform.MSISDN(fmt.Sprintf("4477%08d", i)), IsLastActive: true},
			{IMSI: transform.IMSI(fmt.Sprintf("9012%011d", i))},
		},
	}, edits)
}

// thing is IoT-X's cellular subscriber i, but for the edits.
func thing(i int, edits ...func(*transform.Row)) transform.Row {
	physicalID := fmt.Sprintf("8901%015d", i)
	connected := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	return edited(transform.Row{
		PhysicalID: physicalID, ICCID: transform.ICCID(physicalID), SubscriberID: fmt.Sprintf("4478%08d", i),
		Kind: transform.KindCellular, Status: transform.StatusActive, Top: true,
		Pairs:    []transform.Pair{{IMSI: transform.IMSI(fmt.Sprintf("2341%011d", i)), IsLastActive: true}},
		Contract: &transform.Contract{OperatorCode: "op", TariffName: "small", ConnectedAt: &connected, IsActive: new(true)},
	}, edits)
}

func edited(r transform.Row, edits []func(*transform.Row)) transform.Row {
	for _, edit := range edits {
		edit(&r)
	}
	r.Identity = transform.FloLIVEIdentity(r.SubscriberID, r.ICCID)
	if r.PhysicalID != "" {
		r.Identity = transform.PhysicalIdentity(r.PhysicalID)
	}
	r.Content = content(r)
	return r
}

func status(s transform.Status) func(*transform.Row) {
	return func(r *transform.Row) { r.Status = s }
}

func nickname(name string) func(*transform.Row) {
	return func(r *transform.Row) { r.Nickname = name }
}

func pairs(pairs ...transform.Pair) func(*transform.Row) {
	return func(r *transform.Row) { r.Pairs = pairs }
}

func tariff(name string) func(*transform.Row) {
	return func(r *transform.Row) {
		c := *r.Contract
		c.TariffName = name
		r.Contract = &c
	}
}

func customer(id uuid.UUID, name string) func(*transform.Row) {
	return func(r *transform.Row) {
		r.CustomerID, r.CustomerName = uuid.NullUUID{UUID: id, Valid: true}, name
	}
}

// nested makes the row one that came inside its parent's record alone.
func nested(parent transform.Row) func(*transform.Row) {
	return func(r *transform.Row) {
		r.Top = false
		r.Parent = &transform.ParentLink{Parent: parent.Identity, Nested: true}
	}
}

// childOf makes the row one that names its parent itself.
func childOf(parent transform.Row, enabled bool) func(*transform.Row) {
	return func(r *transform.Row) {
		r.Parent = &transform.ParentLink{Parent: parent.Identity, Enabled: &enabled}
	}
}

// observed gives the row an observation: that many bytes used, at that time.
func observed(bytes int64, at time.Time) func(*transform.Row) {
	return func(r *transform.Row) {
		r.Observation = &transform.Observation{IsOnline: new(true), DataUsageBytes: &bytes, ObservedAt: at}
	}
}

// fleetOf are the subscribers first to last, as make makes each.
func fleetOf(first, last int, make func(int, ...func(*transform.Row)) transform.Row) []transform.Row {
	var rows []transform.Row
	for i := first; i <= last; i++ {
		rows = append(rows, make(i))
	}
	return rows
}
