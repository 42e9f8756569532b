package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// ErrTorn says that a file breaks off or is damaged. What was read of it before is as it
// was written.
var ErrTorn = errors.New("the archive's file is torn or damaged")

const (
	skippable  = 0x184D2A5A // of the sixteen magic numbers that zstd skips
	headerSize = 40
	behindSize = headerSize - 8 // the header's length as a skippable frame's header has it
	blockKind  = 0
	endKind    = 1

	// blockSize is from how many bytes of content a block is closed: enough to pack well,
	// little enough to be read alone.
	blockSize = 1 << 20
	// maxFrame bounds a frame: twice the largest answer that is read, for its line.
	maxFrame = 128 << 20
	// maxBlock bounds a block's content, packed or not.
	maxBlock = blockSize + maxFrame
)

var (
	// prefix is what every header begins with.
	prefix = []byte("\x5A\x2A\x4D\x18\x20\x00\x00\x00SIMARCH1")

	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// header stands before a block, and alone at the end.
type header struct {
	kind, number, packed, plain uint32
	sum                         uint32 // of the packed content
}

// append writes the header behind b.
func (h header) append(b []byte) []byte {
	start := len(b)
	b = append(b, prefix...)
	for _, n := range []uint32{h.kind, h.number, h.packed, h.plain, h.sum} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

// readHeader reads a header, and tells whether it is one, unharmed and of bounds that
// may be trusted.
func readHeader(b []byte) (header, bool) {
	if len(b) < headerSize || !bytes.HasPrefix(b, prefix) {
		return header{}, false
	}
	u := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	h := header{kind: u(16), number: u(20), packed: u(24), plain: u(28), sum: u(32)}
	isOurs := crc32.Checksum(b[:headerSize-4], castagnoli) == u(36)
	return h, isOurs && h.kind <= endKind && h.packed <= maxBlock && h.plain <= maxBlock
}
