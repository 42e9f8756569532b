package load_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/migrations"
)

// The ids of the tests' runs, oldest first. The first two begin alike, for they began
// in one millisecond; the last ends as the first begins.
var ledgerIDs = []uuid.UUID{
	uuid.MustParse("01a4b000-0001-7000-8000-00000000aaaa"),
	uuid.MustParse("01a4b000-0001-7000-8000-00000000bbbb"),
	uuid.MustParse("01a4c000-0002-7000-8000-00000000cccc"),
	uuid.MustParse("01a4d000-0003-7000-8000-000001a4b000"),
}

func runTime(minute int) time.Time { return time.Date(2026, 11, 20, 2, minute, 0, 123456000, time.UTC) }

func openLedger(t *testing.T) *load.DB {
	t.Helper()
	db, err := load.Open(t.Context(), localpg.NewDatabase(t, migrateLedger))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func migrateLedger(ctx context.Context, url string) error {
	_, err := migrations.Up(ctx, url)
	return err
}

func beginRun(t *testing.T, db *load.DB, id uuid.UUID, source string, minute int) {
	t.Helper()
	if err := db.BeginRun(t.Context(), load.RunID{Run: id, Source: source}, load.Beginning{Command: "run", Version: "1.2.3", At: runTime(minute)}); err != nil {
		t.Fatal(err)
	}
}

func failRun(t *testing.T, db *load.DB, id uuid.UUID, source string, minute int) {
	t.Helper()
	c := load.Closing{At: runTime(minute), Outcome: load.OutcomeFailed, ExitCode: 1, Error: "the provider is out of reach", Requests: 5, Retries: 4, Bytes: 3}
	if err := db.CloseRun(t.Context(), load.RunID{Run: id, Source: source}, c); err != nil {
		t.Fatal(err)
	}
}

func ledgerExec(t *testing.T, db *load.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// sameInstant compares times by the instant: PostgreSQL gives them back in another zone.
var sameInstant = cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })

func TestRunsReadsEveryColumn(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	beginRun(t, db, ledgerIDs[0], "flolive", 0)
	beginRun(t, db, ledgerIDs[0], "iotx", 1)
	failRun(t, db, ledgerIDs[0], "iotx", 2)
	// The counts are all different, so that none can be read into another's place.
	ledgerExec(t, db, `UPDATE sync.run SET declared = 1, records = 35, inserted = 2, updated = 3, unchanged = 11, repeated = 12, rejected = 7,
		rejected_parts = 8, removed = 9, load_outcome = 'held_back', as_of = started_at + interval '1 minute', connected_since = started_at - interval '1 minute',
		connected_until = started_at WHERE source = 'iotx'`)

	got, err := db.Runs(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []load.RunRow{
		{RunID: ledgerIDs[0], Source: "flolive", Command: "run", StartedAt: runTime(0), Version: "1.2.3"},
		{
			RunID: ledgerIDs[0], Source: "iotx", Command: "run", StartedAt: runTime(1), FinishedAt: new(runTime(2)),
			Outcome: new(load.OutcomeFailed), ExitCode: new(1), Error: new("the provider is out of reach"), Version: "1.2.3",
			LoadOutcome: new(load.OutcomeHeldBack),
			Declared:    new(int64(1)), Records: new(int64(35)), Inserted: new(int64(2)), Updated: new(int64(3)), Unchanged: new(int64(11)), Repeated: new(int64(12)),
			Rejected: new(int64(7)), RejectedParts: new(int64(8)), Removed: new(int64(9)), Requests: new(int64(5)), Retries: new(int64(4)), Bytes: new(int64(3)),
			AsOf: new(runTime(2)), ConnectedSince: new(runTime(0)), ConnectedUntil: new(runTime(1)),
		},
	}
	if diff := cmp.Diff(want, got, sameInstant); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
}

func TestRunsCountsRunsNotRows(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	for i, id := range ledgerIDs {
		beginRun(t, db, id, "iotx", i)
		beginRun(t, db, id, "flolive", i)
	}
	for limit, want := range map[int]string{1: "3f 3i", 2: "3f 3i 2f 2i", 0: "3f 3i 2f 2i 1f 1i 0f 0i", 99: "3f 3i 2f 2i 1f 1i 0f 0i"} {
		rows, err := db.Runs(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			for i, id := range ledgerIDs {
				if id == r.RunID {
					got = append(got, string(rune('0'+i))+r.Source[:1])
				}
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("Runs(%d) = %q, want %q", limit, got, want)
		}
	}
	if _, err := db.Runs(t.Context(), -1); err == nil || !strings.Contains(err.Error(), "a limit of -1 runs") {
		t.Errorf("Runs(-1): %v, want an error that names the limit", err)
	}
}

func TestRunsOfAnEmptyLedger(t *testing.T) {
	t.Parallel()
	if rows, err := openLedger(t).Runs(t.Context(), 10); err != nil || len(rows) != 0 {
		t.Errorf("Runs = %v, %v, want none", rows, err)
	}
}

func TestRunningIsTheNewestRunOfALockedSource(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	// hashtext of one name is positive, of the other negative: pg_locks shows both unsigned.
	sources := []string{"flolive", "iotx", "a", "b"}
	for _, source := range sources {
		beginRun(t, db, ledgerIDs[0], source, 0) // killed, whatever follows
		beginRun(t, db, ledgerIDs[1], source, 1)
		failRun(t, db, ledgerIDs[1], source, 2)
		beginRun(t, db, ledgerIDs[2], source, 3)
	}
	var negative, positive bool
	for _, source := range sources {
		assertRunning(t, db, source)
		session, err := db.Session(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		var isNegative bool
		if err := db.Pool().QueryRow(t.Context(), `SELECT hashtext($1) < 0`, source).Scan(&isNegative); err != nil {
			t.Fatal(err)
		}
		negative, positive = negative || isNegative, positive || !isNegative
		assertRunning(t, db, source, ledgerIDs[2])
		failRun(t, db, ledgerIDs[2], source, 4)
		assertRunning(t, db, source) // what holds the lock has no line yet: the first stays killed
		session.Close()
	}
	if !negative || !positive {
		t.Error("the sources' names hash to one sign only: add another")
	}
}

// assertRunning checks which runs of the source count as running.
func assertRunning(t *testing.T, db *load.DB, source string, want ...uuid.UUID) {
	t.Helper()
	rows, err := db.Runs(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []uuid.UUID
	for _, r := range rows {
		if r.Running && r.Source == source {
			got = append(got, r.RunID)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("running runs of %s (-want +got):\n%s", source, diff)
	}
}

func TestRunningTakesNoOtherLockForItsOwn(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]string{
		"another space":    `SELECT pg_advisory_lock(1, hashtext('iotx'))`,
		"one number":       `SELECT pg_advisory_lock(hashtext('iotx'))`,
		"another source":   `SELECT pg_advisory_lock(1397312851, hashtext('flolive'))`,
		"one number alike": `SELECT pg_advisory_lock((1397312851::bigint << 32) | (hashtext('iotx')::bigint & 4294967295))`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openLedger(t)
			beginRun(t, db, ledgerIDs[0], "iotx", 0)
			conn, err := db.Pool().Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Release()
			if _, err := conn.Exec(t.Context(), lock); err != nil {
				t.Fatal(err)
			}
			assertRunning(t, db, "iotx")
		})
	}
}

// The lock of a source of the same name in another database of the server.
func TestRunningLooksAtItsOwnDatabaseOnly(t *testing.T) {
	t.Parallel()
	here, there := openLedger(t), openLedger(t)
	beginRun(t, here, ledgerIDs[0], "iotx", 0)
	beginRun(t, there, ledgerIDs[0], "iotx", 0)
	session, err := there.Session(t.Context(), "iotx")
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	assertRunning(t, here, "iotx")
	assertRunning(t, there, "iotx", ledgerIDs[0])
}

func TestRunTellsWalksAndRejects(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	for _, source := range []string{"iotx", "flolive"} {
		beginRun(t, db, ledgerIDs[0], source, 0)
	}
	beginRun(t, db, ledgerIDs[1], "iotx", 1) // its rows are not to be counted
	for _, id := range ledgerIDs[:2] {
		ledgerExec(t, db, `INSERT INTO sync.walk VALUES ($1, 'iotx', 'subscribers', 'drift', NULL, 11, 12, 13, 14, $2, $3)`, id, runTime(1), runTime(2))
	}
	ledgerExec(t, db, `INSERT INTO sync.walk VALUES ($1, 'flolive', 'b', 'complete', 20, 20, 0, 1, 3, $2, $3)`, ledgerIDs[0], runTime(1), runTime(3))
	ledgerExec(t, db, `INSERT INTO sync.walk VALUES ($1, 'flolive', 'a', 'complete', 10, 10, 0, 1, 2, $2, $3)`, ledgerIDs[0], runTime(1), runTime(2))
	for _, id := range ledgerIDs[:2] {
		ledgerExec(t, db, `INSERT INTO sync.reject (run_id, source, listing, is_whole, subject, field, reason, record, rejected_at)
			SELECT $1, 'iotx', 'subscribers', whole, 'someone', field, reason, '{}', now()
			FROM (VALUES (false, 'imsiMsisdnPairs[0].imsi', 'not 6 to 15 digits'), (false, 'imsiMsisdnPairs[12].imsi', 'not 6 to 15 digits'),
				(false, 'related.profiles[0].profiles[1].iccid', 'missing'), (true, 'physicalId', 'missing'), (true, NULL, 'not an object'),
				(true, '', 'not an object'), (true, 'imsiMsisdnPairs[0].imsi', 'not 6 to 15 digits')) r (whole, field, reason)`, id)
	}

	got, err := db.Run(t.Context(), ledgerIDs[0])
	if err != nil {
		t.Fatal(err)
	}
	row := load.RunRow{RunID: ledgerIDs[0], Source: "flolive", Command: "run", StartedAt: runTime(0), Version: "1.2.3"}
	other := row
	other.Source = "iotx"
	walk := load.WalkRow{RunID: ledgerIDs[0], Source: "flolive", Verdict: "complete", Sessions: 1, StartedAt: runTime(1)}
	first, second := walk, walk
	first.Listing, first.Declared, first.DistinctRecords, first.Requests, first.FinishedAt = "a", new(int64(10)), 10, 2, runTime(2)
	second.Listing, second.Declared, second.DistinctRecords, second.Requests, second.FinishedAt = "b", new(int64(20)), 20, 3, runTime(3)
	want := load.RunDetail{
		RunID:   ledgerIDs[0],
		Sources: []load.RunRow{row, other},
		Walks: []load.WalkRow{first, second, {
			RunID: ledgerIDs[0], Source: "iotx", Listing: "subscribers", Verdict: "drift", DistinctRecords: 11, Repeated: 12, Sessions: 13, Requests: 14,
			StartedAt: runTime(1), FinishedAt: runTime(2),
		}},
		Rejects: []load.RejectCount{
			{Source: "iotx", IsWhole: true, Reason: "not an object", Count: 2},
			{Source: "iotx", IsWhole: true, Field: new("imsiMsisdnPairs[].imsi"), Reason: "not 6 to 15 digits", Count: 1},
			{Source: "iotx", IsWhole: true, Field: new("physicalId"), Reason: "missing", Count: 1},
			{Source: "iotx", Field: new("imsiMsisdnPairs[].imsi"), Reason: "not 6 to 15 digits", Count: 2},
			{Source: "iotx", Field: new("related.profiles[].profiles[].iccid"), Reason: "missing", Count: 1},
		},
	}
	if diff := cmp.Diff(want, got, sameInstant); diff != "" {
		t.Errorf("the run (-want +got):\n%s", diff)
	}
	if _, err := db.Run(t.Context(), ledgerIDs[3]); !errors.Is(err, load.ErrNoRun) || !strings.Contains(err.Error(), ledgerIDs[3].String()) {
		t.Errorf("Run of an unknown id: %v, want ErrNoRun with the id", err)
	}
}

func TestRunTellsWhetherItIsRunning(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	beginRun(t, db, ledgerIDs[0], "iotx", 0) // killed
	beginRun(t, db, ledgerIDs[1], "iotx", 1)
	session, err := db.Session(t.Context(), "iotx")
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for i, want := range []bool{false, true} {
		d, err := db.Run(t.Context(), ledgerIDs[i])
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Sources[0].Running; got != want {
			t.Errorf("run %d: Running = %t, want %t", i, got, want)
		}
	}
}

func TestResolveRun(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	for i, id := range ledgerIDs {
		beginRun(t, db, id, "flolive", i)
		beginRun(t, db, id, "iotx", i) // two rows, one run
	}
	for name, c := range map[string]struct {
		piece string
		want  int // place in ledgerIDs
		err   error
		says  string
	}{
		"whole":                       {piece: ledgerIDs[1].String(), want: 1},
		"whole in capitals":           {piece: strings.ToUpper(ledgerIDs[1].String()), want: 1},
		"whole without dashes":        {piece: strings.ReplaceAll(ledgerIDs[1].String(), "-", ""), want: 1},
		"beginning":                   {piece: "01a4c", want: 2},
		"beginning up to a dash":      {piece: "01a4c000-", want: 2},
		"end":                         {piece: "0000aaaa", want: 0},
		"end across a dash":           {piece: "8000-00000000cccc", want: 2},
		"middle":                      {piece: "0002", err: load.ErrNoRun, says: "simsync runs lists"},
		"beginning of two":            {piece: "01a4b000-0001", err: load.ErrAmbiguousRun, says: ledgerIDs[1].String() + ", " + ledgerIDs[0].String() + ":"},
		"beginning of one, other end": {piece: "01a4b000", err: load.ErrAmbiguousRun},
		"beginning of more than fit":  {piece: "01", err: load.ErrAmbiguousRun, says: ledgerIDs[1].String() + ", ...:"},
		"unknown":                     {piece: "ffffffff", err: load.ErrNoRun},
		"longer than an id":           {piece: ledgerIDs[1].String() + "0", err: load.ErrNoRun},
		"empty":                       {piece: "", err: load.ErrNoRun, says: "hexadecimal"},
		"dashes":                      {piece: "--", err: load.ErrNoRun, says: "hexadecimal"},
		"a pattern":                   {piece: "%", err: load.ErrNoRun, says: "hexadecimal"},
		"a source":                    {piece: "iotx", err: load.ErrNoRun, says: `"iotx"`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := db.ResolveRun(t.Context(), c.piece)
			if c.err != nil {
				if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("ResolveRun(%q): %v, want %v that says %q", c.piece, err, c.err, c.says)
				}
				return
			}
			if err != nil || got != ledgerIDs[c.want] {
				t.Errorf("ResolveRun(%q) = %v, %v, want %v", c.piece, got, err, ledgerIDs[c.want])
			}
		})
	}
}
