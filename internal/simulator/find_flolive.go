package simulator

import (
	"iter"
	"slices"
	"strconv"
)

// idKind is a kind of identifier by which floLIVE finds subscribers, as its paths spell it.
type idKind string

const (
	byIMSI   idKind = "imsi"
	byICCID  idKind = "iccid"
	byMSISDN idKind = "msisdn"
	byIMEI   idKind = "imei"
)

var idKinds = []idKind{byIMSI, byICCID, byMSISDN, byIMEI}

// foundFloLIVE is a record that an identifier belongs to.
type foundFloLIVE struct {
	FloLIVESubscriber

	number   uint32   // the fleet's own
	customer customer // that it is attached to, even where the listing does not say so
}

// has says whether an identifier is one of the record's.
func (r *FloLIVESubscriber) has(kind idKind, value string) bool {
	switch {
	case value == "":
		return false
	case kind == byICCID:
		return r.ICCID == value
	case kind == byIMEI:
		return r.IMEI == value
	}
	return slices.ContainsFunc(r.Pairs, func(p Pair) bool {
		return kind == byIMSI && p.IMSI == value || kind == byMSISDN && p.MSISDN == value
	})
}

// find makes the candidates and looks at them. Identifiers that were made bad lead nowhere.
func (f *madeFloLIVE) find(kind idKind, value string, night int) []foundFloLIVE {
	var list []foundFloLIVE
	for index := range f.candidates(kind, value, night) {
		l := f.population.at(index, night)
		if !l.present {
			continue
		}
		found := foundFloLIVE{number: index, customer: f.customerAt(f.place(index, l, f.moved))}
		f.record(index, night, f.moved, &found.FloLIVESubscriber)
		if found.Raw == nil && found.has(kind, value) {
			list = append(list, found)
		}
	}
	return list
}

// candidates are the indexes that an identifier may belong to: it holds an index, and the record behind may share it. An IMEI
// holds none, so the devices of all are looked through.
func (f *madeFloLIVE) candidates(kind idKind, value string, night int) iter.Seq[uint32] {
	if kind == byIMEI {
		return f.withDevice(value, night)
	}
	var text string
	switch {
	case kind == byICCID && len(value) == 19:
		text = value[7:18]
	case kind != byICCID && len(value) == 15:
		text = value[6:]
	}
	number, err := strconv.ParseUint(text, 10, 63)
	if kind == byICCID {
		number -= firstICCID
	}
	return func(yield func(uint32) bool) {
		for _, index := range [...]uint64{number, number + 1} {
			if err == nil && index < uint64(f.population.born(night)) && !yield(uint32(index)) {
				return
			}
		}
	}
}

// withDevice are the indexes whose device has the serial number in an IMEI.
func (f *madeFloLIVE) withDevice(imei string, night int) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if len(imei) != 15 {
			return
		}
		serial, err := strconv.ParseUint(imei[8:14], 10, 63)
		if err != nil {
			return
		}
		for index := range uint32(f.population.born(night)) {
			l := f.population.at(index, night)
			if l.present && f.device(index, f.deviceChanges(index, l)) == serial && !yield(index) {
				return
			}
		}
	}
}
