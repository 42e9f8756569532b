package transform

import "strings"

// Kind is what a subscriber is, as far as its identifier tells.
type Kind string

// The kinds.
const (
	KindCellular  Kind = "cellular"
	KindNonIP     Kind = "non_ip"
	KindSatellite Kind = "satellite"
	KindUnknown   Kind = "unknown"
)

// physical is what an IoT-X physicalId turned out to be. The API gives it no
// discriminator: its form alone tells the kind, and one of the identifiers is set.
type physical struct {
	kind Kind
	// canonical is the same for every spelling of one identifier.
	canonical string
	iccid     ICCID
	eui       EUI
	imei      IMEI
}

// readPhysicalID tells what a physicalId is: 18 to 22 digits from 89 on are an
// ICCID, 16 hexadecimal digits with a letter an EUI, 15 digits an IMEI.
func readPhysicalID(s string) physical {
	s = strings.TrimSpace(s)
	if iccid, err := ParseICCID(s); err == nil && strings.HasPrefix(string(iccid), "89") {
		return physical{kind: KindCellular, canonical: string(iccid), iccid: iccid}
	}
	if eui, err := ParseEUI(s); err == nil && strings.ContainsAny(s, "abcdefABCDEF") {
		return physical{kind: KindNonIP, canonical: string(eui), eui: eui}
	}
	if digits(s, 15, 15) {
		return physical{kind: KindSatellite, canonical: s, imei: IMEI(s)}
	}
	return physical{kind: KindUnknown, canonical: s}
}

func (p physical) identity() Identity {
	var room [128]byte
	return identityOf(appendText(append(room[:0], tagPhysical), p.canonical))
}
