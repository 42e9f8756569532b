package transform

import (
	"crypto/sha256"
	"encoding/binary"
)

// Identity names a subscriber within its source, for ever: the first 16 bytes of a
// SHA-256 over what the provider names it by. Two of a million subscribers share one
// with a chance of 1 in 10^27.
type Identity [16]byte

// What kind of name an identity was made of, so that two kinds never meet.
const (
	tagFloLIVE  = 'F' // subscriberId and ICCID
	tagPhysical = 'P' // IoT-X physicalId
)

// FloLIVEIdentity is the identity of a floLIVE subscriber: the pair, since one
// subscriberId may have two ICCIDs and one ICCID two subscriberIds. Both are taken
// in canonical form, as a Row and the database hold them.
func FloLIVEIdentity(subscriberID string, iccid ICCID) Identity {
	var room [128]byte
	name := append(room[:0], tagFloLIVE)
	name = appendText(name, subscriberID)
	return identityOf(appendText(name, string(iccid)))
}

// PhysicalIdentity is the identity of an IoT-X subscriber. It takes physicalId in
// any spelling: two that name the same ICCID, EUI or IMEI give one identity.
func PhysicalIdentity(physicalID string) Identity {
	return readPhysicalID(physicalID).identity()
}

func identityOf(name []byte) Identity {
	sum := sha256.Sum256(name)
	return Identity(sum[:len(Identity{})])
}

// appendText appends s after its length, so that no two lists of texts are encoded
// alike.
func appendText[S ~string | ~[]byte](to []byte, s S) []byte {
	to = binary.AppendUvarint(to, uint64(len(s)))
	return append(to, s...)
}
