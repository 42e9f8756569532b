package flolive_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/simulator"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// provider answers by a script, one request after another; the last answer is given
// for ever. It notes what it was asked.
type provider struct {
	answers []given
	asked   []string // method, path and body
}

// given is an answer. A status of 0 breaks the connection.
type given struct {
	status int
	body   string
}

func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Method + " " + r.URL.Path
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		asked += " " + string(body)
	}
	a := p.answers[min(len(p.asked), len(p.answers)-1)]
	p.asked = append(p.asked, asked)
	if a.status == 0 {
		return nil, io.EOF
	}
	return &http.Response{
		StatusCode: a.status, Header: http.Header{}, Request: r, ContentLength: -1, Body: io.NopCloser(strings.NewReader(a.body)),
	}, nil
}

// scripted makes a client of a provider that answers by a script.
func scripted(t *testing.T, answers ...given) (*flolive.Client, *provider) {
	t.Helper()
	p := &provider{answers: answers}
	c, err := flolive.New(flolive.Options{Client: fetch.Options{BaseURL: "https://floportal.flolive.test", Token: "sesame", Transport: p}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, p
}

// page is an answer of the provider's pages, mended to be JSON.
func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const iccid, eid = "8935711001000034535", "39049987000001000000004406147560"

// The example of "Get Subscriber Details": both records, whole, and nothing of a contact
// in what is read of them.
func TestDetailsExample(t *testing.T) {
	c, p := scripted(t, given{200, page(t, "details")})
	records, receivedAt, err := c.Details(t.Context(), iccid)
	if err != nil || len(records) != 2 || receivedAt.IsZero() {
		t.Fatalf("%d records at %s, %v", len(records), receivedAt, err)
	}
	if diff := cmp.Diff([]string{"GET /api/v2/subscriber/iccid/" + iccid}, p.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	v := records[0].Value
	got := map[string]string{
		"subscriberIdentifiers": string(v.SubscriberIdentifiers), "customerId": string(v.CustomerID), "customerName": string(v.CustomerName),
		"subsStatus": string(v.SubsStatus), "tags": string(v.Tags), "userLabels": string(v.UserLabels), "alias": string(v.Alias),
		"lastRatType": string(v.LastRATType), "lastRatTypeLabel": string(v.LastRATTypeLabel), "lastDataRatType": string(v.LastDataRATType),
		"lastDataRatTypeLabel": string(v.LastDataRATTypeLabel), "lastApn": string(v.LastAPN), "isInDataSession": string(v.IsInDataSession),
		"lastDataSession": string(v.LastDataSession), "lastIp": string(v.LastIP), "firstActivatedTime": string(v.FirstActivatedTime),
		"unknown": string(v.Unknown),
	}
	want := map[string]string{
		"customerId": `"d7fcef24-5c03-41dd-9e33-995b7d6f47a4"`, "customerName": `"Motorola"`, "subsStatus": `"ACTIVE"`, "tags": "",
		"alias": `"Camera1"`, "lastRatType": `"GSM"`, "lastRatTypeLabel": `"3G (UTRAN 1)"`, "lastDataRatType": `"6"`,
		"lastDataRatTypeLabel": `"4G (WB-EUTRAN 6)"`, "lastApn": `"flolive.net"`, "isInDataSession": "false",
		"lastDataSession": `"2020-11-10 09:47:46.668866"`, "lastIp": `"10.84.8.208"`, "firstActivatedTime": `"2020-07-11 09:48:42.365876"`,
		"unknown": `{"lastDataSessionRecord":"2020-11-10 09:48:42.365876"}`,
	}
	want["subscriberIdentifiers"], want["userLabels"] = got["subscriberIdentifiers"], got["userLabels"] // compared by who reads them
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first record (-want +got):\n%s", diff)
	}
	if !bytes.Contains(v.SubscriberIdentifiers, []byte("e7fcef24-5c03-41dd-9e33-995b7d6f47a7")) || len(v.Offer) == 0 || len(v.CustomFields) == 0 ||
		len(v.LastKnownLocation) == 0 || len(v.LastConnectedNetwork) == 0 || len(v.SystemLabels) == 0 {
		t.Error("a member is missing")
	}
	if text := fmt.Sprintf("%s", v); strings.Contains(text, "Shaul") {
		t.Errorf("a contact was read: %s", text)
	}
}

func TestProfilesExample(t *testing.T) {
	c, p := scripted(t, given{200, page(t, "profiles")})
	records, _, err := c.Profiles(t.Context(), eid)
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	if diff := cmp.Diff([]string{"GET /api/v2/subscriber/eid/" + eid + "/profiles"}, p.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	v := records[1].Value
	if string(v.ID) != `"d701e4ad-585b-4219-a85e-ec69fa4e8a06"` || string(v.Name) != `"Profile 2"` || string(v.IsActive) != "false" ||
		!bytes.Contains(v.SubscriberIdentifiers, []byte(iccid)) || v.Unknown != nil {
		t.Errorf("second record %+v", v)
	}
}

// What an answer means, for details and for profiles: found, not there, in part, or
// none that can be used.
func TestSubscriberAnswers(t *testing.T) {
	const record = `{"id":"a"}`
	failure := func(code string) string { return `{"errorCode":"` + code + `","content":"","pageable":""}` }
	tests := []struct {
		name              string
		answer            given
		details, profiles error
		requests          int
		records           int // read, also beside an error
	}{
		{"one object", given{200, `{"content":` + record + `}`}, nil, nil, 1, 1},
		{"pageable is text", given{200, `{"content":[` + record + `],"pageable":""}`}, nil, nil, 1, 1},
		{"pageable counts too few", given{200, `{"content":[` + record + `,{}],"pageable":{"totalPages":1,"totalElements":1}}`}, nil, nil, 1, 2},
		{"more pages", given{200, `{"content":[` + record + `],"pageable":{"totalPages":"2"}}`}, flolive.ErrPartial, flolive.ErrPartial, 1, 1},
		{"more elements", given{200, `{"content":[` + record + `],"pageable":{"totalElements":11}}`}, flolive.ErrPartial, flolive.ErrPartial, 1, 1},
		{"elements, and none here", given{200, `{"content":[],"pageable":{"totalElements":1}}`}, flolive.ErrPartial, flolive.ErrPartial, 1, 0},
		{"none", given{200, `{"content":[]}`}, fetch.KindNotFound, nil, 1, 0},
		{"unknown", given{200, failure("SUBSCRIBER_1002")}, fetch.KindNotFound, fetch.KindNotFound, 1, 0},
		{"unknown, with a status", given{404, failure("SUBSCRIBER_1002")}, fetch.KindNotFound, fetch.KindNotFound, 1, 0},
		{"unknown, with an error's status", given{500, failure("SUBSCRIBER_1002")}, fetch.KindNotFound, fetch.KindNotFound, 1, 0},
		{"cannot be read", given{200, page(t, "refused")}, fetch.KindRefused, fetch.KindRefused, 1, 0},
		{"no such path", given{404, `<html>`}, fetch.KindRefused, fetch.KindRefused, 1, 0},
		{"no such path, by Spring", given{500, `{"message":"No static resource api/v2."}`}, fetch.KindRefused, fetch.KindRefused, 1, 0},
		{"forbidden", given{403, ``}, fetch.KindRefused, fetch.KindRefused, 1, 0},
		{"try again", given{200, failure("GLOBAL_1001")}, fetch.KindErrorAnswer, fetch.KindErrorAnswer, 6, 0},
		{"lost", given{502, ``}, fetch.KindLostAnswer, fetch.KindLostAnswer, 6, 0},
		{"cut short", given{200, `{"content":[` + record}, fetch.KindLostAnswer, fetch.KindLostAnswer, 6, 0},
		{"credentials", given{401, ``}, fetch.KindCredentials, fetch.KindCredentials, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := scripted(t, tt.answer)
				details, _, err := c.Details(t.Context(), iccid)
				if !errors.Is(err, tt.details) || len(details) != tt.records || len(p.asked) != tt.requests {
					t.Errorf("details: %d records after %d requests, %v; want %d after %d, %v", len(details), len(p.asked), err, tt.records, tt.requests, tt.details)
				}
				p.asked = nil
				profiles, _, err := c.Profiles(t.Context(), eid)
				if !errors.Is(err, tt.profiles) || len(profiles) != tt.records || len(p.asked) != tt.requests {
					t.Errorf("profiles: %d records after %d requests, %v; want %d after %d, %v", len(profiles), len(p.asked), err, tt.records, tt.requests, tt.profiles)
				}
			})
		})
	}
	for _, body := range []string{`{"content":null}`, `{"content":""}`, `{}`} {
		synctest.Test(t, func(t *testing.T) {
			c, _ := scripted(t, given{200, body})
			if _, _, err := c.Profiles(t.Context(), eid); !errors.Is(err, fetch.KindLostAnswer) {
				t.Errorf("%s proves that there is no profile: %v", body, err)
			}
			if _, _, err := c.Details(t.Context(), iccid); !errors.Is(err, fetch.KindNotFound) {
				t.Errorf("%s: details %v", body, err)
			}
		})
	}
}

// A login that finds no path says nothing of a subscriber, nor of a request.
func TestLoginWithoutPath(t *testing.T) {
	p := &provider{answers: []given{{404, ""}}}
	c, err := flolive.New(flolive.Options{
		Client: fetch.Options{BaseURL: "https://floportal.flolive.test", Transport: p}, Username: "u", Password: "p",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _, ofDetails := c.Details(t.Context(), iccid)
	_, ofCall := c.Call(t.Context(), "id-1")
	for _, err := range []error{ofDetails, ofCall} {
		if !errors.Is(err, fetch.KindRefused) || !strings.Contains(err.Error(), "base URL") {
			t.Errorf("error %v", err)
		}
	}
}

// A value that would make another path of it is not sent; one that must be escaped is.
func TestPathsOfValues(t *testing.T) {
	c, p := scripted(t, given{200, `{"content":[{}]}`})
	for _, value := range []string{"", ".", ".."} {
		_, _, ofDetails := c.Details(t.Context(), value)
		_, _, ofProfiles := c.Profiles(t.Context(), value)
		_, ofCall := c.Call(t.Context(), value)
		if !errors.Is(ofDetails, fetch.KindRefused) || !errors.Is(ofProfiles, fetch.KindRefused) || !errors.Is(ofCall, fetch.KindRefused) || p.asked != nil {
			t.Errorf("%q: %v, %v, %v", value, ofDetails, ofProfiles, ofCall)
		}
	}
	if _, _, err := c.Details(t.Context(), "8 9/../x"); err != nil || p.asked[0] != "GET /api/v2/subscriber/iccid/8 9/../x" {
		t.Errorf("%q, %v", p.asked, err)
	}
}

// No identifier comes into an error or a log.
func TestSubscribersAreMasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		p := &provider{answers: []given{{503, iccid}, {500, iccid}, {200, `{"content":"` + iccid + `"}`}}}
		c, err := flolive.New(flolive.Options{Client: fetch.Options{
			BaseURL: "https://floportal.flolive.test", Token: "sesame", Transport: p, Log: zerolog.New(&lines),
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, _, err = c.Details(t.Context(), iccid)
		if err == nil || strings.Contains(err.Error(), iccid) || strings.Contains(lines.String(), iccid) || lines.Len() == 0 {
			t.Errorf("error %v, log %s", err, &lines)
		}
	})
}

// What the simulated provider has is what is read, subscriber by subscriber, through
// answers that get lost.
func TestDetailsOfAFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 60, IoTX: 20, Customers: 1})
		c := connect(t, s)
		s.Inject(simulator.Fault{Kind: simulator.LostAnswer, On: simulator.Detail, From: 3, Count: 2})
		want, got := 0, 0
		for d := range s.FloLIVEDetailTruth() {
			want++
			records, _, err := c.Details(t.Context(), d.ICCID)
			if err != nil {
				t.Fatal(err)
			}
			for _, rec := range records {
				if rec.Err == nil && bytes.Contains(rec.Value.SubscriberIdentifiers, []byte(d.SubscriberID)) {
					got++
				}
			}
		}
		for _, eid := range s.EIDs() {
			if _, _, err := c.Profiles(t.Context(), eid); err != nil {
				t.Error(err)
			}
		}
		if want < 50 || got != want || len(s.EIDs()) == 0 {
			t.Errorf("%d of %d subscribers have details, %d EIDs", got, want, len(s.EIDs()))
		}
		if _, _, err := c.Details(t.Context(), "8900000000000000000"); !errors.Is(err, fetch.KindNotFound) {
			t.Errorf("an unknown ICCID: %v", err)
		}
		if _, _, err := c.Profiles(t.Context(), "00000000000000000000000000000000"); !errors.Is(err, fetch.KindNotFound) {
			t.Errorf("an unknown EID: %v", err)
		}
	})
}
