package transform

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// ContentHash tells whether a subscriber is as it was: the first 8 bytes of a
// SHA-256 over all that makes a version of it. A change is overlooked with a chance
// of 1 in 10^19.
type ContentHash uint64

// contentVersion is part of every content hash. Raise it whenever the same record
// becomes another row than before, so that the rows in the database are made anew.
const contentVersion = 1

// hash sets the content hash, which reads every field of the row but those with a
// way of their own. Each value is encoded after its length or its presence, so no
// two rows are encoded alike.
func (b *Batch) hash(r *Row) {
	to := append(b.encoded[:0], contentVersion)
	to = appendText(to, r.SubscriberID)
	to = appendText(to, r.PhysicalID)
	to = appendText(to, r.Kind)
	to = appendText(to, r.ICCID)
	to = appendText(to, r.EID)
	to = appendText(to, r.IMEI)
	to = appendText(to, r.IMEISV)
	to = appendText(to, r.EUI)
	to = appendText(to, r.Status)
	to = appendText(to, r.ProviderStatus)
	to = appendPresence(to, r.CustomerID.Valid)
	if r.CustomerID.Valid {
		to = append(to, r.CustomerID.UUID[:]...)
	}
	to = appendText(to, r.Nickname)
	to = binary.AppendUvarint(to, uint64(len(r.Flags)))
	for _, f := range r.Flags {
		to = appendText(to, f)
	}
	to = appendText(to, r.Extra)
	to = binary.AppendUvarint(to, uint64(len(r.Pairs)))
	for _, p := range r.Pairs {
		to = appendText(to, p.IMSI)
		to = appendText(to, p.MSISDN)
		to = appendPresence(to, p.IsLastActive)
	}
	to = appendPresence(to, r.Contract != nil)
	if r.Contract != nil {
		to = r.Contract.append(to)
	}
	b.encoded = to
	sum := sha256.Sum256(to)
	r.Content = ContentHash(binary.BigEndian.Uint64(sum[:8]))
}

// append appends what the content hash reads of a contract.
func (c *Contract) append(to []byte) []byte {
	to = appendText(to, c.OperatorCode)
	to = appendText(to, c.OperatorName)
	to = appendText(to, c.TariffName)
	to = appendInteger(to, c.LineRentalMinor)
	to = appendTime(to, c.ConnectedAt)
	to = appendTime(to, c.ExpiresAt)
	to = appendTime(to, c.TerminatedAt)
	to = appendInteger(to, c.ContractMonths)
	to = appendBoolean(to, c.IsActive)
	to = appendBoolean(to, c.IsBarred)
	to = appendInteger(to, c.GroupID)
	to = appendText(to, c.DataNumber)
	to = appendText(to, c.SubscriptionID)
	to = appendText(to, c.SubscriberType)
	return appendText(to, c.SMDPProvider)
}

func appendPresence(to []byte, present bool) []byte {
	if present {
		return append(to, 1)
	}
	return append(to, 0)
}

func appendBoolean(to []byte, v *bool) []byte {
	to = appendPresence(to, v != nil)
	if v != nil {
		to = appendPresence(to, *v)
	}
	return to
}

func appendInteger[I int32 | int64](to []byte, v *I) []byte {
	to = appendPresence(to, v != nil)
	if v != nil {
		to = binary.BigEndian.AppendUint64(to, uint64(*v))
	}
	return to
}

// appendTime encodes the moment alone, whatever the zone it is told in.
func appendTime(to []byte, v *time.Time) []byte {
	to = appendPresence(to, v != nil)
	if v != nil {
		to = binary.BigEndian.AppendUint64(to, uint64(v.Unix()))
		to = binary.BigEndian.AppendUint32(to, uint32(v.Nanosecond()))
	}
	return to
}
