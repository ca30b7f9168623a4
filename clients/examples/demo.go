package examples

import (
	"embed"
	"io/fs"
)

//go:embed login-vanilla/index.html login-vanilla/links.js login-vanilla/lintel.js login-vanilla/passkeys.js login-vanilla/profile.js login-vanilla/proofs.js login-vanilla/words.js
var vanilla embed.FS

// Demo is the login page, index.html, with the scripts beside it that it imports.
func Demo() (fs.FS, error) { return fs.Sub(vanilla, "login-vanilla") }
