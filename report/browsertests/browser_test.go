// Package browsertests opens a built site in headless Chromium. It is a module of its own, so that its driver is no
// dependency of the product; it is skipped when no browser is installed.
//
//	PARCOURS_SITE=/path/to/public go test ./...
//
// PARCOURS_SHOTS=folder also writes screenshots of every page at desktop and phone width, and a PDF.
package browsertests

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func site(t *testing.T) (dir string, pages []string) {
	t.Helper()
	dir = os.Getenv("PARCOURS_SITE")
	if dir == "" {
		t.Skip("PARCOURS_SITE names no built site")
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages in %s: %v", dir, err)
	}
	return dir, pages
}

func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.UserDataDir(profile(t)))
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return ctx
}

// profile is a folder for the browser's own files. The processes of a browser end some time after it and write until then,
// so a removal that fails is tried again, and is no failure of the test.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "parcours-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 20 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	return dir
}

// listen collects every console error, exception, policy violation and request that does not stay in the folder.
// Each call of the function that it returns gives what came since the call before.
func listen(ctx context.Context, root string) func() []string {
	var mu sync.Mutex
	var bad []string
	add := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		bad = append(bad, s)
	}
	chromedp.ListenTarget(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.APITypeError || ev.Type == runtime.APITypeWarning {
				add("console " + string(ev.Type) + ": " + string(ev.Args[0].Value))
			}
		case *runtime.EventExceptionThrown:
			add("exception: " + ev.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.LevelError || ev.Entry.Level == log.LevelWarning {
				add("log: " + ev.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			if u := ev.Request.URL; !strings.HasPrefix(u, root) && !strings.HasPrefix(u, "data:image/") {
				add("request outside the site: " + u)
			}
		}
	})
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		got := bad
		bad = nil
		return got
	}
}

func fileURL(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

// scroll walks down the page so that every chart comes into view and is drawn.
const scroll = `new Promise(done => { let y = 0; const step = () => { window.scrollTo(0, y); y += 500;
	if (y < document.body.scrollHeight + 500) setTimeout(step, 60); else { window.scrollTo(0, 0); setTimeout(done, 500); } }; step(); })`

func await(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

func TestEveryPageIsQuietAndComplete(t *testing.T) {
	dir, pages := site(t)
	tab := browser(t) // one tab for all: a tab in the background draws nothing
	shots := os.Getenv("PARCOURS_SHOTS")
	problems := listen(tab, fileURL(dir))
	for _, path := range pages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			ctx, stop := context.WithTimeout(tab, 90*time.Second)
			defer stop()
			var charts, drawn, wide int
			err := chromedp.Run(ctx, network.Enable(), log.Enable(),
				chromedp.EmulateViewport(1280, 900), chromedp.Navigate(fileURL(path)), chromedp.Evaluate(scroll, nil, await),
				chromedp.Evaluate(`document.querySelectorAll('script.chart-option').length`, &charts),
				chromedp.Evaluate(`document.querySelectorAll('.chart-live svg, .chart-live canvas').length`, &drawn),
				chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &wide))
			if err != nil {
				t.Fatal(err)
			}
			if drawn < charts {
				t.Errorf("%d of %d charts were drawn", drawn, charts)
			}
			if wide > 0 {
				t.Errorf("the page is %d px wider than a desktop window", wide)
			}
			save(t, ctx, shots, path, "desktop")
			err = chromedp.Run(ctx, chromedp.EmulateViewport(390, 844), chromedp.Reload(), chromedp.Evaluate(scroll, nil, await),
				chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &wide))
			if err != nil {
				t.Fatal(err)
			}
			if wide > 0 {
				t.Errorf("the page is %d px wider than a phone", wide)
			}
			save(t, ctx, shots, path, "phone")
			for _, p := range problems() {
				t.Error(p)
			}
		})
	}
}

// Without JavaScript every chart still gives its figures as a table that can be seen, its own or the one it points to.
func TestFiguresAreReadableWithoutJavaScript(t *testing.T) {
	_, pages := site(t)
	tab := browser(t)
	for _, path := range pages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			ctx, stop := context.WithTimeout(tab, 60*time.Second)
			defer stop()
			var charts int
			var hidden []string
			err := chromedp.Run(ctx, chromedp.EmulateViewport(1280, 900), emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(fileURL(path)),
				emulation.SetScriptExecutionDisabled(false),
				chromedp.Evaluate(`document.querySelectorAll('script.chart-option').length`, &charts),
				chromedp.Evaluate(`[...document.querySelectorAll('figure')].filter(f => f.querySelector('script.chart-option')).filter(f => { const l = f.querySelector('p.chart-table a'), at = l && document.getElementById(l.hash.slice(1)), t = f.querySelector('table') || at && (at.closest('figure') || at).querySelector('table'); return !t || t.getBoundingClientRect().height === 0 }).map(f => f.id || f.textContent.slice(0, 60))`, &hidden))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range hidden {
				t.Errorf("the figure %q has no visible table without JavaScript", f)
			}
		})
	}
}

func save(t *testing.T, ctx context.Context, folder, path, size string) {
	t.Helper()
	if folder == "" {
		return
	}
	base := filepath.Join(folder, strings.TrimSuffix(filepath.Base(path), ".html"))
	var png, pdf []byte
	if err := chromedp.Run(ctx, chromedp.FullScreenshot(&png, 100)); err != nil {
		t.Error(err)
		return
	}
	if err := os.WriteFile(base+"-"+size+".png", png, 0o644); err != nil {
		t.Error(err)
	}
	if size != "desktop" {
		return
	}
	err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
		return err
	}))
	if err != nil {
		t.Error(err)
		return
	}
	if err := os.WriteFile(base+".pdf", pdf, 0o644); err != nil {
		t.Error(err)
	}
}
