package simulator_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simsync/internal/simulator"
)

// identifiers are a subscriber's unique keys as the pages describe them.
type identifiers struct {
	SubscriberID string           `json:"subscriberId"`
	ICCID        string           `json:"iccid"`
	IMEI         string           `json:"imei"`
	IMEISV       string           `json:"imeisv"`
	Pairs        []simulator.Pair `json:"imsiMsisdnPairs"`
}

// detailKey names the record of a details answer.
type detailKey struct {
	Identifiers identifiers `json:"subscriberIdentifiers"`
	CustomerID  string      `json:"customerId"`
	Alias       *string     `json:"alias"`
}

// wireDetail is a details record as the page describes it; what has more than one form is read by the tests.
type wireDetail struct {
	detailKey

	CustomerName string         `json:"customerName"`
	Status       string         `json:"subsStatus"`
	Tags         string         `json:"tags"`
	SystemLabels jsontext.Value `json:"systemLabels"`
	UserLabels   jsontext.Value `json:"userLabels"`
	Location     struct {
		Longitude jsontext.Value `json:"longitude"`
		Latitude  jsontext.Value `json:"latitude"`
	} `json:"lastKnownLocation"`
	Network struct {
		MCC string `json:"mcc"`
		MNC string `json:"mnc"`
		LAC string `json:"lac"`
		CID string `json:"cid"`
	} `json:"lastConnectedNetwork"`
	RATType               jsontext.Value `json:"lastRatType"`
	RATTypeLabel          string         `json:"lastRatTypeLabel"`
	DataRATType           string         `json:"lastDataRatType"`
	DataRATTypeLabel      string         `json:"lastDataRatTypeLabel"`
	APN                   string         `json:"lastApn"`
	InDataSession         bool           `json:"isInDataSession"`
	LastDataSession       string         `json:"lastDataSession"`
	LastDataSessionRecord string         `json:"lastDataSessionRecord"`
	LastIP                string         `json:"lastIp"`
	FirstActivated        string         `json:"firstActivatedTime"`
	Offers                []wireOffer    `json:"offer"`
	Contact               jsontext.Value `json:"contact"`
	Custom                []struct {
		Key   string `json:"keyName"`
		Value string `json:"keyValue"`
	} `json:"customFields"`
	Extra jsontext.Value `json:",embed"`
}

type wireOffer struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Attached    string   `json:"attachTimestamp"`
	Renews      string   `json:"renewalDate"`
	Expires     string   `json:"expirationDate"`
	Priority    int      `json:"priority"`
	Linked      []string `json:"linkedOfferIds"`
}

type wireContact struct {
	ID         string `json:"id"`
	Email      string `json:"emailAddress"`
	Type       string `json:"type"`
	Role       string `json:"role"`
	Salutation string `json:"salutation"`
	First      string `json:"firstName"`
	Middle     string `json:"middleName"`
	Last       string `json:"lastName"`
	Identity   []struct {
		Type   string `json:"idType"`
		Number string `json:"idNumber"`
	} `json:"identity"`
	Gender     string `json:"gender"`
	Birthdate  string `json:"birthdate"`
	Landline   string `json:"landlinePhoneNumber"`
	Mobile     string `json:"mobilePhoneNumber"`
	Additional string `json:"additionalPhoneNumber"`
	Picture    string `json:"picture"`
	Remarks    string `json:"remarks"`
}

// canonical reads a record into the truth's terms: every form of a value to the one value.
func (w *wireDetail) canonical(t *testing.T) simulator.FloLIVEDetail {
	d := simulator.FloLIVEDetail{
		FloLIVESubscriber: simulator.FloLIVESubscriber{
			SubscriberID: w.Identifiers.SubscriberID, ICCID: w.Identifiers.ICCID, IMEI: w.Identifiers.IMEI, IMEISV: w.Identifiers.IMEISV,
			Pairs: w.Identifiers.Pairs, CustomerID: w.CustomerID, CustomerName: w.CustomerName, Status: w.Status,
			Extra: strings.TrimSuffix(strings.TrimPrefix(string(w.Extra), "{"), "}"),
		},
		Tags: split(w.Tags, ","), SystemLabels: labels(t, w.SystemLabels), UserLabels: labels(t, w.UserLabels),
		Longitude: string(w.Location.Longitude), Latitude: string(w.Location.Latitude),
		MCC: w.Network.MCC, MNC: w.Network.MNC, LAC: w.Network.LAC, CID: w.Network.CID,
		RATType: strings.Trim(strings.TrimPrefix(string(w.RATType), "null"), `"`), RATTypeLabel: w.RATTypeLabel,
		DataRATType: w.DataRATType, DataRATTypeLabel: w.DataRATTypeLabel, APN: w.APN, InDataSession: w.InDataSession,
		LastDataSession: w.LastDataSession, LastDataSessionRecord: w.LastDataSessionRecord, LastIP: w.LastIP, FirstActivated: w.FirstActivated,
	}
	if w.Alias != nil && *w.Alias != "null" {
		d.Alias = *w.Alias
	}
	for _, o := range w.Offers {
		d.Offers = append(d.Offers, simulator.Offer{
			ID: o.ID, Name: o.Name, Description: o.Description, Attached: o.Attached, Renews: isoDate(o.Renews), Expires: isoDate(o.Expires),
			Priority: o.Priority, Linked: o.Linked,
		})
	}
	for _, field := range w.Custom {
		d.CustomFields = append(d.CustomFields, simulator.CustomField{Key: field.Key, Value: field.Value})
	}
	d.Contacts = contacts(t, w.Contact)
	return d
}

func split(text, separator string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, separator)
}

func labels(t *testing.T, v jsontext.Value) []string {
	var text string
	var list []string
	switch v.Kind() {
	case '"':
		read(t, v, &text)
		return split(text, ", ")
	case '[':
		read(t, v, &list)
	}
	return list
}

func contacts(t *testing.T, v jsontext.Value) []simulator.Contact {
	wires := make([]wireContact, 1)
	switch {
	case v.Kind() == '[':
		read(t, v, &wires)
	case v.Kind() == '{' && string(v) != "{}":
		read(t, v, &wires[0])
	default:
		return nil
	}
	var list []simulator.Contact
	for _, w := range wires {
		c := simulator.Contact{
			ID: w.ID, Email: w.Email, Type: w.Type, Role: w.Role, Salutation: w.Salutation, FirstName: w.First, MiddleName: w.Middle, LastName: w.Last,
			Gender: w.Gender, Birthdate: isoDate(w.Birthdate), Landline: w.Landline, Mobile: w.Mobile, Additional: w.Additional, Remarks: w.Remarks,
		}
		for _, identity := range w.Identity {
			c.Identities = append(c.Identities, simulator.ContactIdentity{Type: identity.Type, Number: identity.Number})
		}
		list = append(list, c)
	}
	return list
}

// isoDate turns DDMMYYYY round.
func isoDate(date string) string {
	if len(date) != 8 {
		return date
	}
	return date[4:] + "-" + date[2:4] + "-" + date[:2]
}

func read(t *testing.T, v jsontext.Value, into any) {
	t.Helper()
	if err := json.Unmarshal(v, into, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%s: %v", v, err)
	}
}

// ofTheWire leaves out what a record does not say itself.
var ofTheWire = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(simulator.FloLIVESubscriber{}, "Listing", "Missing", "Bad", "BadReason", "Raw"),
	cmpopts.IgnoreFields(simulator.FloLIVEDetail{}, "OutOfRange", "Form", "BadField"),
}
