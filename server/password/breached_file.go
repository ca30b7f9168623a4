package password

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// maxLine bounds one line: 40 hex digits, a colon, a count and a line end.
	maxLine = 64
	// probes is how many lines are looked at when a list is opened.
	probes = 64
)

// BreachedFile is an offline list: one upper-case SHA-1 in hex per line, with an
// optional ":count", sorted. It is read where it lies, whatever its size.
type BreachedFile struct {
	file   *os.File
	reader io.ReaderAt
	size   int64
}

// OpenBreachedFile opens a list and looks at its order in many places, since an
// unsorted file would silently let everything through.
func OpenBreachedFile(path string) (*BreachedFile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("breached list: %w", err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("breached list: %w", err), file.Close())
	}
	list := &BreachedFile{file: file, reader: file, size: info.Size()}
	if err := list.examine(); err != nil {
		return nil, errors.Join(fmt.Errorf("breached list: %w", err), file.Close())
	}
	return list, nil
}

// Close closes the file.
func (b *BreachedFile) Close() error { return b.file.Close() }

// Seen searches the file by halves.
func (b *BreachedFile) Seen(ctx context.Context, digest [sha1.Size]byte) (bool, error) {
	low, high := int64(0), b.size // the line, if it is there, starts in [low, high)
	for low < high {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		middle := low + (high-low)/2
		entry, start, next, err := b.lineFrom(middle)
		if errors.Is(err, io.EOF) || (err == nil && start >= high) {
			high = middle
			continue
		}
		if err != nil {
			return false, fmt.Errorf("breached list: %w", err)
		}
		switch bytes.Compare(entry[:], digest[:]) {
		case 0:
			return true, nil
		case -1:
			low = next
		default:
			high = middle
		}
	}
	return false, nil
}

// lineFrom reads the first whole line that starts at or after the offset; io.EOF
// when there is none.
func (b *BreachedFile) lineFrom(offset int64) (entry [sha1.Size]byte, start, next int64, err error) {
	var buffer [2*maxLine + 1]byte
	from := max(0, offset-1) // a line starts at the offset when the byte before ends one
	n, err := b.reader.ReadAt(buffer[:], from)
	if err != nil && !errors.Is(err, io.EOF) {
		return entry, 0, 0, err
	}
	rest, start := buffer[:n], from
	if offset > 0 {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 && n < len(buffer) {
			return entry, 0, 0, io.EOF
		}
		rest, start = rest[end+1:], from+int64(end)+1
	}
	if len(rest) == 0 {
		return entry, 0, 0, io.EOF
	}
	end := bytes.IndexByte(rest, '\n')
	next = start + int64(end) + 1
	if end < 0 {
		end, next = len(rest), b.size
	}
	entry, err = parseLine(rest[:end])
	return entry, start, next, err
}

func parseLine(line []byte) (entry [sha1.Size]byte, err error) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	digits, count, counted := bytes.Cut(line, []byte(":"))
	if len(line) > maxLine || len(digits) != hex.EncodedLen(sha1.Size) || (counted && !isCount(count)) {
		return entry, errors.New("a line is not HASH:COUNT")
	}
	if _, err := hex.Decode(entry[:], digits); err != nil {
		return entry, errors.New("a line is not HASH:COUNT")
	}
	return entry, nil
}

func isCount(text []byte) bool {
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return len(text) > 0 && len(text) <= 20
}

func (b *BreachedFile) examine() error {
	var before [sha1.Size]byte
	for probe := range int64(probes) {
		entry, start, _, err := b.lineFrom(b.size / probes * probe)
		if errors.Is(err, io.EOF) && probe > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return errors.New("the file is empty")
		}
		if err != nil {
			return fmt.Errorf("at byte %d: %w", start, err)
		}
		if bytes.Compare(entry[:], before[:]) < 0 {
			return fmt.Errorf("at byte %d: not sorted by hash", start)
		}
		before = entry
	}
	return nil
}
