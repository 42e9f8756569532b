package transform

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// longestFloLIVE bounds in bytes a floLIVE subscriberId that is not a UUID.
const longestFloLIVE = 64

var errFloLIVELong = errors.New("longer than 64 bytes")

// FloLIVE adds what rec became to b.
func (b *Batch) FloLIVE(rec fetch.Record[flolive.Subscriber]) {
	b.Records++
	d := draft{batch: b, raw: rec.Raw}
	if rec.Err != nil || rec.Raw.Kind() == 'n' {
		var v flolive.Subscriber
		salvage(rec.Raw, &v)
		_, _ = d.floLIVEName(&v) // for what of it can be read
		d.reject("", whyUnreadable(rec.Raw))
		return
	}
	v := &rec.Value
	if member, err := d.floLIVEName(v); err != nil {
		d.reject(member, err)
		return
	}
	d.floLIVEMembers(v)
	d.Flags = tidied(d.Flags)
	b.hash(&d.Row)
	b.Rows = append(b.Rows, d.Row)
}

// floLIVEName reads the identity. Where it cannot, it names the member at fault, and
// what the other one holds is read all the same.
func (d *draft) floLIVEName(v *flolive.Subscriber) (member string, err error) {
	idErr := d.floLIVEID(v)
	iccid, iccidErr := d.name(v.ICCID)
	if d.subject == "" {
		d.subject = iccid
	}
	if iccidErr == nil && iccid == "" {
		iccidErr = errMissing
	}
	if iccidErr == nil {
		d.ICCID, iccidErr = ParseICCID(iccid)
	}
	d.Flags = d.ICCID.flags(d.Flags)
	switch {
	case idErr != nil:
		return "subscriberId", idErr
	case iccidErr != nil:
		return "iccid", iccidErr
	}
	d.Identity = FloLIVEIdentity(d.SubscriberID, d.ICCID)
	return "", nil
}

// floLIVEID reads subscriberId, which should be a UUID. Any other text names a
// subscriber as well.
func (d *draft) floLIVEID(v *flolive.Subscriber) error {
	id, err := d.name(v.SubscriberID)
	if err != nil {
		return err
	}
	d.subject = id
	if id == "" {
		return errMissing
	}
	if u, err := parseUUID(id); err == nil {
		d.SubscriberID = u.String()
		return nil
	}
	if len(id) > longestFloLIVE {
		return errFloLIVELong
	}
	d.SubscriberID = id
	d.flag(FlagSubscriberIDUUID)
	return nil
}

// floLIVEMembers reads everything but the identity.
func (d *draft) floLIVEMembers(v *flolive.Subscriber) {
	d.Top = true
	d.Kind = KindCellular
	d.ProviderStatus = d.textMember("status", v.Status, FlagStatusRejected, (*draft).word)
	status, known := floLIVEStatus(d.ProviderStatus)
	if d.Status = status; !known {
		d.flag(FlagStatusUnknown)
	}
	d.IMEI = nameMember(d, "imei", v.IMEI, FlagIMEIRejected, ParseIMEI)
	d.Flags = d.IMEI.flags(d.Flags)
	d.IMEISV = nameMember(d, "imeisv", v.IMEISV, FlagIMEISVRejected, ParseIMEISV)
	d.Flags = d.IMEISV.flags(d.Flags, d.IMEI)
	d.customerID(v.CustomerID)
	d.CustomerName = d.textMember("customerName", v.CustomerName, FlagCustomerNameRejected, (*draft).text)
	var rest objectText
	rest.addAll(v.Unknown)
	rest.addObject("imsiMsisdnPairs", d.pairs(v.ImsiMsisdnPairs))
	d.setExtra(rest)
}

// customerID reads the customer, who may be missing.
func (d *draft) customerID(v jsontext.Value) {
	id := d.textMember("customerId", v, FlagCustomerIDRejected, (*draft).name)
	if id == "" {
		return
	}
	u, err := parseUUID(id)
	if err != nil {
		d.refuse("customerId", err, FlagCustomerIDRejected)
	}
	d.CustomerID = uuid.NullUUID{UUID: u, Valid: err == nil}
}
