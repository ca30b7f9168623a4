package pipeline

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Stale compares the working tree below root with what Build makes and says, one line
// each and sorted, which files are missing, old or not generated at all.
func Stale(root string, files []File) ([]string, error) {
	var complaints []string
	wanted := map[string]bool{}
	for _, file := range files {
		wanted[file.Path] = true
		current, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file.Path)))
		switch {
		case os.IsNotExist(err):
			complaints = append(complaints, file.Path+": missing")
		case err != nil:
			return nil, err
		case !bytes.Equal(current, file.Data):
			complaints = append(complaints, file.Path+": not what the contract gives")
		}
	}
	for _, folder := range folders {
		entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
		if err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("list %s: %w", folder, err)
		}
		for _, entry := range entries {
			path := folder + "/" + entry.Name()
			if !wanted[path] && !kept[path] {
				complaints = append(complaints, path+": nobody generates it")
			}
		}
	}
	slices.Sort(complaints)
	return complaints, nil
}
