package load

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
)

// GroupsNamed is how many customers, operators and tariffs the figures name; the
// smaller ones after them are counted together.
const GroupsNamed = 15

// Figures are what the fleet and its ledger amount to, all as of one moment. They
// count subscribers and name none.
type Figures struct {
	// At is the moment, by the database's clock.
	At time.Time
	// Since is the first of the Days UTC days that Usage and Runs tell of. The last is
	// that of At.
	Since time.Time
	Days  int

	// Sources are those with live subscribers, by name.
	Sources []SourceFigures
	// Customers, Operators and Tariffs are the largest first, and last, where there are
	// more than GroupsNamed, the others in one. A subscriber without a contract is in no
	// operator's and no tariff's.
	Customers, Operators, Tariffs []GroupFigures
	// Flags are the most frequent first.
	Flags []FlagCount
	// Freshness is by source.
	Freshness []Freshness
	// Runs are those of the days, the newest first.
	Runs []RunFigures
	// Usage is by day; a day without an observation is not there.
	Usage []UsageFigures
	// Rejects are those of the Runs, by source, whole records first, then the most frequent.
	Rejects []RejectFigures
}

// StatusCounts counts live subscribers by status.
type StatusCounts struct {
	Active, Suspended, Inactive, Terminated, Unknown int64
}

// Total is how many there are of any status.
func (c StatusCounts) Total() int64 {
	return c.Active + c.Suspended + c.Inactive + c.Terminated + c.Unknown
}

// Plus is both counts together.
func (c StatusCounts) Plus(other StatusCounts) StatusCounts {
	return StatusCounts{
		Active:     c.Active + other.Active,
		Suspended:  c.Suspended + other.Suspended,
		Inactive:   c.Inactive + other.Inactive,
		Terminated: c.Terminated + other.Terminated,
		Unknown:    c.Unknown + other.Unknown,
	}
}

// SourceFigures counts a source's live subscribers.
type SourceFigures struct {
	Source string
	StatusCounts
	// Flagged are those with any flag, be it on the row, on its details or on its eSIM
	// profile.
	Flagged int64
	// Observed are those that the provider tells a network state of, Online those of
	// them that were online when last observed.
	Observed, Online int64
}

// GroupFigures counts the live subscribers of a customer, an operator or a tariff.
type GroupFigures struct {
	// Source is empty for the others in one.
	Source string
	// ID tells groups of one name apart: a customer's UUID, an operator's code. Nil where
	// the provider told none.
	ID *string
	// Name is nil where the provider told none.
	Name *string
	// Groups is how many groups are counted in this one: 1 save for the others in one.
	Groups int64
	StatusCounts
}

// FlagCount counts the live rows of a source that have a flag.
type FlagCount struct {
	Flag, Source string
	// Relation is whose rows they are: RelationSubscriber, RelationDetail or
	// RelationProfile.
	Relation string
	Count    int64
	// OfRows is how many live rows the relation has of the source.
	OfRows int64
}

// The relations of schema fleet whose rows have flags.
const (
	RelationSubscriber = "subscriber"
	RelationDetail     = "subscriber_detail"
	RelationProfile    = "esim_profile"
)

// Freshness is a row of fleet.freshness, whose columns' comments say what each means.
type Freshness struct {
	Source           string
	CompleteAsOf     *time.Time
	LoadedAsOf       *time.Time
	AttemptedAt      *time.Time
	AttemptedOutcome string // empty where there was no attempt
	AttemptedError   *string
	// IsComplete tells whether the last attempt is the complete one.
	IsComplete    bool
	AttemptsSince int64
}

// RunFigures is a run on a source with the verdicts of its walks. Nil is null, as in
// sync.run.
type RunFigures struct {
	RunID      uuid.UUID
	Source     string
	Command    string
	StartedAt  time.Time
	FinishedAt *time.Time
	Outcome    *Outcome
	Error      *string
	// AsOf is as of when the data is that the run loaded; nil where it loaded nothing.
	AsOf *time.Time
	// IsWhole is false for a backfill of a window.
	IsWhole bool
	// IsOK tells whether all was loaded and removed that was asked for, whatever became of
	// the run afterwards.
	IsOK bool

	Records, Inserted, Updated, Removed, Rejected, RejectedParts *int64

	// Walks is how many listings were walked, CompleteWalks how many of them to the end
	// for sure, and Reasons why the others were not, each once.
	Walks, CompleteWalks int64
	Reasons              []fetch.Verdict

	// Running is as in RunRow.
	Running bool
}

// RejectFigures counts the rejects of a source that have the same cause, over several runs.
type RejectFigures struct {
	RejectCount
	// Last is the time of the newest run that had one.
	Last time.Time
}

// UsageFigures is the data that IoT-X subscribers used, as observed on a UTC day.
type UsageFigures struct {
	Day time.Time
	// Bytes were sent and received since each subscriber's observation before.
	Bytes int64
	// Observed is how many subscribers were observed.
	Observed int64
	// IsFirst says that none of them had been observed before: what they used is not known.
	IsFirst bool
}

// Figures counts, over as many UTC days up to now as are asked for.
func (db *DB) Figures(ctx context.Context, days int) (Figures, error) {
	f := Figures{Days: days}
	held, err := db.heldAround(ctx, func() error {
		snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		return pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error { return f.read(ctx, tx) })
	})
	if err != nil {
		return Figures{}, fmt.Errorf("count the fleet: %w", err)
	}
	for i := range f.Runs {
		r := &f.Runs[i]
		r.Running = r.Running && slices.Contains(held, r.Source)
	}
	for i := range f.Freshness {
		k := &f.Freshness[i]
		if k.AttemptedOutcome == "killed" && slices.Contains(held, k.Source) { // it ended while this was read
			k.AttemptedOutcome = "running"
		}
	}
	return f, nil
}

func (f *Figures) read(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, `SELECT now()`).Scan(&f.At); err != nil {
		return err
	}
	f.Since = f.At.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-f.Days)
	if err := f.readFleet(ctx, tx); err != nil {
		return err
	}
	return f.readLedger(ctx, tx)
}

func (f *Figures) readFleet(ctx context.Context, tx pgx.Tx) error {
	var err error
	if f.Sources, err = collect(ctx, tx, pgx.RowToStructByName[SourceFigures], "report_sources"); err != nil {
		return err
	}
	if f.Customers, err = collect(ctx, tx, pgx.RowToStructByName[GroupFigures], "report_customers", GroupsNamed); err != nil {
		return err
	}
	if f.Operators, err = collect(ctx, tx, pgx.RowToStructByName[GroupFigures], "report_operators", GroupsNamed); err != nil {
		return err
	}
	if f.Tariffs, err = collect(ctx, tx, pgx.RowToStructByName[GroupFigures], "report_tariffs", GroupsNamed); err != nil {
		return err
	}
	if f.Flags, err = collect(ctx, tx, pgx.RowToStructByName[FlagCount], "report_flags"); err != nil {
		return err
	}
	f.Usage, err = collect(ctx, tx, pgx.RowToStructByName[UsageFigures], "report_usage", f.Since)
	return err
}

func (f *Figures) readLedger(ctx context.Context, tx pgx.Tx) error {
	var err error
	if f.Freshness, err = collect(ctx, tx, pgx.RowToStructByName[Freshness], "report_freshness"); err != nil {
		return err
	}
	if f.Runs, err = collect(ctx, tx, pgx.RowToStructByName[RunFigures], "report_runs", f.Since); err != nil {
		return err
	}
	f.Rejects, err = collect(ctx, tx, pgx.RowToStructByName[RejectFigures], "report_rejects", f.Since)
	return err
}
