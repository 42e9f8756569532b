package report_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	browserlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// envScreenshots names a folder that TestInABrowser leaves pictures and prints of its
// pages in, for people to look at.
const envScreenshots = "SIMSYNC_SCREENSHOTS"

// TestInABrowser looks at every page with a real Chromium, one for all of them.
func TestInABrowser(t *testing.T) {
	b := startBrowser(t)
	for name, figures := range pages {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name+".html")
			if err := os.WriteFile(file, []byte(pageOf(t, figures())), 0o600); err != nil {
				t.Fatal(err)
			}
			v := &view{T: t, browser: b, name: name, url: "file://" + file}
			for _, width := range []int64{390, 1280} {
				for _, scheme := range []string{"dark", "light"} {
					v.open(width, scheme)
					v.isLegible(scheme)
				}
				v.fits(width)
				v.keepsWordsWhole(strconv.FormatInt(width, 10) + " pixels")
			}
			v.isNamed()
			if name == "fleet" { // each key is three messages there and back
				v.isReachable()
			}
			v.prints()
			v.keepsToItself()
		})
	}
}

// browser is a Chromium with one tab, and what came to its ears.
type browser struct {
	ctx context.Context

	mu       sync.Mutex
	requests []string
	problems []string
}

// patience bounds each step of the browser, its start included.
const browserPatience = 2 * time.Minute

func startBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium()
	switch {
	case path == "" && os.Getenv("CI") != "":
		t.Fatal("Chromium is not installed, and without it nobody has seen the page: apt-get install chromium")
	case path == "":
		t.Skip("Chromium is not installed: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	b := &browser{ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// chromium is where the browser is; empty where there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, fmt.Sprintf("console: %s %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Text)
	case *browserlog.EventEntryAdded:
		b.problems = append(b.problems, "log: "+e.Entry.Text)
	}
}

// view is a page in the browser.
type view struct {
	*testing.T
	browser   *browser
	name, url string
}

// inBrowser runs a step of the browser's.
func inBrowser[R any](v *view, what string, step func(context.Context) (R, error)) R {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.browser.ctx, browserPatience)
	defer cancel()
	result, err := step(ctx)
	if err != nil {
		v.Fatalf("%s: %v", what, err)
	}
	return result
}

// evaluated is the value of an expression in the page.
func evaluated[R any](v *view, expression string) R {
	v.Helper()
	return inBrowser(v, "evaluate "+expression, func(ctx context.Context) (R, error) { return chromedp.Run(ctx, chromedp.Evaluate[R](expression)) })
}

// open shows the page so wide, in a colour scheme.
func (v *view) open(width int64, scheme string) {
	v.Helper()
	v.emulate("screen", scheme)
	inBrowser(v, "open the page", func(ctx context.Context) (any, error) {
		return nil, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(v.url))
	})
	if folder := os.Getenv(envScreenshots); folder != "" {
		picture := inBrowser(v, "take a picture", func(ctx context.Context) ([]byte, error) { return chromedp.Run(ctx, chromedp.FullScreenshot(100)) })
		v.keep(fmt.Sprintf("%s-%s-%d.png", v.name, scheme, width), picture)
	}
}

func (v *view) keep(name string, content []byte) {
	v.Helper()
	if err := os.WriteFile(filepath.Join(os.Getenv(envScreenshots), name), content, 0o600); err != nil {
		v.Fatal(err)
	}
}

func (v *view) emulate(medium, scheme string) {
	v.Helper()
	inBrowser(v, "emulate "+medium, func(ctx context.Context) (any, error) {
		return chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
	})
}

// fits: nothing is wider than the window, tables aside, which scroll by themselves.
func (v *view) fits(width int64) {
	v.Helper()
	if wide := evaluated[int64](v, `document.documentElement.scrollWidth`); wide > width {
		v.Errorf("at %d pixels the page is %d wide", width, wide)
	}
	const outside = `[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .skip, .patterns, svg') && e.getBoundingClientRect().width > 0 &&
		(e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 80))`
	for _, element := range evaluated[[]string](v, outside) {
		v.Errorf("at %d pixels it sticks out: %s", width, element)
	}
}

// illegible finds text whose contrast to what is behind it is below WCAG 2.2's level AA:
// 4.5, or 3 for large letters.
const illegible = `(() => {
	const part = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
	const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(Number); return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) };
	const clear = c => c === 'transparent' || /^rgba\(.*, 0\)$/.test(c);
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!clear(c)) return c } return 'rgb(255, 255, 255)' };
	document.querySelectorAll('details').forEach(d => d.open = true);
	const found = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; n = walk.nextNode();) {
		const e = n.parentElement;
		if (!n.textContent.trim() || e.closest('title') || !e.getClientRects().length) continue;
		const style = getComputedStyle(e);
		const [a, b] = [light(e instanceof SVGElement ? style.fill : style.color), light(behind(e))].sort((x, y) => y - x);
		const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
		if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) found.push(n.textContent.trim().slice(0, 40) + ': ' + ((a + 0.05) / (b + 0.05)).toFixed(2));
	}
	return found;
})()`

// faint finds bars that hardly show on the page: below 3, level AA for graphics.
const faint = `(() => {
	const part = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
	const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(Number); return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) };
	const paper = light(getComputedStyle(document.body).backgroundColor);
	return [...document.querySelectorAll('.patterns rect, .blue, .mark')].map(e => [e.getAttribute('class'), getComputedStyle(e).fill]).filter(([name, fill]) => {
		const [a, b] = [light(fill), paper].sort((x, y) => y - x);
		return (a + 0.05) / (b + 0.05) < 3;
	}).map(([name, fill]) => name + ' ' + fill);
})()`

func (v *view) isLegible(scheme string) {
	v.Helper()
	for _, text := range evaluated[[]string](v, illegible) {
		v.Errorf("hard to read in %s: %s", scheme, text)
	}
	for _, bar := range evaluated[[]string](v, faint) {
		v.Errorf("hard to see in %s: %s", scheme, bar)
	}
	paper := evaluated[string](v, `getComputedStyle(document.body).backgroundColor`)
	if isWhite := paper == "rgb(255, 255, 255)"; isWhite != (scheme == "light") {
		v.Errorf("in %s the page is %s", scheme, paper)
	}
}

// broken finds words of tables that go on in another line: up to so many letters, by spaces
// and not by what the browser may break at.
const broken = `(() => {
	const found = new Set(), range = document.createRange();
	const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
	for (let n; n = walk.nextNode();) {
		const cell = n.parentElement.closest('th, td');
		if (!cell || cell.matches('.long') || !cell.getClientRects().length) continue;
		for (const word of n.textContent.matchAll(/[\p{L}\p{N}]+/gu)) {
			if (word[0].length > 14) continue;
			range.setStart(n, word.index);
			range.setEnd(n, word.index + word[0].length);
			const rects = [...range.getClientRects()];
			if (Math.max(...rects.map(r => r.top)) - Math.min(...rects.map(r => r.top)) > 4) found.add(cell.outerHTML.slice(0, 20) + ' ' + word[0]);
		}
	}
	return [...found];
})()`

// keepsWordsWhole: no short word of a table is broken, in its heading or in a cell.
func (v *view) keepsWordsWhole(where string) {
	v.Helper()
	for _, word := range evaluated[[]string](v, broken) {
		v.Errorf("on %s a word is broken: %s", where, word)
	}
}

// isNamed: what a screen reader comes upon has a name, each chart above all.
func (v *view) isNamed() {
	v.Helper()
	inBrowser(v, "enable accessibility", func(ctx context.Context) (any, error) {
		return chromedp.Call(ctx, accessibility.Enable, cdp.Empty{})
	})
	tree := inBrowser(v, "read the accessibility tree", func(ctx context.Context) (accessibility.GetFullAXTreeResult, error) {
		return chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	count := make(map[string]int)
	for _, node := range tree.Nodes {
		if node.Ignored || node.Role == nil {
			continue
		}
		role := strings.Trim(string(node.Role.Value), `"`)
		count[role]++
		named := node.Name != nil && len(node.Name.Value) > len(`""`)
		switch role {
		case "image", "img", "figure", "table", "region", "navigation", "heading", "link", "DisclosureTriangle":
			if !named {
				v.Errorf("a %s has no accessible name", role)
			}
		}
	}
	charts := evaluated[int](v, `document.querySelectorAll('.chart').length`)
	if images := count["image"] + count["img"]; images != charts {
		v.Errorf("%d charts, and %d images for a screen reader", charts, images)
	}
	if count["main"] != 1 || count["banner"] != 1 || count["contentinfo"] != 1 {
		v.Errorf("landmarks: %v", count)
	}
	levels := evaluated[[]int](v, `[...document.querySelectorAll('h1, h2, h3')].map(h => Number(h.tagName[1]))`)
	for i, level := range levels {
		if (i == 0 && level != 1) || (i > 0 && level > levels[i-1]+1) {
			v.Errorf("headings out of order: %v", levels)
		}
	}
}

// focused is what has the focus now.
const focused = `(e => ({
	Element: e.outerHTML.slice(0, 80),
	IsSeen: e === document.body || getComputedStyle(e).outlineStyle !== 'none',
	IsFoldedUp: e.matches('details:not([open]) > summary'),
}))(document.activeElement)`

// isReachable: the key Tab comes by every table that is folded away, and Enter opens it.
func (v *view) isReachable() {
	v.Helper()
	v.open(1280, "light")
	folded := evaluated[int](v, `document.querySelectorAll('details').length`)
	stops := evaluated[int](v, `document.querySelectorAll('a, details, [tabindex="0"]').length`)
	press := func(key string) {
		inBrowser(v, "press a key", func(ctx context.Context) (any, error) { return nil, chromedp.Do(ctx, chromedp.KeyEvent(key)) })
	}
	for range stops {
		press("\t")
		focus := evaluated[struct {
			Element            string
			IsSeen, IsFoldedUp bool
		}](v, focused)
		if !focus.IsSeen {
			v.Errorf("nobody sees that it has the focus: %s", focus.Element)
		}
		if focus.IsFoldedUp {
			press("\r")
		}
	}
	if opened := evaluated[int](v, `document.querySelectorAll('details[open]').length`); opened != folded {
		v.Errorf("of %d tables that are folded away the keyboard opens %d", folded, opened)
	}
}

// prints: on paper every table is unfolded, whatever the scheme, and nothing is cut off
// at the edge.
func (v *view) prints() {
	v.Helper()
	v.open(688, "dark") // what an A4 page has between its margins
	v.emulate("print", "dark")
	inBrowser(v, "wait until it is drawn", func(ctx context.Context) (bool, error) {
		const drawn = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`
		return chromedp.Run(ctx, chromedp.Evaluate[bool](drawn, chromedp.EvalAwaitPromise))
	})
	if hidden := evaluated[int](v, `[...document.querySelectorAll('table')].filter(t => !t.checkVisibility({contentVisibilityAuto: true}) || t.getBoundingClientRect().height < 10).length`); hidden > 0 {
		v.Errorf("%d tables are not printed", hidden)
	}
	if wide := evaluated[int](v, `Math.ceil(Math.max(...[...document.querySelectorAll('main *')].filter(e => !e.closest('svg')).map(e => e.getBoundingClientRect().right)))`); wide > 690 {
		v.Errorf("on paper something reaches to %d of 688 pixels", wide)
	}
	v.keepsWordsWhole("paper")
	if paper := evaluated[string](v, `getComputedStyle(document.body).backgroundColor`); paper != "rgb(255, 255, 255)" {
		v.Errorf("the paper is %s", paper)
	}
	printed := inBrowser(v, "print", func(ctx context.Context) (page.PrintToPDFResult, error) {
		return chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true)})
	})
	if !bytes.HasPrefix(printed.Data, []byte("%PDF-")) {
		v.Errorf("what is printed is no PDF: %.20q", printed.Data)
	}
	if os.Getenv(envScreenshots) != "" {
		v.keep(v.name+".pdf", printed.Data)
	}
}

// keepsToItself: the page asked for nothing but itself, and the browser found no fault
// with it: a load that the policy forbids is one.
func (v *view) keepsToItself() {
	v.Helper()
	v.browser.mu.Lock()
	defer v.browser.mu.Unlock()
	if len(v.browser.requests) == 0 {
		v.Error("the browser has told of no request, not even that for the page")
	}
	for _, url := range v.browser.requests {
		if url != v.url {
			v.Errorf("the page asked for %s", url)
		}
	}
	for _, problem := range v.browser.problems {
		v.Error(problem)
	}
	v.browser.requests, v.browser.problems = nil, nil
}
