package tomlpos

import (
	"reflect"
	"testing"
)

type salvageDoc struct {
	Title  string  `toml:"title"`
	When   Date    `toml:"when"`
	Names  Strings `toml:"names"`
	Number float64 `toml:"number"`
	Stage  []struct {
		Name  string `toml:"name"`
		Point []struct {
			Name    string `toml:"name"`
			Valence int    `toml:"valence"`
		} `toml:"point"`
	} `toml:"stage"`
	Labels map[string]string `toml:"labels"`
}

// One wrong kind must not hide what the rest of the file says.
func TestSalvageKeepsEverythingButTheWrongKinds(t *testing.T) {
	src := `title = 3
when = 2026-10-31
names = ["a", 4, "b"]
number = 2
[[stage]]
name = "Achat"
  [[stage.point]]
  name = "a"
  valence = "x"
  [[stage.point]]
  name = "é"
  valence = 2
[[stage]]
name = true
point = [{ name = "p", valence = 1 }, { name = 2, valence = -1 }]
[labels]
a = 1
"b c" = "kept"
`
	var got salvageDoc
	d, l := Load("x.toml", []byte(src), &got)
	if n := l.Len(); n != 6 {
		t.Fatalf("%d diagnostics, want 6", n)
	}
	if err := d.Salvage(l, &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "" || got.When.String() != "2026-10-31" || got.Names != nil || got.Number != 2 {
		t.Errorf("top: %+v", got)
	}
	if len(got.Stage) != 2 || got.Stage[0].Name != "Achat" || got.Stage[1].Name != "" {
		t.Fatalf("stages: %+v", got.Stage)
	}
	if p := got.Stage[0].Point; len(p) != 2 || p[0].Name != "a" || p[0].Valence != 0 || p[1].Valence != 2 {
		t.Errorf("points of the first stage: %+v", p)
	}
	if p := got.Stage[1].Point; len(p) != 2 || p[0].Valence != 1 || p[1].Name != "" || p[1].Valence != -1 {
		t.Errorf("points of the second stage: %+v", p)
	}
	if want := map[string]string{"b c": "kept"}; !reflect.DeepEqual(got.Labels, want) {
		t.Errorf("labels: %v", got.Labels)
	}
}

func TestSalvageOfATableWrittenAsAText(t *testing.T) {
	var got struct {
		Site struct {
			Title string `toml:"title"`
		} `toml:"site"`
		Report struct {
			Grain string `toml:"grain"`
		} `toml:"report"`
	}
	d, l := Load("x.toml", []byte("site = \"shop\"\n[report]\ngrain = \"week\"\n"), &got)
	if err := d.Salvage(l, &got); err != nil {
		t.Fatal(err)
	}
	if got.Report.Grain != "week" {
		t.Errorf("grain %q, want week", got.Report.Grain)
	}
}
