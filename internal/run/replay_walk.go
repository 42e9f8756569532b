package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// walkAll brings what the walks handed on then to the stage, in the batches and the order
// of then. Each file is read twice, the first time for its order and its soundness.
func (r *replay) walkAll(ctx context.Context, s *syncer) ([]walked, error) {
	replayed := make([]*replayedWalk, len(r.Walks))
	walks := make([]walked, len(r.Walks))
	for i, w := range r.Walks {
		part := archive.Part{File: archive.FileWalk, Number: i + 1, Listing: w.Listing}
		sketch, err := r.sketch(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("replay listing %s: %w", w.Listing, err)
		}
		replayed[i] = &replayedWalk{sketch: sketch, part: part, stage: s.session.Walk(w.Listing)}
		walks[i] = walked{Facts: w.Facts(), err: sketch.torn}
		if sketch.torn != nil {
			walks[i].Verdict = fetch.VerdictTorn
		}
	}
	defer func() {
		for _, w := range replayed {
			w.close()
		}
	}()
	for _, w := range inOrder(replayed) {
		if err := w.next(ctx, r); err != nil {
			return walks, fmt.Errorf("replay listing %s: %w", w.part.Listing, err)
		}
	}
	for _, w := range walks {
		s.logWalk(w)
	}
	return walks, nil
}

// sketch is what has to be known of a walk's file before it is replayed.
type sketch struct {
	batches []int64
	// needed are the answers that pages are made of, by their numbers. Others are passed
	// over: they would have to be kept until the end.
	needed map[int64]bool
	torn   error // why a part of the file is lost; nil: it is whole
}

// sketch reads a walk's file for its order. Its error is not that the file is torn.
func (r *replay) sketch(ctx context.Context, part archive.Part) (sketch, error) {
	s := sketch{needed: make(map[int64]bool)}
	file, err := r.Open(ctx, part)
	for err == nil {
		var f archive.Frame
		if f, err = file.Next(); err != nil {
			break
		}
		switch f := f.(type) {
		case *archive.Page:
			s.needed[f.Answer] = true
		case *archive.Batch:
			s.batches = append(s.batches, f.Number)
		}
	}
	if file != nil {
		file.Close()
	}
	switch {
	case errors.Is(err, io.EOF):
		return s, nil
	case errors.Is(err, archive.ErrTorn):
		s.torn = err
		return s, nil
	}
	return s, err
}

// replayedWalk is a walk's file on its way to the stage.
type replayedWalk struct {
	sketch
	part  archive.Part
	stage *load.Walk
	done  int // batches
	pages pagesReader
}

// inOrder has each walk once for each of its batches, and once more for what a torn file
// holds behind its last one.
func inOrder(walks []*replayedWalk) []*replayedWalk {
	type turn struct {
		number int64
		walk   *replayedWalk
	}
	var turns []turn
	var behind []*replayedWalk
	for _, w := range walks {
		for _, number := range w.batches {
			turns = append(turns, turn{number, w})
		}
		if w.torn != nil {
			behind = append(behind, w)
		}
	}
	slices.SortStableFunc(turns, func(x, y turn) int { return cmp.Compare(x.number, y.number) })
	order := make([]*replayedWalk, 0, len(turns)+len(behind))
	for _, t := range turns {
		order = append(order, t.walk)
	}
	return append(order, behind...)
}

// next brings the walk's next batch to the stage. Its file is open from the first to the
// last of them, so that no more are than were walked at once.
func (w *replayedWalk) next(ctx context.Context, r *replay) (err error) {
	if w.pages == nil {
		if w.pages, err = r.pages(ctx, w); w.pages == nil {
			return err
		}
	}
	if err := w.pages.batch(ctx); err != nil {
		return err
	}
	if w.done++; w.done == len(w.batches) && w.torn == nil {
		w.close()
	}
	return nil
}

func (w *replayedWalk) close() {
	if w.pages != nil {
		w.pages.close()
	}
	w.pages = nil
}

// pagesReader reads a walk's file, whatever its records are.
type pagesReader interface {
	batch(ctx context.Context) error
	close()
}

// pages opens a walk's file; nil where it cannot be begun to be read, being torn.
func (r *replay) pages(ctx context.Context, w *replayedWalk) (pagesReader, error) {
	file, err := r.Open(ctx, w.part)
	switch {
	case errors.Is(err, archive.ErrTorn) && w.torn != nil:
		return nil, nil //nolint:nilerr // the walk is known to be torn
	case err != nil:
		return nil, err
	case config.API(r.API) == config.FloLIVEv2:
		return newPages(file, w, floLIVEInto), nil
	}
	return newPages(file, w, (*transform.Batch).IoTX), nil
}

func newPages[R any](file *archive.Opened, w *replayedWalk, into func(*transform.Batch, fetch.Record[R], time.Time)) pagesReader {
	return &pages[R]{
		reader: reader[R]{into: into, stage: w.stage, session: 1}, file: file, needed: w.needed, answers: make(map[int64][]byte),
		isTorn: w.torn != nil,
	}
}

var (
	_ pagesReader = (*pages[flolive.Subscriber])(nil)
	_ pagesReader = (*pages[iotx.Subscriber])(nil)
)

// pages makes pages of a walk's file.
type pages[R any] struct {
	reader[R]
	file    *archive.Opened
	needed  map[int64]bool
	answers map[int64][]byte // bodies whose page has not come yet
	isTorn  bool             // found when the file was read first
}

// batch brings to the stage what went there as one batch; of a torn file, behind its last
// batch, what else can be read of it. A file that was whole when it was read first, and
// now ends before the batch does, is an error: by its verdict whoever is not in it has
// left.
func (p *pages[R]) batch(ctx context.Context) error {
	for {
		f, err := p.file.Next()
		switch {
		case p.isTorn && (errors.Is(err, io.EOF) || errors.Is(err, archive.ErrTorn)):
			return p.flush(ctx)
		case errors.Is(err, io.EOF):
			return errors.New("the archive's file is shorter than when it was read first")
		case err != nil:
			return err
		}
		switch f := f.(type) {
		case *archive.Answer:
			if p.needed[f.Number] {
				p.answers[f.Number] = f.Body
			}
		case *archive.Page:
			if err := p.page(ctx, f); err != nil {
				return err
			}
		case *archive.Batch:
			return p.flush(ctx)
		}
	}
}

// page gathers a page as the walk yielded it.
func (p *pages[R]) page(ctx context.Context, f *archive.Page) error {
	raws, err := f.Records.Records(p.answers[f.Answer])
	if err != nil {
		return err
	}
	delete(p.answers, f.Answer)
	return p.gather(ctx, fetch.Page[R]{Session: f.Session, Records: readRaws[R](raws), ReceivedAt: f.Received})
}

func (p *pages[R]) close() { p.file.Close() }

func readRaws[R any](raws [][]byte) []fetch.Record[R] {
	records := make([]fetch.Record[R], len(raws))
	for i, raw := range raws {
		records[i] = fetch.ReadRecord[R](raw)
	}
	return records
}
