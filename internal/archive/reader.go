package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Reader reads one file, frame by frame. It holds one block.
type Reader struct {
	from    *bufio.Reader
	decoder *zstd.Decoder
	at      int64  // in what is read from
	number  uint32 // of the next block
	found   bool   // number is known
	content []byte // of the block under way, what is not yet read
	err     error
}

// NewReader reads a file from its beginning.
func NewReader(from io.Reader) *Reader {
	r := NewReaderAmid(from)
	r.found = true
	return r
}

// NewReaderAmid reads a file from anywhere in it: from the first block that begins
// there.
func NewReaderAmid(from io.Reader) *Reader {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlock), zstd.WithDecoderLowmem(true))
	return &Reader{from: bufio.NewReaderSize(from, 64<<10), decoder: decoder, err: err}
}

// Next gives the next frame; io.EOF behind the last one of a file that is whole. Any
// other error is an [ErrTorn] or the reading's own. A frame keeps the memory of its block.
func (r *Reader) Next() (Frame, error) {
	for r.err == nil && len(r.content) == 0 {
		r.err = r.nextBlock()
	}
	if r.err != nil {
		return nil, r.err
	}
	var f Frame
	f, r.content, r.err = cutFrame(r.content)
	return f, r.err
}

// Close lets the decompressor's memory go. It does not close what is read from.
func (r *Reader) Close() {
	if r.decoder != nil {
		r.decoder.Close()
	}
	r.decoder, r.err = nil, errors.New("the archive's file is closed")
}

// nextBlock reads a block, and io.EOF at a proper end.
func (r *Reader) nextBlock() error {
	start, h, err := r.nextHeader()
	if err != nil {
		return err
	}
	if r.found && h.number != r.number {
		return fmt.Errorf("%w: at byte %d stands block %d in the place of block %d", ErrTorn, start, h.number, r.number)
	}
	r.found, r.number = true, h.number+1
	if h.kind == endKind {
		_, err := r.from.Peek(1)
		switch {
		case err == nil:
			return fmt.Errorf("%w: it goes on after its end, at byte %d", ErrTorn, r.at)
		case !errors.Is(err, io.EOF):
			return unread(err)
		}
		return io.EOF
	}
	packed, err := r.read(h)
	if err == nil {
		r.content, err = r.unpack(h, packed)
	} else if !errors.Is(err, errCutShort) {
		return unread(err)
	}
	if err != nil {
		return fmt.Errorf("%w: block %d at byte %d: %w", ErrTorn, h.number, start, err)
	}
	return nil
}

// unread is an error of what is read from: it says nothing of the file.
func unread(err error) error { return fmt.Errorf("read the archive's file: %w", err) }

// nextHeader reads the header that stands here, or, from the middle, the next one.
func (r *Reader) nextHeader() (start int64, h header, err error) {
	for {
		b, err := r.from.Peek(headerSize)
		if len(b) < headerSize {
			if err != nil && !errors.Is(err, io.EOF) {
				return 0, header{}, unread(err)
			}
			return 0, header{}, fmt.Errorf("%w: it breaks off at byte %d", ErrTorn, r.at+int64(len(b)))
		}
		start := r.at
		if h, ok := readHeader(b); ok {
			r.discard(headerSize)
			return start, h, nil
		}
		if r.found {
			return 0, header{}, fmt.Errorf("%w: at byte %d there is no block", ErrTorn, start)
		}
		r.discard(1)
	}
}

// discard passes over what has been peeked at.
func (r *Reader) discard(n int) {
	n, _ = r.from.Discard(n) // it is in the buffer
	r.at += int64(n)
}

// errCutShort says that the file ends in the middle of a block.
var errCutShort = errors.New("it is cut short")

// read reads a block as it is stored. Memory grows with what is really there, not with
// what the header promises.
func (r *Reader) read(h header) ([]byte, error) {
	var packed bytes.Buffer
	n, err := io.CopyN(&packed, r.from, int64(h.packed))
	r.at += n
	if errors.Is(err, io.EOF) {
		return nil, errCutShort
	}
	return packed.Bytes(), err
}

// unpack gives the content of a block.
func (r *Reader) unpack(h header, packed []byte) ([]byte, error) {
	if crc32.Checksum(packed, castagnoli) != h.sum {
		return nil, errors.New("its checksum is another")
	}
	content, err := r.decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	if len(content) != int(h.plain) {
		return nil, errors.New("its length is another")
	}
	return content, nil
}
