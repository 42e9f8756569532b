package report

import (
	"io"

	"simsync/internal/load"
)

type dryRunJSON struct {
	Sources []comparedJSON `json:"sources"`
}

type comparedJSON struct {
	Source        string        `json:"source"`
	Outcome       *load.Outcome `json:"outcome"`
	ExitCode      *int          `json:"exit_code"`
	Error         *string       `json:"error"`
	Declared      *int64        `json:"declared"`
	Records       *int64        `json:"records"`
	Inserted      *int64        `json:"inserted"`
	Updated       *int64        `json:"updated"`
	Unchanged     *int64        `json:"unchanged"`
	Repeated      *int64        `json:"repeated"`
	Rejected      *int64        `json:"rejected"`
	RejectedParts *int64        `json:"rejected_parts"`
	Removed       *int64        `json:"removed"`
	Doubtful      *int64        `json:"doubtful"`
	Fields        []fieldJSON   `json:"fields"`
	Examples      []exampleJSON `json:"examples"`
}

type fieldJSON struct {
	Field       string `json:"field"`
	Subscribers int64  `json:"subscribers"`
}

type exampleJSON struct {
	Change     string       `json:"change"`
	Subscriber string       `json:"subscriber"`
	Fields     []changeJSON `json:"fields"`
}

type changeJSON struct {
	Field string  `json:"field"`
	Old   *string `json:"old"`
	New   *string `json:"new"`
}

// DryRunJSON writes what a run would do as the object that the package comment describes.
func DryRunJSON(w io.Writer, sources []Compared) error {
	return writeJSON(w, dryRunJSON{Sources: each(sources, jsonOfCompared)})
}

func jsonOfCompared(c Compared) comparedJSON {
	r := c.As
	j := comparedJSON{
		Source: r.Source, Outcome: r.Outcome, ExitCode: r.ExitCode, Error: r.Error, Declared: r.Declared, Records: r.Records,
		Inserted: r.Inserted, Updated: r.Updated, Unchanged: r.Unchanged, Repeated: r.Repeated, Rejected: r.Rejected,
		RejectedParts: r.RejectedParts, Removed: r.Removed, Fields: []fieldJSON{}, Examples: []exampleJSON{},
	}
	if c.Found == nil {
		return j
	}
	j.Doubtful = &c.Found.Doubtful
	j.Fields = each(c.Found.Fields, func(f load.FieldCount) fieldJSON { return fieldJSON(f) })
	j.Examples = each(c.Found.Examples, func(e load.Example) exampleJSON {
		return exampleJSON{
			Change: e.Change, Subscriber: e.Subscriber,
			Fields: each(e.Fields, func(f load.FieldChange) changeJSON { return changeJSON(f) }),
		}
	})
	return j
}
