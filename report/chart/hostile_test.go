package chart

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// payloads are texts that turned into code, markup or formatters in other writers of charts.
var payloads = []string{
	`</script><script>alert(1)</script><!-- "q" \ __f__ %MY_ECHARTS%`,
	`__f__alert(document.domain)__f__`,
	`"><script>alert(1)</script><g a="`,
	`javascript:alert(1)`,
	`x');alert(2);//`,
	`url(https://example.invalid/x)`,
	`url(#a);x`,
	`<img src=x onerror=alert(1)>`,
	`@fmt:pct`, `@fmt:nope`, `@fmt:tip`, `@color:good`, `{b}{c}`, `{a|x}`, `{value}`,
	"a\x00\x01\x1fb\ufffe\xed\xa0\x80c\u2028d]]>\u202e",
	`image://https://example.invalid/x.png`, `path://M0 0`,
	`=cmd|' /C calc'!A0`, `__proto__`, `constructor`,
	"l'été — « où » 中文 😀",
}

// hostile is a figure with the text wherever text from data may stand.
func hostile(k Kind, text, id string) Spec {
	return Spec{
		ID: id, Kind: k, X: []string{text, "x", text + "2"}, XName: text, YName: text, Y: Percent, Partial: 1,
		Series: []Series{
			{Name: text, Label: text, Values: []float64{0.1, 0.2, 0.3}, Low: []float64{0.05, 0.1, 0.2}, High: []float64{0.2, 0.3, 0.4}},
			{Name: "b", Label: text, Role: Good, Values: []float64{0.2, 0.1, 0.3}},
		},
		Marks: []Mark{{Value: 0.2, Label: text}},
	}
}

func kinds() []Kind { return []Kind{Line, Bar, Stack, Area, HBar, Point} }

func TestHostileTextStaysText(t *testing.T) {
	fr := locale(t, "fr")
	for _, k := range kinds() {
		for i, p := range payloads {
			s := hostile(k, p, "h")
			encoded, err := Options(s, fr)
			if err != nil {
				t.Errorf("%s, payload %d: %v", k, i, err)
				continue
			}
			checkBlock(t, encoded, s)
			checkPage(t, pageOf(t, fr, []Spec{s}), s)
		}
	}
}

// checkBlock says whether a data block is inert and still holds the text as a reader should see it.
func checkBlock(t *testing.T, encoded []byte, s Spec) {
	t.Helper()
	if bytes.ContainsAny(encoded, "<>&\u2028\u2029") || bytes.ContainsFunc(encoded, func(r rune) bool { return r < 0x20 || r == 0xfffe }) {
		t.Errorf("%q: the block holds markup or control characters", s.X[0])
	}
	var b struct {
		Option map[string]any
		Series []meta
	}
	if err := json.Unmarshal(encoded, &b); err != nil {
		t.Fatalf("%q: %v", s.X[0], err)
	}
	if got := dig(t, b.Option, "series", 0, "name"); got != label(s.Series[0].Name) && label(s.Series[0].Name) != "" {
		t.Errorf("the name is %q", got)
	}
	if b.Series[len(b.Series)-1].Label != label(s.Series[1].Label) {
		t.Errorf("the label is %q", b.Series[len(b.Series)-1].Label)
	}
	active(t, "option", "", b.Option)
}

// active looks for words that act, under the keys where they act. It shares nothing with the sanitiser.
func active(t *testing.T, at, key string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			active(t, at+"."+k, k, e)
		}
	case []any:
		for _, e := range v {
			active(t, at, key, e)
		}
	case string:
		switch key {
		case "name", "data":
			return
		case "formatter":
			if strings.HasPrefix(v, "@fmt:") && !strings.ContainsAny(v, "{}<>() ") {
				return
			}
		}
		for _, bad := range []string{"(", "<", "javascript", "__f__", "://", "{", "function", "example.invalid"} {
			if strings.Contains(v, bad) {
				t.Errorf("%s is %q", at, v)
			}
		}
	}
}

// checkPage parses a page as a browser does and counts what may act.
func checkPage(t *testing.T, source string, s Spec) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	scripts, blocks := 0, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("%q: attribute %s on %s", s.X[0], a.Key, n.Data)
			}
		}
		switch n.Data {
		case "script":
			if attr(n, "type") != "application/json" {
				scripts++
				continue
			}
			blocks++
			if !json.Valid([]byte(n.FirstChild.Data)) {
				t.Errorf("%q: the block in the page is not JSON", s.X[0])
			}
		case "img", "g", "iframe", "object", "svg", "a":
			t.Errorf("%q: an element %s came from a text", s.X[0], n.Data)
		}
	}
	if scripts != 2 || blocks != 1 {
		t.Errorf("%q: %d scripts and %d data blocks", s.X[0], scripts, blocks)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func FuzzLabels(f *testing.F) {
	for i, p := range payloads {
		f.Add(p, i)
	}
	fr := locale(f, "fr")
	f.Fuzz(func(t *testing.T, text string, k int) {
		all := kinds()
		s := hostile(all[uint(k)%uint(len(all))], text, "h")
		encoded, err := Options(s, fr)
		if err != nil {
			t.Fatal(err)
		}
		checkBlock(t, encoded, s)
		checkPage(t, pageOf(t, fr, []Spec{s}), s)
	})
}

func TestTheSanitiserRefusesWhatActs(t *testing.T) {
	for i, o := range []object{
		{"title": object{"link": "javascript:alert(1)"}},
		{"title": object{"sublink": "https://example.invalid"}},
		{"series": []any{object{"renderItem": "f"}}},
		{"series": []any{object{"symbol": "image://https://example.invalid/x.png"}}},
		{"series": []any{object{"symbol": "path://M0 0"}}},
		{"series": []any{object{"itemStyle": object{"color": `"><script>alert(1)</script><g a="`}}}},
		{"series": []any{object{"itemStyle": object{"color": "url(#a);x"}}}},
		{"series": []any{object{"itemStyle": object{"color": "@color:nope"}}}},
		{"series": []any{object{"itemStyle": object{"color": "@color:"}}}},
		{"series": []any{object{"itemStyle": object{"color": object{"image": "x"}}}}},
		{"textStyle": object{"fontFamily": `"><script>`}},
		{"textStyle": object{"rich": object{"a": object{}}}},
		{"backgroundColor": "red;x"},
		{"tooltip": object{"extraCssText": "x"}},
		{"tooltip": object{"renderMode": "html"}},
		{"tooltip": object{"formatter": "{b}<b>"}},
		{"xAxis": []any{object{"axisLabel": object{"formatter": "@fmt:nope"}}}},
		{"xAxis": []any{object{"axisLabel": object{"formatter": "__f__function(){}__f__"}}}},
		{"toolbox": object{"feature": object{"dataView": object{}}}},
		{"graphic": []any{object{"type": "image"}}},
		{"media": []any{}},
		{"animationDuration": "__f__alert(1)__f__"},
		{"series": []any{object{"data": []any{object{"value": "text"}}}}},
		{"series": []any{object{"name": "a\x00b"}}},
		{"series": []any{object{"stack": "<b>"}}},
		{"series": []any{object{"type": "custom"}}},
		{"series": []any{object{"data": struct{}{}}}},
	} {
		if err := sanitise(o); err == nil {
			t.Errorf("case %d was let through: %v", i, o)
		}
	}
}

func TestTheSanitiserNamesThePlace(t *testing.T) {
	err := sanitise(object{"series": []any{object{}, object{"itemStyle": object{"color": "red"}}}, "graphic": 1})
	want := "option.graphic is never allowed\noption.series[1].itemStyle.color may not be \"red\""
	if fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
