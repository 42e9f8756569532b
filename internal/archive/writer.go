package archive

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Writer writes one file. It holds a block, packed, and nothing else of what it is given.
type Writer struct {
	to      io.Writer
	encoder *zstd.Encoder
	packed  bytes.Buffer // the block under way
	plain   int          // its length, unpacked
	number  uint32       // of the block under way
	err     error
}

// NewWriter begins a file with its head.
func NewWriter(to io.Writer, head Head) (*Writer, error) {
	// One goroutine, ours; and a window that is a block's, not the eight megabytes that are
	// usual.
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(blockSize), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, fmt.Errorf("make the compressor: %w", err)
	}
	w := &Writer{to: to, encoder: encoder}
	encoder.Reset(&w.packed)
	return w, w.Write(&head)
}

// Write appends a frame. After an error nothing more is written, and it is returned
// again.
func (w *Writer) Write(f Frame) error {
	if w.err == nil {
		w.err = w.write(f)
	}
	return w.err
}

func (w *Writer) write(f Frame) error {
	a, isAnswer := f.(*Answer)
	if isAnswer {
		a.Bytes = len(a.Body)
	}
	text, err := line(f)
	if err != nil {
		return err
	}
	parts := [][]byte{text}
	if isAnswer {
		parts = append(parts, a.Body, []byte{'\n'})
	}
	for _, part := range parts {
		if w.plain += len(part); w.plain > maxBlock {
			return fmt.Errorf("a frame of kind %s is longer than %d bytes", f.kind(), maxFrame)
		}
		if _, err := w.encoder.Write(part); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
	}
	if w.plain < blockSize {
		return nil
	}
	return w.closeBlock()
}

// closeBlock sends the block under way off, and begins the next.
func (w *Writer) closeBlock() error {
	if err := w.encoder.Close(); err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	h := header{
		kind: blockKind, number: w.number, packed: uint32(w.packed.Len()), plain: uint32(w.plain),
		sum: crc32.Checksum(w.packed.Bytes(), castagnoli),
	}
	if _, err := w.to.Write(h.append(nil)); err != nil {
		return err
	}
	if _, err := w.to.Write(w.packed.Bytes()); err != nil {
		return err
	}
	w.number++
	w.plain = 0
	w.packed.Reset()
	w.encoder.Reset(&w.packed)
	return nil
}

// Close writes the rest and the end. It does not close what is written to.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	if w.plain > 0 {
		w.err = w.closeBlock()
	}
	if w.err == nil {
		_, w.err = w.to.Write(header{kind: endKind, number: w.number}.append(nil))
	}
	return w.err
}
