package archive

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// Format is the version of what the frames say.
const Format = 1

// Frame is a *[Head], [Answer], [Page], [Batch], [Told] or [Manifest].
type Frame interface{ kind() string }

// Head begins every file.
type Head struct {
	Format  int    `json:"format"`
	Version string `json:"version"` // the program's
	Run     string `json:"run"`     // a UUID of version 7
	Source  string `json:"source"`
	API     string `json:"api"`
	// File is what the file holds.
	File File `json:"file"`
	// Listing is what is walked; empty where the file is no walk's.
	Listing string    `json:"listing,omitzero"`
	At      time.Time `json:"at"` // when the file was begun
}

// Part is a file of a run.
type Part struct {
	File File
	// Number and Listing tell walks apart: the place of the listing, from 1, and its name,
	// which may be any text.
	Number  int
	Listing string
}

// name is the part's in the folder of its run.
func (p Part) name() string {
	if p.File == FileWalk {
		return fmt.Sprintf("%s-%d%s", p.File, p.Number, fileSuffix)
	}
	return string(p.File) + fileSuffix
}

// File is what a file holds.
type File string

// The files of a run.
const (
	FileWalk     File = "walk"
	FileMissing  File = "missing"
	FileDetails  File = "details"
	FileProfiles File = "profiles"
	FileRun      File = "run"
)

// Answer is what a provider answered to one request, repeated requests each on their
// own. There may be answers that nothing became of.
type Answer struct {
	Number   int64     `json:"number"` // in its file, from 1
	Op       string    `json:"op"`     // what was being done
	Method   string    `json:"method"`
	Path     string    `json:"path"` // with the query; below the base URL
	Status   int       `json:"status"`
	Sent     time.Time `json:"sent"`
	Received time.Time `json:"received"`
	Bytes    int       `json:"bytes"`
	Body     []byte    `json:"-"`
}

// Page is what a walk made of an answer: the records that it handed on, in their order.
type Page struct {
	Session  int       `json:"session"` // a higher one voids the pages before
	Answer   int64     `json:"answer"`
	Received time.Time `json:"received"`
	Records  Places    `json:"records"`
}

// Batch says that what the pages since the batch before held went to the stage, and as
// which of the run's batches: where two walks hold the same subscriber, the later word
// counts.
type Batch struct {
	Number int64 `json:"number"` // in its run, from 1
}

// Told is what came of asking for one thing.
type Told struct {
	Subject string `json:"subject"` // an ICCID, an EID or a physicalId
	// IDs are the subscriberIds whose details were asked for.
	IDs     []string `json:"ids,omitzero"`
	Outcome Outcome  `json:"outcome"`
	// IsPartial: the provider has more records than it sent.
	IsPartial bool `json:"partial,omitzero"`
	// Answer is the one that the records are in; 0: none.
	Answer   int64     `json:"answer,omitzero"`
	Asked    time.Time `json:"asked"`
	Received time.Time `json:"received,omitzero"`
	Records  Places    `json:"records,omitzero"`
}

// Outcome is what a provider said of one thing.
type Outcome string

// The outcomes.
const (
	Found   Outcome = "found"
	Absent  Outcome = "absent"
	Refused Outcome = "refused"
)

func (*Head) kind() string     { return "head" }
func (*Answer) kind() string   { return "answer" }
func (*Page) kind() string     { return "page" }
func (*Batch) kind() string    { return "batch" }
func (*Told) kind() string     { return "told" }
func (*Manifest) kind() string { return "run" }

// newFrame is an empty frame of a kind; nil for an unknown one.
func newFrame(kind string) Frame {
	for _, f := range []Frame{&Head{}, &Answer{}, &Page{}, &Batch{}, &Told{}, &Manifest{}} {
		if f.kind() == kind {
			return f
		}
	}
	return nil
}

// line is a frame's line.
func line(f Frame) ([]byte, error) {
	object, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write a frame of kind %s: %w", f.kind(), err)
	}
	return append(append([]byte(f.kind()+" "), object...), '\n'), nil
}

// cutFrame takes the first frame off a block's content. What it returns shares the
// content's memory.
func cutFrame(content []byte) (f Frame, rest []byte, err error) {
	text, rest, found := bytes.Cut(content, []byte{'\n'})
	kind, object, _ := bytes.Cut(text, []byte{' '})
	if f = newFrame(string(kind)); !found || f == nil {
		return nil, nil, fmt.Errorf("%w: there is no frame where one should be", ErrTorn)
	}
	if err := json.Unmarshal(object, f); err != nil {
		return nil, nil, fmt.Errorf("%w: a frame of kind %s cannot be read", ErrTorn, f.kind())
	}
	a, ok := f.(*Answer)
	if !ok {
		return f, rest, nil
	}
	if a.Bytes < 0 || a.Bytes >= len(rest) || rest[a.Bytes] != '\n' {
		return nil, nil, fmt.Errorf("%w: an answer's body does not end where it should", ErrTorn)
	}
	a.Body = rest[:a.Bytes:a.Bytes]
	return a, rest[a.Bytes+1:], nil
}
