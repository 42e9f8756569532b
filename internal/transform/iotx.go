package transform

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
)

// IoTX adds what rec became to b: a row for itself and one for each profile nested
// in it. receivedAt is when the provider said it: the observation's time, and the now
// against which terminateDate is past.
func (b *Batch) IoTX(rec fetch.Record[iotx.Subscriber], receivedAt time.Time) {
	first := len(b.Rows)
	at := place{raw: rec.Raw, receivedAt: receivedAt}
	if rec.Err != nil || rec.Raw.Kind() == 'n' {
		b.unreadableIoTX(at, whyUnreadable(rec.Raw))
		return
	}
	b.iotx(&rec.Value, at)
	rows := b.Rows[first:]
	cutCircles(rows)
	for i := range rows {
		rows[i].Flags = tidied(rows[i].Flags)
		b.hash(&rows[i])
	}
}

// unreadableIoTX rejects what is no subscriber at all.
func (b *Batch) unreadableIoTX(at place, why error) {
	b.Records++
	var v iotx.Subscriber
	salvage(at.raw, &v)
	d := draft{batch: b, raw: at.raw, path: at.path}
	d.subject, _ = d.name(v.PhysicalID)
	d.reject("", why)
}

// iotx adds a subscriber and the profiles in it. What makes their rows whole, but for
// the order of their flags and their hashes, is done.
func (b *Batch) iotx(v *iotx.Subscriber, at place) {
	b.Records++
	d := draft{batch: b, raw: at.raw, path: at.path}
	if err := d.physicalID(v.PhysicalID); err != nil {
		d.reject("physicalId", err)
		return
	}
	d.Top = len(at.above) == 0
	d.subscriberID(v.SubscriberID)
	d.iotxPair(v.IMSI)
	d.EID = nameMember(&d, "eid", v.EID, FlagEIDRejected, ParseEID)
	d.Flags = d.EID.flags(d.Flags)
	d.Nickname = d.textMember("nickname", v.Nickname, FlagNicknameRejected, (*draft).text)
	d.contract(v)
	d.iotxStatus(at.receivedAt)
	d.observation(v, at.receivedAt)
	profiles := d.related(v, at)
	b.Rows = append(b.Rows, d.Row)
	for i, raw := range profiles {
		b.profile(at.profile(i, raw, d.Identity))
	}
}

// physicalID reads the identity and the identifier that it is.
func (d *draft) physicalID(v jsontext.Value) error {
	id, err := d.name(v)
	switch {
	case err != nil:
		return err
	case id == "":
		return errMissing
	}
	d.subject = id
	if len(id) > longestName {
		return errNameLong
	}
	p := readPhysicalID(id)
	d.Identity, d.PhysicalID, d.Kind = p.identity(), id, p.kind
	d.ICCID, d.EUI, d.IMEI = p.iccid, p.eui, p.imei
	d.Flags = d.ICCID.flags(d.Flags)
	d.Flags = d.IMEI.flags(d.Flags)
	return nil
}

// subscriberID reads subscriberId: the MSISDN, EUI or subscription ID, by the kind.
func (d *draft) subscriberID(v jsontext.Value) {
	id := d.textMember("subscriberId", v, FlagSubscriberIDRejected, (*draft).name)
	if len(id) > longestName {
		d.refuse("subscriberId", errNameLong, FlagSubscriberIDRejected)
		return
	}
	d.SubscriberID = id
}

// iotxPair makes the one IMSI a pair, active, since it is the only one that there
// is. A cellular subscriber's subscriberId is its MSISDN; where it is not of that
// form nothing is lost, for the row has it as text.
func (d *draft) iotxPair(v jsontext.Value) {
	p := Pair{IsLastActive: true}
	if d.Kind == KindCellular && d.SubscriberID != "" {
		var err error
		if p.MSISDN, err = ParseMSISDN(d.SubscriberID); err != nil {
			d.flag(FlagMSISDNFormat)
		}
	}
	p.IMSI = nameMember(d, "imsi", v, FlagIMSIRejected, ParseIMSI)
	if p.IMSI == "" {
		return
	}
	d.Flags = p.IMSI.flags(d.Flags)
	d.Pairs = []Pair{p}
}

// iotxStatus judges by the contract, as it stood at now.
func (d *draft) iotxStatus(now time.Time) {
	c := d.Contract
	d.Status = iotxStatus(c, now)
	if d.Status == StatusTerminated && c.IsActive != nil && *c.IsActive {
		d.flag(FlagStatusContradiction)
	}
}

// contract reads the commercial terms.
func (d *draft) contract(v *iotx.Subscriber) {
	c := &Contract{
		OperatorCode:    d.textMember("operatorCode", v.OperatorCode, FlagOperatorCodeRejected, (*draft).name),
		OperatorName:    d.textMember("operatorName", v.OperatorName, FlagOperatorNameRejected, (*draft).text),
		TariffName:      d.textMember("tariffName", v.TariffName, FlagTariffNameRejected, (*draft).text),
		LineRentalMinor: valueMember(d, "lineRental", v.LineRental, FlagLineRentalRejected, parseInteger),
		ConnectedAt:     valueMember(d, "connectionDate", v.ConnectionDate, FlagConnectionDateRejected, parseTime),
		ExpiresAt:       valueMember(d, "expiryDate", v.ExpiryDate, FlagExpiryDateRejected, parseTime),
		TerminatedAt:    valueMember(d, "terminateDate", v.TerminateDate, FlagTerminateDateRejected, parseTime),
		ContractMonths:  valueMember(d, "contractLength", v.ContractLength, FlagContractLengthRejected, parseInteger32),
		IsActive:        valueMember(d, "isActive", v.IsActive, FlagIsActiveRejected, parseBoolean),
		IsBarred:        valueMember(d, "isBarred", v.IsBarred, FlagIsBarredRejected, parseBoolean),
		GroupID:         valueMember(d, "groupId", v.GroupID, FlagGroupIDRejected, parseInteger),
		DataNumber:      d.textMember("dataNumber", v.DataNumber, FlagDataNumberRejected, (*draft).name),
		SubscriberType:  d.textMember("subscriberType", v.SubscriberType, FlagSubscriberTypeRejected, (*draft).word),
		SMDPProvider:    d.textMember("smdpProvider", v.SMDPProvider, FlagSMDPProviderRejected, (*draft).text),
	}
	if d.Kind == KindSatellite {
		c.SubscriptionID = d.SubscriberID
	}
	d.Contract = c
}

// observation reads networkState and dataUsage. Nothing of them may reach what makes
// a version: neither a flag, nor members of networkState that have no column, which
// would change as often as those that have one.
func (d *draft) observation(v *iotx.Subscriber, at time.Time) {
	defer func(flags []Flag) { d.Flags = flags }(d.Flags)
	var state iotx.NetworkState
	stateGiven := given(v.NetworkState)
	if stateGiven && (v.NetworkState[0] != '{' || json.Unmarshal(v.NetworkState, &state) != nil) {
		d.refuse("networkState", errNotObject, "")
	} else {
		stateGiven = given(state.IsOnline) || given(state.IsTransferring)
	}
	if !stateGiven && !given(v.DataUsage) {
		return
	}
	d.Observation = &Observation{
		IsOnline:       valueMember(d, "networkState.isOnline", state.IsOnline, "", parseBoolean),
		IsTransferring: valueMember(d, "networkState.isTransferring", state.IsTransferring, "", parseBoolean),
		DataUsageBytes: valueMember(d, "dataUsage", v.DataUsage, "", parseBytes),
		ObservedAt:     at,
	}
}
