package report

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/load"
)

// rejectPage is how many rejects one table holds: with what they say of a subscriber
// masked, and no record, some hundred kilobytes.
const rejectPage = 500

// Rejects writes rejects as tables of at most 500 lines, subjects masked, and returns
// how many there were.
func Rejects(w io.Writer, rejects iter.Seq2[load.Reject, error], o Style) (int, error) {
	var page []load.Reject
	written := 0
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		gap := ""
		if written > 0 {
			gap = "\n"
		}
		written += len(page)
		err := write(w, gap+grid(o, refusedColumns(o), page))
		page = page[:0]
		return err
	}
	for r, err := range rejects {
		if err != nil {
			return written, err
		}
		if page = append(page, r); len(page) == rejectPage {
			if err := flush(); err != nil {
				return written, err
			}
		}
	}
	return written, flush()
}

func refusedColumns(o Style) []column[load.Reject] {
	return []column[load.Reject]{
		{name: "reject", align: text.AlignRight, drop: 2, cell: func(r load.Reject) string { return fmt.Sprint(r.ID) }},
		{name: "when", drop: 1, cell: func(r load.Reject) string { return o.second(r.RejectedAt) }},
		{name: "source", drop: 5, cell: func(r load.Reject) string { return plain(r.Source) }},
		{name: "listing", drop: 3, cell: func(r load.Reject) string { return plain(r.Listing) }},
		{name: "refused", drop: 4, cell: func(r load.Reject) string { return refused(r.IsWhole) }},
		{name: "subject", cell: func(r load.Reject) string {
			if r.Subject == nil {
				return unknown
			}
			return plain(r.Masked())
		}},
		{name: "field", cell: func(r load.Reject) string {
			if r.Field == nil {
				return unknown
			}
			return plain(*r.Field)
		}},
		{name: "reason", cell: func(r load.Reject) string { return plain(r.Reason) }},
	}
}

// refused says what was: a whole record or a part of one.
func refused(isWhole bool) string {
	if isWhole {
		return "record"
	}
	return "part"
}

// refusedJSON is a row of sync.reject by the names of its columns, its subject masked
// and without the record.
type refusedJSON struct {
	ID         int64     `json:"reject_id"`
	RunID      uuid.UUID `json:"run_id"`
	Source     string    `json:"source"`
	Listing    string    `json:"listing"`
	IsWhole    bool      `json:"is_whole"`
	Subject    *string   `json:"subject"`
	Field      *string   `json:"field"`
	Reason     string    `json:"reason"`
	RejectedAt time.Time `json:"rejected_at"`
}

// recordJSON is a row of sync.reject whole.
type recordJSON struct {
	refusedJSON
	Record      *string `json:"record"`
	RecordBytes []byte  `json:"record_bytes"`
}

// RejectsJSON writes rejects, subjects masked, as the lines that the package comment
// describes, and returns how many there were.
func RejectsJSON(w io.Writer, rejects iter.Seq2[load.Reject, error]) (int, error) {
	return writeLines(w, rejects, func(r load.Reject) any {
		line := jsonOfReject(r)
		if r.Subject != nil {
			line.Subject = new(r.Masked())
		}
		return line
	})
}

// RejectRecords writes rejects whole, with the subject and the record as received: it
// is the one function here whose output holds subscribers' data. It returns how many
// there were.
func RejectRecords(w io.Writer, rejects iter.Seq2[load.Reject, error]) (int, error) {
	return writeLines(w, rejects, func(r load.Reject) any {
		return recordJSON{refusedJSON: jsonOfReject(r), Record: r.Record, RecordBytes: r.RecordBytes}
	})
}

func jsonOfReject(r load.Reject) refusedJSON {
	return refusedJSON{
		ID: r.ID, RunID: r.RunID, Source: r.Source, Listing: r.Listing, IsWhole: r.IsWhole,
		Subject: r.Subject, Field: r.Field, Reason: r.Reason, RejectedAt: r.RejectedAt.UTC(),
	}
}

// writeLines writes one JSON object a line, and keeps the line that it is at alone.
// Where an error ends them, those before it stand.
func writeLines(w io.Writer, rejects iter.Seq2[load.Reject, error], object func(load.Reject) any) (written int, err error) {
	buffer := bufio.NewWriterSize(w, 64<<10)
	defer func() {
		if flushing := buffer.Flush(); err == nil && flushing != nil {
			err = fmt.Errorf("write the report: %w", flushing)
		}
	}()
	for r, err := range rejects {
		if err != nil {
			return written, err
		}
		line, err := json.Marshal(object(r), json.FormatNilSliceAsNull(true), json.Deterministic(true))
		if err != nil {
			return written, fmt.Errorf("word reject %d as JSON: %w", r.ID, err)
		}
		if _, err := buffer.Write(append(line, '\n')); err != nil {
			return written, fmt.Errorf("write the report: %w", err)
		}
		written++
	}
	return written, nil
}
