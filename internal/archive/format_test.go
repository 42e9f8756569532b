package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, time.November, 28, 12, 0, 0, 123456789, time.UTC)

func someHead() Head {
	return Head{Format: Format, Version: "1.2.3", Run: "0199f3c2-0000-7000-8000-000000000001", Source: "flolive", API: "flolive-v2", File: FileWalk, Listing: "c", At: noon}
}

// someFrames are n frames of every kind, with bodies large enough for several blocks.
func someFrames(n int) []Frame {
	var frames []Frame
	for i := range n {
		number := int64(i + 1)
		body := []byte(`{"content":[` + strings.Repeat(fmt.Sprintf(`{"subscriberId":"%d"},`, i), 3000*(i%3)) + `{}]}`)
		frames = append(frames,
			&Answer{Number: number, Op: "read", Method: "POST", Path: "/p", Status: 200, Sent: noon, Received: noon.Add(time.Second), Bytes: len(body), Body: body},
			&Page{Session: 1 + i%2, Answer: number, Received: noon, Records: Places{12, 2, 1, 0}},
			&Batch{Number: number},
			&Told{Subject: "8935", IDs: []string{"a", "b"}, Outcome: Absent, Asked: noon},
		)
	}
	return frames
}

// alike compares bodies as a whole, not byte by byte.
var alike = cmp.Options{cmp.Comparer(bytes.Equal), cmpopts.EquateEmpty()}

// written is a file of the frames.
func written(t testing.TB, frames []Frame) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := NewWriter(&file, someHead())
	for _, f := range frames {
		if err == nil {
			err = w.Write(f)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// read is all frames behind the head, and how the file ended.
func read(r *Reader) ([]Frame, error) {
	defer r.Close()
	var frames []Frame
	for {
		f, err := r.Next()
		if err != nil {
			return frames, err
		}
		if _, isHead := f.(*Head); !isHead {
			frames = append(frames, f)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	want := someFrames(40)
	got, err := read(NewReader(bytes.NewReader(written(t, want))))
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, alike); diff != "" {
		t.Errorf("frames (-written +read):\n%.2000s", diff)
	}
}

// Every reader of zstd unpacks a file of ours: the headers are frames that it skips.
func TestFileIsPlainZstd(t *testing.T) {
	t.Parallel()
	r, err := zstd.NewReader(bytes.NewReader(written(t, someFrames(1))))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	want := `head {"format":1,"version":"1.2.3","run":"0199f3c2-0000-7000-8000-000000000001","source":"flolive","api":"flolive-v2","file":"walk","listing":"c","at":"2026-11-28T12:00:00.123456789Z"}
answer {"number":1,"op":"read","method":"POST","path":"/p","status":200,"sent":"2026-11-28T12:00:00.123456789Z","received":"2026-11-28T12:00:01.123456789Z","bytes":16}
{"content":[{}]}
page {"session":1,"answer":1,"received":"2026-11-28T12:00:00.123456789Z","records":[12,2,1,0]}
batch {"number":1}
told {"subject":"8935","ids":["a","b"],"outcome":"absent","asked":"2026-11-28T12:00:00.123456789Z"}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// Wherever a file breaks off, and whatever byte of it changes, that is found, and what
// stands before is read as it was written.
func TestHarmIsFound(t *testing.T) {
	t.Parallel()
	frames := someFrames(40)
	file := written(t, frames)
	blocks := blocksOf(t, file)
	rapid.Check(t, func(t *rapid.T) {
		harmed := bytes.Clone(file)
		at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
		switch rapid.SampledFrom([]string{"cut", "flip", "insert", "drop", "append"}).Draw(t, "harm") {
		case "cut":
			harmed = harmed[:at]
		case "flip":
			harmed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		case "insert":
			harmed = append(harmed[:at:at], append([]byte{rapid.Byte().Draw(t, "byte")}, file[at:]...)...)
		case "drop":
			harmed = append(harmed[:at:at], file[at+1:]...)
		case "append":
			harmed, at = append(harmed, rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "more")...), len(file)
		}
		got, err := read(NewReader(bytes.NewReader(harmed)))
		if !errors.Is(err, ErrTorn) {
			t.Fatalf("not found: %v", err)
		}
		if diff := cmp.Diff(frames[:len(got)], got, alike); diff != "" {
			t.Fatalf("what stands before (-written +read):\n%.1000s", diff)
		}
		for _, b := range blocks {
			if b.end <= at && len(got) < b.frames {
				t.Fatalf("%d frames are read, %d stand in whole blocks before byte %d", len(got), b.frames, at)
			}
		}
	})
}

// block is where a block of a file ends, and how many frames, without the head, stand in
// the file up to there.
type block struct{ end, frames int }

func blocksOf(t testing.TB, file []byte) []block {
	t.Helper()
	var blocks []block
	for end := 0; ; {
		h, ok := readHeader(file[end:])
		if end += headerSize + int(h.packed); !ok || h.kind == endKind {
			return blocks
		}
		begun := append(bytes.Clone(file[:end]), header{kind: endKind, number: h.number + 1}.append(nil)...)
		frames, err := read(NewReader(bytes.NewReader(begun)))
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		blocks = append(blocks, block{end, len(frames)})
	}
}

// Blocks out of their order are no file.
func TestBlocksInOrder(t *testing.T) {
	t.Parallel()
	file := written(t, someFrames(40))
	var blocks [][]byte
	for rest := file; len(rest) > 0; {
		h, _ := readHeader(rest)
		end := headerSize + int(h.packed)
		blocks, rest = append(blocks, rest[:end]), rest[end:]
	}
	if len(blocks) < 4 {
		t.Fatalf("%d blocks", len(blocks))
	}
	for name, order := range map[string][]int{"without the first": {1, 2}, "twice": {0, 0, 1}, "swapped": {0, 2, 1}, "without one": {0, 2}, "too short": {0, 1}} {
		var harmed []byte
		for _, i := range order {
			harmed = append(harmed, blocks[i]...)
		}
		harmed = append(harmed, blocks[len(blocks)-1]...)
		if _, err := read(NewReader(bytes.NewReader(harmed))); !errors.Is(err, ErrTorn) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// From anywhere in a file the blocks that begin behind are read.
func TestFromTheMiddle(t *testing.T) {
	t.Parallel()
	frames := someFrames(40)
	file := written(t, frames)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(file)-headerSize).Draw(t, "at")
		got, err := read(NewReaderAmid(bytes.NewReader(file[at:])))
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if diff := cmp.Diff(frames[len(frames)-len(got):], got, alike); diff != "" {
			t.Fatalf("the last frames (-written +read):\n%.1000s", diff)
		}
	})
	got, _ := read(NewReaderAmid(bytes.NewReader(file[1:])))
	if len(got) == 0 || len(got) == len(frames) {
		t.Errorf("%d of %d frames stand behind the first block", len(got), len(frames))
	}
}

// A file that cannot be read for a while is not said to be torn.
func TestReadingFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is on fire")
	whole := written(t, someFrames(2))
	for n := range whole {
		r := NewReader(io.MultiReader(bytes.NewReader(whole[:n]), failing{broken}))
		if _, err := read(r); !errors.Is(err, broken) || errors.Is(err, ErrTorn) {
			t.Errorf("after %d of %d bytes: %v", n, len(whole), err)
		}
	}
	r := NewReader(io.MultiReader(bytes.NewReader(whole), failing{broken}))
	if _, err := read(r); !errors.Is(err, broken) || errors.Is(err, ErrTorn) {
		t.Errorf("behind the end: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// FuzzReader: whatever a file holds, it is read or refused, in bounded memory.
func FuzzReader(f *testing.F) {
	f.Add(written(f, nil))
	f.Add(written(f, someFrames(2)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, r := range []*Reader{NewReader(bytes.NewReader(file)), NewReaderAmid(bytes.NewReader(file))} {
			if _, err := read(r); !errors.Is(err, io.EOF) && !errors.Is(err, ErrTorn) {
				t.Error(err)
			}
		}
	})
}

// FuzzFrame: whatever a block holds, frames are cut off it or it is torn, and records lie
// within the body.
func FuzzFrame(f *testing.F) {
	f.Add([]byte("answer {\"bytes\":2}\n{}\npage {\"records\":[0,2]}\n"))
	f.Add([]byte("told {\"records\":[1,-2,9223372036854775807,1]}\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for len(content) > 0 {
			frame, rest, err := cutFrame(content)
			if err != nil {
				return
			}
			if p, ok := frame.(*Page); ok {
				_, _ = p.Records.Records([]byte("{}")) // it must not panic
			}
			if len(rest) >= len(content) {
				t.Fatal("nothing was cut off")
			}
			content = rest
		}
	})
}
