package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// A backup is the file of an SQLite database, which SQLite itself can open, and after
// its pages a note of noteBytes: noteMagic, JSON, spaces. SQLite never looks there,
// since the header of a database says how many pages it has.
const (
	noteBytes = 4096
	noteMagic = "lintel backup 1\n"
	copyBytes = 1 << 20
)

// The reasons a file is not taken for a backup.
var (
	ErrNoBackup = errors.New("was not made by lintel backup, or is cut short")
	ErrDamaged  = errors.New("is damaged: it is not what lintel backup has written")
)

// Note is what a backup tells of itself at its end.
type Note struct {
	MadeAt       time.Time `json:"made_at"`
	Bytes        int64     `json:"bytes"`  // of the database before the note
	SHA256       string    `json:"sha256"` // of the same
	Schema       int64     `json:"schema"`
	LastSequence int64     `json:"last_sequence"`
	Users        int64     `json:"users"`
	Events       int64     `json:"events"`
	RootKeys     []string  `json:"root_keys"` // the ids of those that open it, and no key
}

// FinishBackup puts the note, whose size and digest it computes, at the end of a copy
// that Inspect has seen, and flushes the file.
func FinishBackup(ctx context.Context, path string, note Note) (finished Note, err error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return Note{}, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	digest := sha256.New()
	if note.Bytes, err = copyAll(ctx, digest, file); err != nil {
		return Note{}, err
	}
	note.SHA256 = hex.EncodeToString(digest.Sum(nil))
	text, err := json.Marshal(note)
	if err != nil {
		return Note{}, err
	}
	end := append([]byte(noteMagic), text...)
	if len(end) > noteBytes {
		return Note{}, errors.New("storage: the note of a backup is too long")
	}
	end = append(end, bytes.Repeat([]byte(" "), noteBytes-len(end))...)
	if _, err := file.Write(end); err != nil {
		return Note{}, err
	}
	return note, file.Sync()
}

// UnpackBackup copies the database in a backup to a file of its own, for our own user
// only, and proves that it is what the backup was finished with. ErrNoBackup, ErrDamaged.
func UnpackBackup(ctx context.Context, from, into string) (note Note, err error) {
	source, err := os.Open(from)
	if err != nil {
		return Note{}, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if note, err = readNote(source); err != nil {
		return Note{}, err
	}
	target, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Note{}, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	digest := sha256.New()
	copied, err := copyAll(ctx, io.MultiWriter(target, digest), io.LimitReader(source, note.Bytes))
	if err != nil {
		return Note{}, err
	}
	if copied != note.Bytes || hex.EncodeToString(digest.Sum(nil)) != note.SHA256 {
		return Note{}, ErrDamaged
	}
	return note, nil
}

// readNote reads the end of a file and leaves it to be read from its beginning.
func readNote(file *os.File) (note Note, err error) {
	info, err := file.Stat()
	if err != nil {
		return Note{}, err
	}
	if !info.Mode().IsRegular() || info.Size() < noteBytes {
		return Note{}, ErrNoBackup
	}
	end := make([]byte, noteBytes)
	if _, err := file.ReadAt(end, info.Size()-noteBytes); err != nil {
		return Note{}, err
	}
	text, ours := bytes.CutPrefix(end, []byte(noteMagic))
	if !ours || json.Unmarshal(text, &note) != nil {
		return Note{}, ErrNoBackup
	}
	if note.Bytes != info.Size()-noteBytes {
		return Note{}, ErrDamaged
	}
	return note, nil
}

// copyAll is io.Copy that looks at the context now and then.
func copyAll(ctx context.Context, into io.Writer, from io.Reader) (total int64, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n, err := io.CopyN(into, from, copyBytes)
		total += n
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// Publish gives a finished file its name, and flushes that too. Without replace it
// fails with fs.ErrExist where the name is taken.
func Publish(finished, name string, replace bool) error {
	if replace {
		if err := os.Rename(finished, name); err != nil {
			return err
		}
		return syncDir(filepath.Dir(name))
	}
	if err := os.Link(finished, name); err != nil { // a rename would replace
		return err
	}
	return errors.Join(os.Remove(finished), syncDir(filepath.Dir(name)))
}

// syncDir makes what was done to the names in a directory survive a loss of power.
func syncDir(dir string) (err error) {
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	if err := opened.Sync(); err != nil {
		return fmt.Errorf("flush %s: %w", dir, err)
	}
	return nil
}
