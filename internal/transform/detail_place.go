package transform

import (
	"errors"
	"net/netip"

	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch/flolive"
)

var errNotIP = errors.New("not an IPv4 or IPv6 address")

// location reads where the SIM was last seen. A position that is nowhere on Earth is
// kept as it came, both of its numbers, among the members without a column.
func (d *draft) location(v jsontext.Value, to *Detail) (rest objectText) {
	const refused = FlagLastKnownLocationRejected
	var l flolive.Location
	d.objectMember("lastKnownLocation", v, refused, &l)
	longitude := valueMember(d, "lastKnownLocation.longitude", l.Longitude, refused, parseDegrees)
	latitude := valueMember(d, "lastKnownLocation.latitude", l.Latitude, refused, parseDegrees)
	rest.addAll(l.Unknown)
	if !beyond(longitude, maxLongitude) && !beyond(latitude, maxLatitude) {
		to.Longitude, to.Latitude = longitude, latitude
		return rest
	}
	d.flag(FlagLocationRange)
	if len(l.Longitude) > 0 {
		rest.add("longitude", l.Longitude)
	}
	if len(l.Latitude) > 0 {
		rest.add("latitude", l.Latitude)
	}
	return rest
}

// network reads the network that the SIM was last connected to.
func (d *draft) network(v jsontext.Value, to *Detail) (rest objectText) {
	const refused = FlagLastConnectedNetworkRejected
	var n flolive.Network
	d.objectMember("lastConnectedNetwork", v, refused, &n)
	to.MCC = d.textMember("lastConnectedNetwork.mcc", n.MCC, refused, (*draft).name)
	to.MNC = d.textMember("lastConnectedNetwork.mnc", n.MNC, refused, (*draft).name)
	to.LAC = d.textMember("lastConnectedNetwork.lac", n.LAC, refused, (*draft).name)
	to.CID = d.textMember("lastConnectedNetwork.cid", n.CID, refused, (*draft).name)
	rest.addAll(n.Unknown)
	return rest
}

// parseIP reads an address without a zone, which is all that a column holds.
func parseIP(s string) (netip.Addr, error) {
	ip, err := netip.ParseAddr(s)
	if err != nil || ip.Zone() != "" {
		return netip.Addr{}, errNotIP
	}
	return ip, nil
}

// unknownIdentifiers are the members of subscriberIdentifiers that no column has. The
// others are the listing's.
func unknownIdentifiers(v jsontext.Value) (rest objectText) {
	var ids flolive.Identifiers
	salvage(v, &ids)
	rest.addAll(ids.Unknown)
	return rest
}
