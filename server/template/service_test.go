package template_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// kinds has one that needs a value, which those of today do not.
func kinds() []template.Kind {
	return []template.Kind{{Name: "code", Channels: []string{"email"}, Placeholders: []template.Placeholder{
		{Name: "sender", Required: false, Sample: "s"}, {Name: "code", Required: true, Sample: "123456"}, {Name: "link", Required: false, Sample: "https://x.example"},
	}}}
}

func sentences() template.Words {
	return template.Words{Subject: "Your code", Heading: "Hello", Body: "It is {code}.\n\nBye.", Footer: "By {sender}"}
}

func own(html string) template.Words {
	return template.Words{Subject: "Your code", HTML: html, Text: "It is {code}."}
}

// Every refusal, with its place and its code.
func TestWhatWordsMayNotHold(t *testing.T) {
	change := func(by func(w *template.Words)) template.Words {
		words := sentences()
		by(&words)
		return words
	}
	for want, words := range map[string]template.Words{
		"/subject required":         change(func(w *template.Words) { w.Subject = " " }),
		"/subject max_length":       change(func(w *template.Words) { w.Subject = strings.Repeat("ä", 201) }),
		"/subject format":           change(func(w *template.Words) { w.Subject = "A\r\nBcc: eve@example.com" }),
		"/subject placeholder":      change(func(w *template.Words) { w.Subject = "{{.Code}}" }),
		"/subject characters":       change(func(w *template.Words) { w.Subject = "\u202egnol" }),
		"/heading required":         change(func(w *template.Words) { w.Heading = "" }),
		"/heading format":           change(func(w *template.Words) { w.Heading = "a\nb" }),
		"/body max_length":          change(func(w *template.Words) { w.Body = "{code}" + strings.Repeat("x", 4000) }),
		"/body characters":          change(func(w *template.Words) { w.Body = "{code}\x00" }),
		"/body placeholder":         change(func(w *template.Words) { w.Body = "{code} {name}" }),
		"/body placeholder_missing": change(func(w *template.Words) { w.Subject, w.Body = "{code}", "It is in the subject." }),
		"/footer required":          change(func(w *template.Words) { w.Footer = "" }),
		" inconsistent":             change(func(w *template.Words) { w.Text = "{code}" }),
		"/html required":            {Subject: "S", Text: "{code}"},
		"/text placeholder_missing": {Subject: "S", HTML: "<p>{code}</p>", Text: "none"},
		"/html placeholder_missing": own("<p>none</p>"),
		"/html placeholder":         own("<p>{code}</p><p>{name}</p>"),
		"/html max_length":          own("{code}" + strings.Repeat("x", 60000)),
		"/text required":            {Subject: "S", HTML: "{code}", Text: ""},
		"/text characters":          {Subject: "S", HTML: "{code}", Text: "{code}\xff"},
		"/heading placeholder":      change(func(w *template.Words) { w.Heading = "a } b" }),
		"/html characters":          own("{code}\u202e"),
		"/footer placeholder":       change(func(w *template.Words) { w.Footer = "{Sender}" }),
		"/body required":            change(func(w *template.Words) { w.Body = "\n" }),
		"/text max_length":          {Subject: "S", HTML: "{code}", Text: "{code}" + strings.Repeat("x", 20000)},
		"/footer max_length":        change(func(w *template.Words) { w.Footer = strings.Repeat("x", 1001) }),
		"/text placeholder":         {Subject: "S", HTML: "{code}", Text: "{code} {x}"},
		"/heading max_length":       change(func(w *template.Words) { w.Heading = strings.Repeat("x", 201) }),
		"/heading characters":       change(func(w *template.Words) { w.Heading = "a\x07" }),
		"/footer characters":        change(func(w *template.Words) { w.Footer = "a\x07" }),
	} {
		err := kinds()[0].Examine("email", words)
		require.ErrorIs(t, err, template.ErrInvalid, want)
		fields := fault.As(err).Fields
		require.Equal(t, want, fields[0].Pointer+" "+fields[0].Code, "%v", fields)
	}
	require.NoError(t, kinds()[0].Examine("email", sentences()))
}

// Protects: mail runs nothing and asks for nothing but what is at an https address.
func TestClass_Injection_MailRunsNothing(t *testing.T) {
	for _, html := range []string{
		`<script>alert(1)</script>`, `<SCRIPT src=https://x.example/a.js></SCRIPT>`, `<p onclick="x()">a</p>`, `<img src="https://x.example" ONERROR=x()>`,
		`<a href="javascript:alert(1)">a</a>`, `<a href=" javascript:alert(1)">a</a>`, `<a href="java&#115;cript:alert(1)">a</a>`, `<a href="data:text/html,x">a</a>`,
		`<a href="//x.example">a</a>`, `<a href="http://x.example">a</a>`, `<a href="{code}">a</a>`, `<img src="http://x.example/a.png">`, `<img src="data:image/png;base64,AA">`,
		`<img src="cid:1">`, `<form action="https://x.example"><input></form>`, `<iframe src="https://x.example"></iframe>`, `<object data="https://x.example"></object>`,
		`<embed src="https://x.example">`, `<meta http-equiv="refresh" content="0;url=https://x.example">`, `<base href="https://x.example">`,
		`<link rel="stylesheet" href="https://x.example">`, `<svg><style>a</style></svg>`, `<math></math>`, `<style>@import "https://x.example";</style>`,
		`<p style="background:url(https://x.example)">a</p>`, `<style>p{width:expression(1)}</style>`, `<p style="b\65havior:x">a</p>`, `<!--[if mso]><script>1</script><![endif]-->`,
		`<!-- a -->`, `<?xml version="1.0"?>`, `<title/><script>1</script>`, `<style/>`, `<noscript><p title="</noscript><script>1</script>"></noscript>`,
		`<a title="{link}">a</a>`, `<a href="{link}" class="{link}">a</a>`, `<a href="{link}?a=b">a</a>`, `<a href=" {link}">a</a>`, `<a href="https://x.example/{link}">a</a>`,
		`<img src="{link}">`, `<img alt="{link}" src="https://x.example">`, `<p href="{link}">a</p>`, `<a href="&#123;link}&#9;">a</a>`,
		`<textarea></textarea>`, `<template></template>`, `<x-y></x-y>`, `<p style="a:{code}">a</p>`, `<td background="https://x.example">a</td>`,
	} {
		err := kinds()[0].Examine("email", own("<p>{code}</p>\n"+html))
		require.ErrorIs(t, err, template.ErrInvalid, html)
		first := fault.As(err).Fields[0]
		require.Equal(t, "/html", first.Pointer, html)
		if first.Code == "html" {
			require.Equal(t, map[string]float64{"line": 2}, first.Numbers, html)
		}
	}
	whole := `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html lang="en"><head><meta charset="utf-8"><title>{sender}</title><style>@media (max-width:10px) { p > b { color: red } }</style></head>
<body style="margin:0"><table role="presentation" cellpadding="0"><tr><td align=center><p title={code}>It is <b>{code}</b> &amp; more.<br/></p>
<a href="https://x.example/?a=1&amp;b=2">a</a><a href='mailto:a@x.example'>b</a><img src="https://x.example/a.png" alt=""></td></tr></table></body></html>`
	require.NoError(t, kinds()[0].Examine("email", own(whole)))
	filled, err := template.FillHTML(whole, map[string]string{"sender": "</title><script>1</script>", "code": `" onclick=x() <b>{sender}`})
	require.NoError(t, err)
	require.NotContains(t, filled, "<script>")
	require.Contains(t, filled, `<p title="&#34; onclick=x() &lt;b&gt;{sender}">It is <b>&#34; onclick=x() &lt;b&gt;{sender}</b> &amp; more.`)
	require.Contains(t, filled, `{ p > b { color: red } }`)
	require.Contains(t, filled, `XHTML 1.0 Strict//EN" "http`)
	require.Contains(t, filled, `href="https://x.example/?a=1&amp;b=2"`)
	_, err = template.FillHTML("<p>{code}</p>", nil)
	require.ErrorContains(t, err, "{code}")
	_, err = template.FillHTML("<p title='{code}'>", nil)
	require.ErrorContains(t, err, "{code}")
}

func TestLanguages(t *testing.T) {
	for text, want := range map[string]string{"EN": "en", "pt-br": "pt-BR", "zh-hant-tw": "zh-Hant-TW", "ko": "ko", "es-419": "es-419", "": "", "und": "", "a b": "", "de-1996": "", "x-own": "", "en-u-ca-buddhist": ""} {
		got, ok := template.Canonical(text)
		require.Equal(t, want, got, text)
		require.Equal(t, want != "", ok, text)
	}
	require.Equal(t, []string{"pt-BR", "pt"}, template.Wider("pt-BR"))
	require.Equal(t, []string{"zh-Hant-TW", "zh-Hant"}, template.Wider("zh-Hant-TW"))
	require.Empty(t, template.Wider("no such thing"))
}

var errNone = errors.New("no such application")

// house is a service on a real database.
type house struct {
	*template.Service
	clock *clock.Fake
	deps  template.Deps
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	db := storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	h.deps = template.Deps{
		Store: storage.NewTemplates(db), Tx: db, Clock: h.clock, Kinds: kinds(), Locales: []string{"de", "en"},
		Application: func(_ context.Context, id string) error {
			if !strings.HasPrefix(id, "app_") {
				return errNone
			}
			return nil
		},
		Events: event.New(event.Deps{Store: storage.NewEvents(db), Sealer: nil, Clock: h.clock, Wake: func() {}}),
	}
	h.Service = h.node(t)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

func (h *house) node(t *testing.T) *template.Service {
	t.Helper()
	made, err := template.New(h.deps, template.Default())
	require.NoError(t, err)
	return made
}

func TestVersions(t *testing.T) {
	h, ctx := open(t)
	key, other := template.Key{Kind: "code", Channel: "email", Locale: "de"}, h.node(t)
	for _, node := range []*template.Service{h.Service, other} {
		_, found, err := node.Words(ctx, key)
		require.NoError(t, err)
		require.False(t, found)
	}
	require.ErrorIs(t, h.Remove(ctx, key, 0), template.ErrUnknown)
	made, err := h.Set(ctx, template.Key{Kind: "code", Channel: "email", Locale: "DE"}, 0, sentences())
	require.NoError(t, err)
	require.EqualValues(t, 1, made.Number)
	words, found, err := h.Words(ctx, key)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, sentences(), words)
	_, found, err = other.Words(ctx, key)
	require.NoError(t, err)
	require.False(t, found, "another node follows in a moment")
	h.clock.Advance(4 * time.Second)
	_, found, err = other.Words(ctx, key)
	require.NoError(t, err)
	require.True(t, found)

	same, err := h.Set(ctx, key, 1, sentences())
	require.NoError(t, err)
	require.EqualValues(t, 1, same.Number, "nothing new")
	_, err = h.Set(ctx, key, 0, sentences())
	require.ErrorIs(t, err, template.ErrChanged)
	require.ErrorIs(t, h.Remove(ctx, key, 7), template.ErrChanged)
	require.NoError(t, h.Remove(ctx, key, 1))
	_, found, err = h.Words(ctx, key)
	require.NoError(t, err)
	require.False(t, found)
	for _, unknown := range []template.Key{{Kind: "x", Channel: "email", Locale: "de"}, {Kind: "code", Channel: "sms", Locale: "de"}, {Kind: "code", Channel: "email", Locale: "?"}} {
		_, err := h.Set(ctx, unknown, 0, sentences())
		require.ErrorIs(t, err, template.ErrUnknown)
		_, err = h.Latest(ctx, unknown)
		require.ErrorIs(t, err, template.ErrUnknown)
		require.ErrorIs(t, h.Remove(ctx, unknown, 0), template.ErrUnknown)
		_, _, err = h.Versions(ctx, unknown, 0, 9)
		require.ErrorIs(t, err, template.ErrUnknown)
		_, err = h.VersionByNumber(ctx, unknown, 1)
		require.ErrorIs(t, err, template.ErrUnknown)
	}
}

func TestTheLastHundredVersionsAreKept(t *testing.T) {
	h, ctx := open(t)
	key := template.Key{Kind: "code", Channel: "email", Locale: "de"}
	for number := range int64(101) {
		next := sentences()
		next.Heading = fmt.Sprint(number)
		_, err := h.Set(ctx, key, number, next)
		require.NoError(t, err)
	}
	_, err := h.VersionByNumber(ctx, key, 1)
	require.ErrorIs(t, err, template.ErrVersionUnknown, "the last hundred are kept")
	page, next, err := h.Versions(ctx, key, 0, 60)
	require.NoError(t, err)
	require.Len(t, page, 60)
	rest, none, err := h.Versions(ctx, key, next, 60)
	require.NoError(t, err)
	require.Len(t, rest, 40)
	require.Zero(t, none)
}

func TestListHasWhatIsBuiltIn(t *testing.T) {
	h, ctx := open(t)
	for _, locale := range []string{"ar", "de", "ko"} {
		_, err := h.Set(ctx, template.Key{Kind: "code", Channel: "email", Locale: locale}, 0, sentences())
		require.NoError(t, err)
	}
	listed := []string{}
	for after, first := (template.Key{}), true; first || after != (template.Key{}); first = false {
		page, err := h.List(ctx, after, 1)
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		listed, after = append(listed, fmt.Sprint(page.Items[0].Locale, page.Items[0].Number)), page.Next
	}
	require.Equal(t, []string{"ar1", "de1", "en0", "ko1"}, listed)
}

func TestConfig(t *testing.T) {
	_, err := template.New(template.Deps{}, template.Default())
	require.Error(t, err)
	require.Error(t, template.Config{CacheFor: 0, CacheSize: 1}.Validate())
	require.Error(t, template.Config{CacheFor: time.Second, CacheSize: 0}.Validate())
}
