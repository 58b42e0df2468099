package demo

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

//go:embed project
var project embed.FS

// writeProject copies the texts of a project into dir.
func writeProject(dir, name string) error {
	root := path.Join("project", name)
	return fs.WalkDir(project, root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(p, root)))
		if e.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		text, err := project.ReadFile(p)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
}
