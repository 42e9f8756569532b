package simulator

import (
	"hash/fnv"
	"slices"
	"strconv"
	"time"
)

// detailMaker makes up the details of a record: a pure function of the seed, the record's key and the night. What the network
// reports changes every night; what people entered changes with the subscriber's season, about a week.
type detailMaker struct {
	dice     dice
	night    int
	still    bool
	badShare float64
}

const season = 7 // nights

func (s *Simulator) detailMaker() detailMaker {
	o := s.options
	return detailMaker{dice: s.dice, night: s.night, still: o.Churn.Still, badShare: o.BadShare}
}

// detailDraft is one record being made.
type detailDraft struct {
	*FloLIVEDetail

	maker detailMaker
	id    uint64 // hash of the record's key
	turn  int    // seasons so far
}

// all makes the details of what was found. Nothing says which of several comes first, so no order is kept.
func (m detailMaker) all(found []foundFloLIVE) []FloLIVEDetail {
	list := make([]FloLIVEDetail, 0, len(found))
	for _, f := range found {
		list = append(list, m.detail(f.FloLIVESubscriber, f.customer))
	}
	if m.dice.roll(keyOf(found[0].FloLIVESubscriber), traitDetailForm)>>40%2 == 0 {
		slices.Reverse(list)
	}
	return list
}

// keyOf hashes what makes a record one: subscriberId and iccid.
func keyOf(r FloLIVESubscriber) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.SubscriberID + " " + r.ICCID)) // a hash takes everything
	return h.Sum64()
}

// detail makes the details of a record that is attached to a customer.
func (m detailMaker) detail(r FloLIVESubscriber, c customer) FloLIVEDetail {
	r.Pairs = slices.Clone(r.Pairs)
	if r.CustomerID == "" {
		r.CustomerID, r.CustomerName = c.id, c.name
	}
	d := FloLIVEDetail{FloLIVESubscriber: r}
	draft := detailDraft{FloLIVEDetail: &d, maker: m, id: keyOf(r)}
	if !m.still {
		draft.turn = (m.night + int(draft.id%season)) / season
	}
	draft.shape()
	draft.describe(r.CustomerID != r.Listing)
	draft.locate()
	draft.connect()
	draft.useData()
	draft.sell()
	draft.meet()
	draft.spoilField()
	return d
}

func (d detailDraft) roll(t trait) uint64 { return d.maker.dice.roll(d.id, t) }

func (d detailDraft) tonight(t trait) uint64 { return d.maker.dice.rollNight(d.id, t, d.maker.night) }

// inSeason is a throw that changes with the season.
func (d detailDraft) inSeason(t trait) uint64 { return d.maker.dice.rollNight(d.id, t, d.turn) }

// shape picks the ways of writing: each by a bit or a few of one throw.
func (d detailDraft) shape() {
	roll := d.roll(traitDetailForm)
	d.Missing = Missing(roll % 3)
	d.Form = DetailForm{
		AliasWord: roll>>8%3 == 0, LabelsAsText: roll>>12%4 == 0, RATAsNumber: roll>>16%2 == 0, DashedDates: roll>>20%4 == 0,
		NoLinksArray: roll>>24%2 == 0, ContactsAsArray: roll>>28%3 == 0,
	}
	d.Extra = ""
	if d.id%extraEvery == 0 {
		d.Extra = `"simFormFactor":{"name":"MFF2","removable":false}`
	}
}

// describe fills in what people entered. The alias of a sub-customer's subscriber is kept from its parent.
func (d detailDraft) describe(ofSubCustomer bool) {
	roll := d.inSeason(traitLabels)
	tags := [...]string{"cold-chain", "pilot", "Größe L", "north"}
	system := [...]string{"LPWA", "4FF", "MFF2"}
	user := [...]string{"user label 1", "user label 2", `"quoted" label`, "étiquette"}
	d.Tags = some(tags[:], roll)
	d.SystemLabels = some(system[:], roll>>8)
	d.UserLabels = some(user[:], roll>>16)
	if alias := d.inSeason(traitAlias); !ofSubCustomer && alias%4 != 0 {
		names := [...]string{"Camera", "Caméra", "Pump", "温度計"}
		d.Alias = names[alias>>8%4] + strconv.FormatUint(alias>>16%1000, 10)
	}
	if custom := d.inSeason(traitCustom); custom%3 != 0 {
		for n := range 1 + custom>>8%3 {
			d.CustomFields = append(d.CustomFields, CustomField{
				Key: "custom-property" + strconv.FormatUint(n+1, 10), Value: [...]string{"custom-value", "", "depôt 7"}[custom>>(16+8*n)%3],
			})
		}
	}
}

// some picks words by the bits of a throw: none as often as any other choice.
func some(words []string, roll uint64) []string {
	var list []string
	for i, word := range words {
		if roll>>i&1 == 1 {
			list = append(list, word)
		}
	}
	return list
}

// locate places the SIM, in hundredths of a degree, now and then where there is no such place: the page's example has 230.
func (d detailDraft) locate() {
	roll := d.tonight(traitLocation)
	if roll%9 == 0 {
		return
	}
	longitude, latitude := int(roll>>8%36001)-18000, int(roll>>32%18001)-9000
	switch roll % 41 {
	case 1:
		longitude, d.OutOfRange = 23000, true
	case 2:
		latitude, d.OutOfRange = -9125, true
	}
	d.Longitude, d.Latitude = degrees(longitude), degrees(latitude)
}

func degrees(hundredths int) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64)
}

// connect names the network last seen. MCC and MNC are text: their leading zeros matter.
func (d detailDraft) connect() {
	roll := d.tonight(traitCell)
	if roll%11 != 0 {
		d.MCC, d.MNC = [...]string{"257", "222", "001", "310"}[roll>>8%4], [...]string{"02", "1", "01", "380"}[roll>>8%4]
		d.LAC, d.CID = strconv.FormatUint(16+roll>>16%60_000, 10), strconv.FormatUint(roll>>32%268_435_456, 10)
	}
	types := [...]struct{ id, label string }{{"GSM", "3G (UTRAN 1)"}, {"1", "3G (UTRAN 1)"}, {"6", "4G (WB-EUTRAN 6)"}, {"", ""}, {"8", "NB-IoT (EUTRAN-NB-IoT 8)"}}
	last, data := types[roll>>40%5], types[1+roll>>48%4]
	d.RATType, d.RATTypeLabel = last.id, last.label
	d.DataRATType, d.DataRATTypeLabel = data.id, data.label
}

// useData tells of data sessions: the last closed one ended before the night.
func (d detailDraft) useData() {
	roll := d.tonight(traitSession)
	d.APN = [...]string{"flolive.net", "iot.flolive.net", ""}[roll%3]
	d.InDataSession = roll>>8%4 == 0
	if first := d.roll(traitSession); first%7 != 0 {
		d.FirstActivated = timestamp(nightDate(1), first>>8%(4*365*86_400*1_000_000))
	}
	if roll>>12%6 == 0 {
		return
	}
	back := roll >> 20 % (86_400 * 1_000_000)
	d.LastDataSession = timestamp(nightDate(d.maker.night), back)
	if roll>>16%4 != 0 {
		d.LastDataSessionRecord = timestamp(nightDate(d.maker.night), back/2)
	}
	d.LastIP = "10." + strconv.FormatUint(roll>>24%256, 10) + "." + strconv.FormatUint(roll>>32%256, 10) + "." + strconv.FormatUint(1+roll>>40%254, 10)
	if roll>>48%20 == 0 {
		d.LastIP = "2001:db8::" + strconv.FormatUint(1+roll>>52%4096, 16)
	}
}

// timestamp writes a time so many microseconds before another as floLIVE does: without a zone, to the microsecond.
func timestamp(before time.Time, microseconds uint64) string {
	return before.Add(-time.Duration(microseconds) * time.Microsecond).Format("2006-01-02 15:04:05.000000")
}

// spoilField makes one member of a few records bad.
func (d detailDraft) spoilField() {
	if share(d.roll(traitDetailBad)) >= d.maker.badShare {
		return
	}
	switch way := d.roll(traitDetailBad) % 3; {
	case way == 0:
		d.BadField, d.LastIP = DetailLastIP, "10.84.8.999"
	case way == 1 || len(d.Offers) == 0:
		d.BadField, d.FirstActivated = DetailFirstActivated, "2020-02-30 09:48:42.365876"
	default:
		d.BadField, d.Offers[0].Renews = DetailRenewalDate, "2023-02-31"
	}
}
