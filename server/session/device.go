package session

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxUserAgent  = 256
	maxDeviceName = 64
	maxAddress    = 64
	unknownDevice = "Unknown device"
)

// marker is a piece of a user agent and the name it stands for.
type marker struct{ piece, name string }

// The first that is found counts: nearly every browser also claims to be the ones
// further down.
var browsers = []marker{
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"},
	{"OPR/", "Opera"}, {"OPT/", "Opera"}, {"Opera", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"}, {"DuckDuckGo/", "DuckDuckGo"}, {"Ddg/", "DuckDuckGo"},
	{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"},
	{"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Chromium/", "Chrome"},
	{"MSIE ", "Internet Explorer"}, {"Trident/", "Internet Explorer"},
	{"Safari/", "Safari"},
	{"curl/", "curl"},
}

var systems = []marker{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"iPod", "iPod"},
	{"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
	{"Macintosh", "macOS"}, {"Mac OS X", "macOS"}, {"Darwin", "Apple device"},
	{"Linux", "Linux"}, {"X11", "Linux"}, {"FreeBSD", "FreeBSD"},
}

// Describe is the device that a request came from.
func Describe(userAgent string, address netip.Addr) Device {
	device := Device{UserAgent: userAgent, Name: "", Address: ""}
	if address.IsValid() {
		device.Address = address.Unmap().String()
	}
	return device.bounded()
}

// deviceName makes a readable name, such as "Firefox on Linux", of a user agent.
func deviceName(userAgent string) string {
	switch used, system := parts(userAgent); {
	case used == "":
		return unknownDevice
	case system == "":
		return used
	default:
		return used + " on " + system
	}
}

// Parts are the names of what was used and of the system below it, for whoever says it in
// another language; empty where nobody knows.
func (d Device) Parts() (used, system string) { return parts(d.UserAgent) }

// parts names families only: versions change weekly and tell a person nothing.
func parts(userAgent string) (used, system string) {
	used, system = named(browsers, userAgent), named(systems, userAgent)
	if used == "" {
		return system, ""
	}
	return used, system
}

func named(markers []marker, userAgent string) string {
	for _, m := range markers {
		if strings.Contains(userAgent, m.piece) {
			return m.name
		}
	}
	return ""
}

// bounded is the device as it may be kept: short, printable, with a name.
func (d Device) bounded() Device {
	d.UserAgent = printable(d.UserAgent, maxUserAgent)
	d.Address = printable(d.Address, maxAddress)
	if d.Name = printable(d.Name, maxDeviceName); d.Name == "" {
		d.Name = deviceName(d.UserAgent)
	}
	return d
}

// printable keeps what can be shown on one line, up to a number of bytes.
func printable(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit]
	}
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}
