package transform

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch/flolive"
)

var (
	errNotList   = errors.New("not a list")
	errManyPairs = errors.New("more pairs than an ordinal counts")
)

// maxPairs is as many as a 16-bit ordinal from 0 counts.
const maxPairs = 1 << 15

// fewPairs is up to where looking through a list is cheaper than keeping an index.
const fewPairs = 32

// pairs reads imsiMsisdnPairs in the provider's order. It returns the members of the
// pairs that have no column, by ordinal.
func (d *draft) pairs(list jsontext.Value) (unknown objectText) {
	if !given(list) {
		return nil
	}
	if list[0] != '[' {
		d.refuse("imsiMsisdnPairs", errNotList, FlagIMSIRejected)
		return nil
	}
	elements := &d.batch.elements
	if err := json.Unmarshal(list, elements); err == nil {
		d.Pairs = make([]Pair, 0, min(len(*elements), maxPairs))
		for i := range *elements {
			d.pair(i, &(*elements)[i], &unknown)
		}
	} else {
		d.oddPairs(list, &unknown)
	}
	d.oneActive()
	return unknown
}

// oddPairs reads a list in which some elements are no pairs.
func (d *draft) oddPairs(list jsontext.Value, unknown *objectText) {
	var elements []jsontext.Value
	if err := json.Unmarshal(list, &elements); err != nil {
		d.refuse("imsiMsisdnPairs", errNotList, FlagIMSIRejected)
		return
	}
	for i, element := range elements {
		var v flolive.Pair
		if err := json.Unmarshal(element, &v); err != nil {
			d.refuse(pairPath(i), errNotObject, FlagIMSIRejected)
			continue
		}
		d.pair(i, &v, unknown)
	}
}

func pairPath(i int) string { return "imsiMsisdnPairs[" + strconv.Itoa(i) + "]" }

// pair reads the i-th pair and appends it to the row, unless it is there already or
// has no IMSI. Its members without a column go to unknown.
func (d *draft) pair(i int, v *flolive.Pair, unknown *objectText) {
	p, err := d.pairIMSI(v.IMSI)
	if err != nil {
		d.refuse(pairPath(i)+".imsi", err, FlagIMSIRejected)
		return
	}
	d.Flags = p.IMSI.flags(d.Flags)
	if p.MSISDN, err = d.msisdn(v.MSISDN); err != nil {
		d.refuse(pairPath(i)+".msisdn", err, FlagMSISDNFormat)
	}
	if p.IsLastActive, err = d.active(v.IsLastActive); err != nil {
		d.refuse(pairPath(i)+".isLastActive", err, FlagIsLastActiveRejected)
	}
	if ordinal, found := d.find(p); found {
		first := &d.Pairs[ordinal]
		first.IsLastActive = first.IsLastActive || p.IsLastActive
		d.flag(FlagPairRepeated)
		return
	}
	if v.Unknown != nil {
		unknown.add(strconv.Itoa(len(d.Pairs)), v.Unknown)
	}
	d.Pairs = append(d.Pairs, p)
}

// pairIMSI begins a pair with its IMSI, which it cannot do without.
func (d *draft) pairIMSI(v jsontext.Value) (p Pair, err error) {
	s, err := d.name(v)
	switch {
	case err != nil:
		return p, err
	case s == "":
		return p, errMissing
	case len(d.Pairs) == maxPairs:
		return p, errManyPairs
	}
	p.IMSI, err = ParseIMSI(s)
	return p, err
}

// find tells the ordinal of the pair with the IMSI and the MSISDN of p.
func (d *draft) find(p Pair) (ordinal int, found bool) {
	p.IsLastActive = false
	if len(d.Pairs) <= fewPairs {
		for ordinal, q := range d.Pairs {
			if q.IMSI == p.IMSI && q.MSISDN == p.MSISDN {
				return ordinal, true
			}
		}
		return 0, false
	}
	if d.ordinals == nil {
		d.ordinals = make(map[Pair]int)
	}
	for i := len(d.ordinals); i < len(d.Pairs); i++ {
		d.ordinals[Pair{IMSI: d.Pairs[i].IMSI, MSISDN: d.Pairs[i].MSISDN}] = i
	}
	ordinal, found = d.ordinals[p]
	return ordinal, found
}

func (d *draft) msisdn(v jsontext.Value) (MSISDN, error) {
	s, err := d.name(v)
	if err != nil || s == "" {
		return "", err
	}
	return ParseMSISDN(s)
}

func (d *draft) active(v jsontext.Value) (bool, error) {
	s, err := d.word(v)
	if err != nil || s == "" {
		return false, err
	}
	return parseBoolean(s)
}

// oneActive holds the rule that at most one pair is the last active one: where the
// provider marks several, which of them is not known.
func (d *draft) oneActive() {
	active := 0
	for _, p := range d.Pairs {
		if p.IsLastActive {
			active++
		}
	}
	if active < 2 {
		return
	}
	d.flag(FlagManyActive)
	for i := range d.Pairs {
		d.Pairs[i].IsLastActive = false
	}
}
