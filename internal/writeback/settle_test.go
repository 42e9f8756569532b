package writeback_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/writeback"
)

var asked = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)

const (
	parent = "aaaaaaaa-0000-4000-8000-000000000001"
	child  = "aaaaaaaa-0000-4000-8000-000000000002"
)

// detail is a record of details: of which subscriber, and whose.
func detail(subscriberID string, customer uuid.UUID) fetch.Record[flolive.Detail] {
	return fetch.ReadRecord[flolive.Detail]([]byte(fmt.Sprintf(
		`{"subscriberIdentifiers":{"subscriberId":%q,"iccid":%q},"customerId":%q}`, strings.ToUpper(subscriberID), simA, customer)))
}

var notFound = &fetch.Error{Kind: fetch.KindNotFound}

// settled is what becomes of a step that a journal holds open, some time after it was
// asked for.
func settled(t *testing.T, s writeback.Step, known []writeback.Known, after time.Duration, p provider) (word string, err error) {
	t.Helper()
	s.ID, s.AskedAt, s.Target = 1, asked, south
	if s.Subject == (writeback.Subject{}) {
		s.Subject = subject(writeback.SubjectICCID, simA)
	}
	m := memory{steps: []writeback.Step{s}, known: known}
	looker := writeback.Looker{Journal: &m, Fleet: &m, Now: func() time.Time { return asked.Add(after) }, Log: zerolog.New(new(bytes.Buffer))}
	if s.Kind == writeback.KindNickname {
		err = looker.Nicknames(t.Context(), []*writeback.Step{&s}, p)
	} else {
		err = looker.Moves(t.Context(), []*writeback.Step{&s}, p)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", m.outcomes(), m.steps[0].SettledBy, strings.Join(m.names, ","))), err
}

func TestSettleMovesByCall(t *testing.T) {
	t.Parallel()
	const soon, late = time.Minute, 25 * time.Hour
	for _, test := range []struct {
		status flolive.CallStatus
		err    error
		at     uuid.UUID // where the details have it
		after  time.Duration
		want   string
	}{
		{flolive.CallSuccess, nil, north, soon, "done call"},
		{flolive.CallFailure, nil, north, soon, "failed:FAILURE call"},
		{flolive.CallInternalError, nil, north, soon, "failed:INTERNAL_ERROR call"},
		{flolive.CallOpen, nil, south, soon, "accepted"},
		{flolive.CallOpen, nil, north, late, "accepted"}, // the provider says so itself
		{flolive.CallUnknown, nil, south, soon, "done detail"},
		{"", notFound, south, soon, "done detail"},
		{"", notFound, north, soon, "accepted"},
		{"", notFound, north, late, "failed detail"},
		{"", &fetch.Error{Kind: fetch.KindRefused}, south, soon, "accepted"},
	} {
		t.Run(fmt.Sprintf("%s %v after %s", test.status, test.err, test.after), func(t *testing.T) {
			t.Parallel()
			key := int64(1)
			got, err := settled(t, writeback.Step{Outcome: writeback.OutcomeAccepted, RequestID: "r", SubscriberKey: &key, SubscriberID: child}, nil, test.after, provider{
				call: func(string) (flolive.CallStatus, error) { return test.status, test.err },
				details: func(string) ([]fetch.Record[flolive.Detail], error) {
					return []fetch.Record[flolive.Detail]{detail(child, test.at)}, nil
				},
			})
			if err != nil || got != test.want {
				t.Errorf("%q, error %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestSettleMovesByDetails(t *testing.T) {
	t.Parallel()
	const soon, late = 23 * time.Hour, 25 * time.Hour
	key := int64(1)
	named := writeback.Step{Outcome: writeback.OutcomeUnknown, SubscriberKey: &key, SubscriberID: child, ICCID: simA}
	nameless := writeback.Step{Outcome: writeback.OutcomeJournalled}
	byIMSI := writeback.Step{Outcome: writeback.OutcomeUnknown, Change: writeback.Change{Subject: subject(writeback.SubjectIMSI, "222013090961859")}}
	before, since := asked.Add(-time.Hour), asked.Add(time.Hour)
	was := func(id string, customer uuid.UUID, changed time.Time) writeback.Known {
		k := at(subject(writeback.SubjectICCID, simA), 1, simA, customer)
		k.SubscriberID, k.ChangedAt = id, changed
		return k
	}
	for _, test := range []struct {
		name    string
		step    writeback.Step
		known   []writeback.Known
		records []fetch.Record[flolive.Detail]
		err     error
		after   time.Duration
		want    string
	}{
		{"there", named, nil, []fetch.Record[flolive.Detail]{detail(parent, north), detail(child, south)}, nil, soon, "done detail"},
		{"the other one is there", named, nil, []fetch.Record[flolive.Detail]{detail(parent, south), detail(child, north)}, nil, soon, "unknown"},
		{"elsewhere, and not for long", named, nil, []fetch.Record[flolive.Detail]{detail(child, north)}, nil, soon, "unknown"},
		{"elsewhere for a day", named, nil, []fetch.Record[flolive.Detail]{detail(child, north)}, nil, late, "failed detail"},
		{"nowhere for a day", named, nil, nil, notFound, late, "failed detail"},
		{"a part of the records", named, nil, []fetch.Record[flolive.Detail]{detail(parent, south)}, &fetch.Error{Kind: fetch.KindRefused, Err: flolive.ErrPartial}, late, "unknown"},
		{"a part that tells", named, nil, []fetch.Record[flolive.Detail]{detail(child, south)}, &fetch.Error{Kind: fetch.KindRefused, Err: flolive.ErrPartial}, soon, "done detail"},
		{"forbidden", named, nil, nil, &fetch.Error{Kind: fetch.KindRefused, Status: 403}, late, "unknown"},
		{"not read", named, nil, []fetch.Record[flolive.Detail]{fetch.ReadRecord[flolive.Detail]([]byte(`7`))}, nil, soon, "unknown"},
		{"never synced, and there", nameless, nil, []fetch.Record[flolive.Detail]{detail(child, south)}, nil, soon, "done detail"},
		{"one came there since", nameless, []writeback.Known{was(child, north, before)}, []fetch.Record[flolive.Detail]{detail(child, south)}, nil, soon, "done detail"},
		{"one was there before", nameless, []writeback.Known{was(parent, south, before)}, []fetch.Record[flolive.Detail]{detail(parent, south)}, nil, late, "journalled"},
		{"one changed since", nameless, []writeback.Known{was(parent, south, since)}, []fetch.Record[flolive.Detail]{detail(parent, south)}, nil, late, "done detail"},
		{"no ICCID is known", byIMSI, nil, nil, nil, late, "unknown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := settled(t, test.step, test.known, test.after, provider{
				details: func(string) ([]fetch.Record[flolive.Detail], error) { return test.records, test.err },
			})
			if err != nil || got != test.want {
				t.Errorf("%q, error %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestSettleNicknames(t *testing.T) {
	t.Parallel()
	const soon, late = 9 * time.Minute, 11 * time.Minute
	step := writeback.Step{Kind: writeback.KindNickname, Outcome: writeback.OutcomeUnknown, Change: writeback.Change{Subject: subject(writeback.SubjectPhysicalID, simA), Nickname: "Größe"}}
	for _, test := range []struct {
		name   string
		record fetch.Record[iotx.Subscriber]
		err    error
		after  time.Duration
		want   string
	}{
		{"named so", subscriber(simA, "Größe"), nil, soon, "done detail Größe"},
		{"not yet", subscriber(simA, "Pump"), nil, soon, "unknown"},
		{"not any more to be", subscriber(simA, "Pump"), nil, late, "failed detail"},
		{"nobody", subscriber("", ""), notFound, soon, "unknown"},
		{"nobody, for long", subscriber("", ""), notFound, late, "failed detail"},
		{"another", subscriber(simB, "Größe"), nil, late, "unknown"},
		{"forbidden", subscriber("", ""), &fetch.Error{Kind: fetch.KindRefused, Status: 403}, late, "unknown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := settled(t, step, nil, test.after, provider{get: func(string) (fetch.Record[iotx.Subscriber], error) { return test.record, test.err }})
			if err != nil || got != test.want {
				t.Errorf("%q, error %v; want %q", got, err, test.want)
			}
		})
	}
}

// An error that the next step would meet as well ends the look.
func TestSettlingEnds(t *testing.T) {
	t.Parallel()
	for _, kind := range []fetch.Kind{fetch.KindCredentials, fetch.KindNeverSent, fetch.KindErrorAnswer, fetch.KindLostAnswer} {
		got, err := settled(t, writeback.Step{Outcome: writeback.OutcomeUnknown}, nil, time.Hour, provider{
			details: func(string) ([]fetch.Record[flolive.Detail], error) { return nil, &fetch.Error{Kind: kind} },
		})
		if !errors.Is(err, kind) || got != "unknown" {
			t.Errorf("%s: error %v, step %q", kind, err, got)
		}
	}
}
