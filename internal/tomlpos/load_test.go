package tomlpos

import (
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

type point struct {
	Name    string  `toml:"name" required:"true"`
	On      Strings `toml:"on"`
	Valence int     `toml:"valence"`
}

type doc struct {
	Title string `toml:"title"`
	When  Date   `toml:"when"`
	Stage []struct {
		Name  string  `toml:"name" required:"true"`
		Point []point `toml:"point"`
	} `toml:"stage"`
	Labels map[string]string `toml:"labels"`
}

// The second element of an array of tables is where BurntSushi/toml's own positions go wrong.
func TestEveryMistakeHasItsOwnPlace(t *testing.T) {
	src := `title = 3
when = 2026-10-31
[[stage]]
name = "Achat"
  [[stage.point]]
  name = "a"
  valence = "x"
  [[stage.point]]
  chanel = "site"
  on = ["é", 4]
[[stage]]
nme = "Livraison"
[labels]
a = 1
`
	var d doc
	_, l := Load("map.toml", []byte("\xef\xbb\xbf"+src), &d)
	want := []string{
		`map.toml:1:9: error [PT003] "title" is an integer; expected a text; put it between quotes`,
		`map.toml:7:13: error [PT003] "valence" is a text; expected an integer; write the number without quotes`,
		`map.toml:8:11: error [PT004] missing key "name" in [stage.point]`,
		`map.toml:9:3: error [PT002] unknown key "chanel" in [stage.point]; known keys: name, on, valence`,
		`map.toml:10:14: error [PT003] "on" is an integer; expected a text; put it between quotes`,
		`map.toml:11:3: error [PT004] missing key "name" in [stage]`,
		`map.toml:12:1: error [PT002] unknown key "nme" in [stage]; did you mean "name"?`,
		`map.toml:14:5: error [PT003] "a" is an integer; expected a text; put it between quotes`,
	}
	var got []string
	for _, d := range l.Sorted() {
		got = append(got, d.String())
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSyntaxErrorsHaveAPlace(t *testing.T) {
	for src, want := range map[string]string{
		"a = 1\na = 2\n":       "f.toml:2:1",
		"title = \"é\" x\n":    "f.toml:1:12",
		"[t]\nk = [1,\n":       "f.toml:",
		"étape = 1\n":          "f.toml:1:",
		"title = \"\xff\"\n\n": "f.toml:1:1",
	} {
		var d doc
		_, l := Load("f.toml", []byte(src), &d)
		if len(l.Sorted()) != 1 || !strings.HasPrefix(l.Sorted()[0].String(), want) {
			t.Errorf("%q: got %v, want %s", src, l.Sorted(), want)
		}
	}
}

func TestValuesAreDecoded(t *testing.T) {
	var d doc
	ix, l := Load("f.toml", []byte("when = 2026-10-31\n[[stage]]\nname='x'\npoint = [{name='p', on='q'}]\n"), &d)
	if l.HasErrors() {
		t.Fatal(l.Sorted())
	}
	if d.When.String() != "2026-10-31" || d.When.Days() != 20757 || d.Stage[0].Point[0].On[0] != "q" {
		t.Errorf("got %+v", d)
	}
	if got := ix.Pos("stage[0].point[0].on").String(); got != "f.toml:4:24" {
		t.Errorf("position of an inline value: %s", got)
	}
	if got := ix.Pos("stage[0].point[0].valence").String(); got != "f.toml:4:1" {
		t.Errorf("position of a missing key: %s", got)
	}
}

// FuzzIndex checks the index against the authority: the same keys in the same order, and no panic.
func FuzzIndex(f *testing.F) {
	f.Add("a.b = 1\n[c]\nd = {e = 1, f = [1, {g = 2}]}\n[[h]]\ni = 1\n[[h]]\n[h.j]\nk = ''\n")
	f.Add("\xef\xbb\xbfa = '''\nx'''\n# c\n[ q . \"r s\" ]\n")
	f.Add("\xfe\xff")
	f.Fuzz(func(t *testing.T, src string) {
		var raw map[string]any
		meta, err := toml.Decode(src, &raw)
		var target doc
		Load("f.toml", []byte(src), &target)
		if err != nil || invalidUTF8([]byte(src)) >= 0 {
			return // BurntSushi skips a UTF-16 mark; Load refuses such a file before
		}
		d, err := index("f.toml", []byte(src))
		if err != nil {
			t.Fatalf("BurntSushi accepts what the index refuses: %v", err)
		}
		for _, k := range meta.Keys() {
			path := ""
			for _, part := range k {
				path = join(path, part)
			}
			if !d.known(path) {
				t.Errorf("key %s is not in the index", path)
			}
		}
	})
}

// known reports whether a path without indexes is in the index, elements included.
func (d *Doc) known(path string) bool {
	if d.Has(path) {
		return true
	}
	for p := range d.paths {
		if stripIndexes(p) == path {
			return true
		}
	}
	return false
}

func stripIndexes(path string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i, r := range path {
		switch {
		case r == '"' && (i == 0 || path[i-1] != '\\'):
			quoted = !quoted
			b.WriteRune(r)
		case !quoted && r == '[':
			depth++
		case !quoted && r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// A syntax error is told at the first byte that cannot be used, also when a line ends too early.
func TestSyntaxErrorsAreAtTheirPlace(t *testing.T) {
	for _, c := range []struct {
		src       string
		line, col int
	}{
		{"a = 1\n[[stage]\nb = 1\n", 2, 8},
		{"a = 1\n[stage\nb = 1\n", 2, 7},
		{"a = 1\nb = [1,\nc = 2\n", 3, 1},
		{"a = 1\nb = {x = 1\nc = 1}\n", 3, 1},
		{"a = 1\n= 2\n", 2, 1},
		{"a = 1\nb = 1 # ok\n]\n", 3, 1},
		{"é = 1\n", 1, 1},
		{"a = \"é\" x\n", 1, 8},
		{"a = '''x\ny\nz\n", 3, 2},
		{"\xef\xbb\xbfb = yes\n", 1, 5},
		{"\xef\xbb\xbfa = 1\r\n[x\r\n", 2, 3},
		{"a = 1\nb = 1\n  b = 2\n", 3, 3},
	} {
		var target struct{}
		_, l := Load("f", []byte(c.src), &target)
		all := l.Sorted()
		if len(all) != 1 || all[0].Code != CodeSyntax || all[0].Pos.Line != c.line || all[0].Pos.Col != c.col {
			t.Errorf("%q: got %v, want one mistake at %d:%d", c.src, all, c.line, c.col)
		}
	}
}
