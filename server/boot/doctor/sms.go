package doctor

import (
	"context"
	"net/url"
	"strings"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message/gateway"
)

// texting tells who delivers text messages. Nobody is asked: there is no question that costs
// nothing and sends nothing.
func texting(_ context.Context, e *examination) verdict {
	switch chosen := e.Settings.ChosenSMS(); chosen.Provider {
	case gateway.HTTP:
		return texted(chosen.HTTP.URL, "sms.http.url", e.Settings)
	case gateway.Twilio:
		return texted(chosen.Twilio.BaseURL, "sms.twilio.base_url", e.Settings)
	case gateway.File:
		return fine("are written to files in %s", chosen.Folder)
	case gateway.None:
	}
	return fine("are not sent")
}

func texted(to, key string, settings config.Config) verdict {
	host, unfit := called(to, key, settings)
	if unfit != nil {
		return *unfit
	}
	countries, over := "all countries (message.countries names fewer)", ""
	if named := settings.Budget.Countries; len(named) > 0 {
		countries = strings.Join(named, ", ")
	}
	if settings.SMS.Channel == gateway.WhatsApp {
		over = " over WhatsApp"
	}
	return fine("are handed to %s%s, for %s; lintel message test +NUMBER --wait tries it", host, over, countries)
}

// called is whom messages are handed to, or why they are not called.
func called(to, key string, settings config.Config) (host string, unfit *verdict) {
	place, err := url.Parse(to)
	switch {
	case err != nil:
		return "", &verdict{Problem, key + " is no URL", "correct " + key}
	case place.Scheme == "http" && !settings.Outbound.AllowHTTP:
		return "", &verdict{Problem, place.Hostname() + " is not called over plain http", "give " + key + " an https URL, or set outbound.allow_http where that is meant"}
	}
	return place.Hostname(), nil
}
