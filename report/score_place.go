package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"parcours/internal/diag"
	"parcours/internal/outdir"
	"parcours/report/dataset/handoff"
	"parcours/report/dataset/parquetscan"
)

const (
	codeScorePlace   diag.Code = "PO004" // scores may not be written there
	codeScoreForeign diag.Code = "PO005" // a file of somebody else is in the place of the scores
)

// place chooses file and form of the scores and says when they may not be there.
func (p *project) place(opt *ScoreOptions, l *diag.List) {
	if opt.Form == "" {
		opt.Form = handoff.Parquet
		if strings.EqualFold(filepath.Ext(opt.Out), ".csv") {
			opt.Form = handoff.CSV
		}
	}
	if opt.Out == "" {
		opt.Out = filepath.Join(p.site.Root, "scores."+string(opt.Form))
	}
	refuse := func(code diag.Code, hint, format string, args ...any) {
		l.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Pos: diag.Position{File: opt.Out}, Msg: fmt.Sprintf(format, args...), Hint: hint})
	}
	if opt.Out == "-" {
		refuse(codeScorePlace, "name a file; ./- is one of that name", "scores name customers and are not written to standard output")
		return
	}
	path, err := realPath(opt.Out)
	if err != nil {
		l.Add(unwritableScores(opt.Out, err))
		return
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		refuse(codeScorePlace, "name another file with --out", "it is not a file")
		return
	}
	if dir := p.published(path); dir != "" {
		refuse(codeScorePlace, "choose a folder outside with --out", "scores name customers and are never written into a published folder, which %s is", dir)
		return
	}
	if table := parquetscan.Reads(p.site.Data, path); table != "" {
		refuse(codeScorePlace, "choose another folder with --out, or name the files of the data more closely", "the scores would be read as data of [data.%s] the next time", table)
		return
	}
	ours, err := handoff.IsScores(path)
	switch {
	case err != nil:
		l.Add(unwritableScores(opt.Out, err))
	case !ours && !opt.Force:
		refuse(codeScoreForeign, "choose another file with --out, or replace this one with --force", "there is a file that does not hold scores of parcours")
	}
}

// realPath follows the links of the folder of a file that need not exist.
func realPath(file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	return filepath.Join(dir, filepath.Base(abs)), err
}

// published returns the published folder that holds or is a path: that of the site, or one that parcours made.
func (p *project) published(path string) string {
	output := filepath.FromSlash(p.site.Output)
	if !filepath.IsAbs(output) {
		output = filepath.Join(p.site.Root, output)
	}
	if real, err := filepath.EvalSymlinks(output); err == nil {
		output = real
	} else if real, err := realPath(output); err == nil {
		output = real
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		if dir == output {
			return dir
		}
		if _, err := os.Lstat(filepath.Join(dir, outdir.ManifestName)); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// writeError is a failure to write the file, as opposed to one to read the data.
type writeError struct{ error }

func (e *writeError) Unwrap() error { return e.error }

// unwritableScores explains why the file could not be put in its place; an earlier one is still there.
func unwritableScores(out string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: "PO002", Pos: diag.Position{File: out}, Msg: "the scores cannot be written: " + err.Error()}
	var cause syscall.Errno
	if errors.As(err, &cause) {
		d.Msg = "the scores cannot be written: " + cause.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Msg, d.Hint = "the scores cannot be written: there is no folder "+filepath.Dir(out), "make it first, or choose another with --out"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		d.Hint = "the folder must be writable: the new file is made there and takes the place of the earlier one"
	case errors.Is(err, syscall.ENOSPC):
		d.Hint = "there must be room for the new file beside the earlier one"
	}
	return d
}
