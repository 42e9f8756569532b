// Package archive keeps what the providers answered, so that a database can be built
// from it again: every answer whole, as received, in one compressed file a walk, in a
// folder on this machine or in a bucket that speaks S3.
//
// It knows files, frames, object stores and raw answers. It refuses to know what a
// record means, what became of it, and SQL.
//
// # Places
//
// A run on a source has a folder, whose name sorts by time, and the file of its manifest
// in it is what makes it a run: it is written last.
//
//	SOURCE/20261128T020000Z-0199f3c2-.../walk-1.zst         the walk of the first listing
//	                                     missing.zst        subscribers asked for before they are called removed
//	                                     details.zst        details asked for; published later, by itself
//	                                     profiles.zst       profiles asked for; the same
//	                                     run.zst            the manifest
//
// On a disk a file is written beside its place under the name with .part behind it, and
// renamed when it is whole; in a bucket it is an upload that is not complete until then.
//
// # A file
//
// A file is a sequence of blocks and an end. All numbers in it are little-endian. A
// block is a header of 40 bytes and its content, packed: one frame of zstd. The header
// is itself a frame of zstd, of the kind that every reader skips, so that
// "zstd -dc FILE" unpacks a file of ours.
//
//	 0  4  0x184D2A5A: the magic number of a skippable frame
//	 4  4  32: the length of what follows up to the content
//	 8  8  "SIMARCH1": the mark by which a block is found from the middle of a file
//	16  4  0 for a block, 1 for the end
//	20  4  the block's number, from 0; for the end: how many blocks there are
//	24  4  the content's length, packed; for the end: 0
//	28  4  the content's length, unpacked; for the end: 0
//	32  4  CRC-32C of the packed content
//	36  4  CRC-32C of the bytes 0 to 35
//
// The content of a block is whole frames. A frame is a line of text: its kind, a space, a
// JSON object and a line feed; behind the line of an answer stand as many bytes of its
// body as its member bytes says, and a line feed. The first frame of a file is its head.
//
// A file without its end, a block that is cut short, that does not match its checksums or
// that is not the next by number, and anything behind the end are [ErrTorn]; all that
// stands before is read.
package archive
