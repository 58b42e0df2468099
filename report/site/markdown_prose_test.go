package site

import (
	"strings"
	"testing"
)

func TestTextOfAPageIsSetAsProseAndCodeIsNot(t *testing.T) {
	src := "+++\ntitle = \"L'essai : un\"\n+++\nQu'est-ce que « l'*été* » ? Rien !  \nAprès l'{{ value \"totals.orders\" }} : suite\nd'une `a ? b : c'd` ligne et https://example.org/l'a?b=c.\n\n" +
		"    l'a : b\n\n| A | B |\n|---|---|\n| l'un : | 5 % |\n\n[Un lien : l'un](https://example.org \"x\") et *'cité'* &amp; \\*.\n"
	files, _ := renderSome(t, contentInput(t, src), contentPages)
	page := string(files["read.html"])
	for _, want := range []string{
		"<h1>L’essai\u00a0: un</h1>", "Qu’est-ce que «\u00a0l’<em>été</em>\u00a0»\u00a0? Rien\u00a0!<br>\nAprès l’", "\u00a0: suite\nd’une <code>a ? b : c'd</code> ligne",
		`href="https://example.org/l'a?b=c"`, "<code>l'a : b\n</code>", "<td>l’un\u00a0:</td>", "5\u00a0%", ">Un lien\u00a0: l’un</a> et <em>'cité'</em> &amp; *.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}
