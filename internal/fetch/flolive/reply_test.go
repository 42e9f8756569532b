package flolive

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

func TestReadReply(t *testing.T) {
	two := []jsontext.Value{jsontext.Value(`{"a":1}`), jsontext.Value(`{"b":2}`)}
	tests := []struct {
		name, body string
		want       reply
	}{
		{"as on the page", `{"errorCode":"","errorMessage":"","content":[{"a":1}, {"b":2}],"pitId":"p=","recordAmount":2,"totalRecordAmount":7,"pageable":{"page":1}}`, reply{two, "p=", 2, 7}},
		{"members in another order", ` {"totalRecordAmount":7,"recordAmount":2,"pitId":"p=","content":[{"a":1},{"b":2}]} `, reply{two, "p=", 2, 7}},
		{"amounts as text, nulls", `{"errorCode":null,"pageable":"","content":[{"a":1},{"b":2}],"pitId":"p=","recordAmount":"2","totalRecordAmount":"7"}`, reply{two, "p=", 2, 7}},
		{"content is empty text", `{"content":"","pitId":"p=","recordAmount":0,"totalRecordAmount":0}`, reply{nil, "p=", 0, 0}},
		{"content is null", `{"content":null,"pitId":"p=","recordAmount":0,"totalRecordAmount":0}`, reply{nil, "p=", 0, 0}},
		{"content is missing, and so is pitId", `{"recordAmount":0,"totalRecordAmount":0}`, reply{nil, "", 0, 0}},
		{"content is an empty object", `{"content":{},"recordAmount":0,"totalRecordAmount":0}`, reply{nil, "", 0, 0}},
		{"content is one object", `{"content":{"a":1},"recordAmount":1,"totalRecordAmount":1}`, reply{two[:1], "", 1, 1}},
		{"an escaped pitId", `{"content":[],"pitId":"\u0070\/","recordAmount":0,"totalRecordAmount":0}`, reply{[]jsontext.Value{}, "p/", 0, 0}},
	}
	for _, tt := range tests {
		got, err := readReply([]byte(tt.body))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(reply{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// What is not an answer at all is an error of no kind, which makes it a lost one.
func TestUnreadableReplies(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":              ``,
		"a page":               `<html>Bad gateway</html>`,
		"not an object":        `[]`,
		"cut short":            `{"content":[{"a":1},{"b"`,
		"a comma is missing":   `{"content":[{"a":1 "b":2}],"recordAmount":1,"totalRecordAmount":1}`,
		"goes on":              `{"content":[],"recordAmount":0,"totalRecordAmount":0} {}`,
		"no amount":            `{"content":[],"totalRecordAmount":0}`,
		"no total":             `{"content":[],"recordAmount":0}`,
		"an amount of null":    `{"content":[],"recordAmount":null,"totalRecordAmount":0}`,
		"a negative amount":    `{"content":[],"recordAmount":-1,"totalRecordAmount":0}`,
		"a broken amount":      `{"content":[],"recordAmount":1.5,"totalRecordAmount":2}`,
		"content is text":      `{"content":"none","recordAmount":0,"totalRecordAmount":0}`,
		"content is a number":  `{"content":0,"recordAmount":0,"totalRecordAmount":0}`,
		"content twice":        `{"content":[],"content":[],"recordAmount":0,"totalRecordAmount":0}`,
		"a total twice":        `{"content":[],"recordAmount":0,"totalRecordAmount":0,"totalRecordAmount":1}`,
		"a line break in text": "{\"content\":[{\"a\":\"1\n2\"}],\"recordAmount\":1,\"totalRecordAmount\":1}",
	} {
		_, err := readReply([]byte(body))
		var kind *fetch.Error
		if err == nil || errors.As(err, &kind) {
			t.Errorf("%s: error %v, want one without a kind", name, err)
		}
	}
}

func TestErrorCodes(t *testing.T) {
	tests := map[string]fetch.Kind{
		"GLOBAL_1001": fetch.KindErrorAnswer, "GLOBAL_1018": fetch.KindInvalidPIT, "GLOBAL_4711": fetch.KindErrorAnswer,
		"CUSTOMER_1002": fetch.KindRefused, "SUBSCRIBER_1006": fetch.KindRefused, "TARIFF_1": fetch.KindRefused, "AUTH_1003": fetch.KindCredentials,
	}
	for code, want := range tests {
		body := fmt.Appendf(nil, `{"errorCode":%q,"errorMessage":"in prose","content":"","pageable":""}`, code)
		_, err := readReply(body)
		var failed *fetch.Error
		if !errors.As(err, &failed) || failed.Kind != want || failed.Code != code {
			t.Errorf("%s with a status of 200: %v, want %q", code, err, want)
		}
		if got, kind := refusal(body); got != code || kind != want {
			t.Errorf("%s with another status: %q, %q, want %q", code, got, kind, want)
		}
	}
	if _, err := readReply([]byte(`{"errorCode":17,"content":[],"recordAmount":0,"totalRecordAmount":0}`)); !errors.Is(err, fetch.KindRefused) {
		t.Errorf("an errorCode that is a number is taken for success: %v", err)
	}
	if _, kind := refusal([]byte(`{"status":500,"message":"No static resource api/v2/nothing."}`)); kind != fetch.KindNotFound {
		t.Errorf("a path that is not there is %q", kind)
	}
	if code, kind := refusal([]byte("<html>")); code != "" || kind != "" {
		t.Errorf("a page of HTML has code %q and kind %q", code, kind)
	}
}

// Two records count as one only if they have one identity; a record without a
// whole identity counts by its bytes.
func TestProofKeys(t *testing.T) {
	p := newProof()
	key := func(raw string) uint64 { return p.key(fetch.ReadRecord[Subscriber](jsontext.Value(raw))) }
	same := [][2]string{
		{`{"subscriberId":"a","iccid":"1"}`, `{"iccid":"1","status":"ACTIVE","subscriberId":"a"}`},
		{`{"subscriberId":"a","iccid":""}`, `{"subscriberId":"a","iccid":""}`},
		{`"lost"`, `"lost"`},
	}
	for _, pair := range same {
		if key(pair[0]) != key(pair[1]) {
			t.Errorf("%s and %s count as two", pair[0], pair[1])
		}
	}
	different := []string{
		`{"subscriberId":"a","iccid":"1"}`, `{"subscriberId":"a","iccid":"2"}`, `{"subscriberId":"b","iccid":"1"}`,
		`{"subscriberId":"","iccid":"1"}`, `{"subscriberId":"","iccid":"1","status":""}`, `{"subscriberId":null,"iccid":"1"}`,
		`{"iccid":"1"}`, `{"subscriberId":"a"}`, `{}`, `null`, `"a"`, `{"subscriberId":"a","subscriberId":"a","iccid":"1"}`,
	}
	seen := map[uint64]string{}
	for _, raw := range different {
		if other, taken := seen[key(raw)]; taken {
			t.Errorf("%s and %s count as one", raw, other)
		}
		seen[key(raw)] = raw
	}
}

// Whatever an answer holds, reading it does not panic; and what is read, is in it.
func FuzzReadReply(f *testing.F) {
	f.Add([]byte(`{"errorCode":"","content":[{"iccid":"1","x":"\ud800"},null,"\xff"],"pitId":"p","recordAmount":3,"totalRecordAmount":"3"}`))
	f.Add([]byte(`{"errorCode":"GLOBAL_1018","content":"","pageable":""}`))
	f.Add([]byte(`{"content":{"a":{}},"recordAmount":1,"totalRecordAmount":1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		_, _ = refusal(body)
		_, _ = readToken(body)
		r, err := readReply(body)
		if err != nil {
			if s := err.Error(); strings.Contains(s, "\xff") {
				t.Errorf("the error quotes the body: %q", s)
			}
			return
		}
		for _, raw := range r.content {
			rec := fetch.ReadRecord[Subscriber](raw)
			var direct Subscriber
			if ok := raw.Kind() == '{' && json.Unmarshal(raw, &direct) == nil; ok != (rec.Err == nil) {
				t.Errorf("%s: readable %v, but error %v", raw, ok, rec.Err)
			}
			newProof().key(rec)
		}
		if string(body) != before {
			t.Error("reading changed the body")
		}
	})
}

func BenchmarkReadReply(b *testing.B) {
	const records = 10_000
	body := []byte(`{"errorCode":"","errorMessage":"","content":[`)
	for i := range records {
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, `{"subscriberId":"e7fcef24-5c03-41dd-9e33-%012x","imsiMsisdnPairs":[`+
			`{"imsi":"2220130%08d","msisdn":"9990130%08d","isLastActive":true},{"imsi":"3103805%08d","msisdn":"1340444%08d","isLastActive":false}],`+
			`"iccid":"89357110010%08d","status":"ACTIVE","imei":"354306110218529","imeisv":"3543061102185201",`+
			`"customerId":"3bd92beb-0367-4e68-b50d-72c0fb08beab","customerName":"Gualas LTD"}`, i, i, i, i, i, i)
	}
	body = append(body, `],"pitId":"46ToAwMDaWR5BXV1aWQyKwZub2RlXzMAAAAAAAAAACoBYwADaWR4BXV1aWQxAgZub2","recordAmount":10000,"totalRecordAmount":1000000,"pageable":""}`...)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		p := newProof()
		r, err := readReply(body)
		if err != nil {
			b.Fatal(err)
		}
		if verdict := p.add(r, fetch.ReadRecords[Subscriber](r.content)); verdict != "" || p.distinct != records {
			b.Fatal(verdict, p.distinct)
		}
	}
}
