package config

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/boot/config/member"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// reader puts a raw value into its place. Its error says what is allowed and never
// repeats the value, which may be a secret in the wrong place.
type reader func(c *Config, raw any) error

var (
	errAddress = errors.New("must be host:port, where host is an address, localhost (both loopback addresses) or nothing (every address)")
)

func text(at func(*Config) *string) reader {
	return func(c *Config, raw any) error {
		value, ok := member.Scalar(raw)
		if !ok {
			return member.ErrText
		}
		*at(c) = value
		return nil
	}
}

func hidden(at func(*Config) *secret.Text) reader {
	return func(c *Config, raw any) error {
		value, ok := member.Scalar(raw)
		if !ok {
			return member.ErrText
		}
		*at(c) = secret.NewText(value)
		return nil
	}
}

func oneOf[T ~string](at func(*Config) *T, allowed ...T) reader {
	return func(c *Config, raw any) error {
		value, ok := member.Scalar(raw)
		if !ok || !slices.Contains(allowed, T(value)) {
			return fmt.Errorf("must be one of %v", allowed)
		}
		*at(c) = T(value)
		return nil
	}
}

func yesNo(at func(*Config) *bool) reader {
	return func(c *Config, raw any) error {
		value, _ := member.Scalar(raw)
		if value != "true" && value != "false" {
			return errors.New("must be true or false")
		}
		*at(c) = value == "true"
		return nil
	}
}

func number(least, most int, at func(*Config) *int) reader {
	return func(c *Config, raw any) error {
		value, _ := member.Scalar(raw)
		parsed, err := strconv.Atoi(value)
		if err != nil || parsed < least || parsed > most {
			return fmt.Errorf("must be a whole number from %d to %d", least, most)
		}
		*at(c) = parsed
		return nil
	}
}

func fraction(at func(*Config) *float64) reader {
	return func(c *Config, raw any) error {
		value, _ := member.Scalar(raw)
		parsed, err := strconv.ParseFloat(value, 64)
		if err != nil || !(parsed >= 0 && parsed <= 1) {
			return errors.New("must be a number from 0 to 1")
		}
		*at(c) = parsed
		return nil
	}
}

func duration(least, most time.Duration, at func(*Config) *time.Duration) reader {
	return func(c *Config, raw any) error {
		value, _ := member.Scalar(raw)
		parsed, err := time.ParseDuration(value)
		if err != nil || parsed < least || parsed > most {
			return fmt.Errorf("must be a duration such as 30s, 15m or 24h, from %s to %s", least, most)
		}
		*at(c) = parsed
		return nil
	}
}

// list takes a list of the file, or text with commas.
func list(at func(*Config) *[]string) reader {
	return func(c *Config, raw any) error {
		items, err := member.Items(raw)
		if err != nil {
			return err
		}
		*at(c) = items
		return nil
	}
}

func prefixes(at func(*Config) *[]netip.Prefix) reader {
	return func(c *Config, raw any) error {
		items, err := member.Items(raw)
		if err != nil {
			return err
		}
		parsed := make([]netip.Prefix, len(items))
		for i, item := range items {
			if parsed[i], err = prefix(item); err != nil {
				return fmt.Errorf("item %d must be an address or a range such as 10.0.0.0/8", i+1)
			}
		}
		*at(c) = parsed
		return nil
	}
}

func prefix(item string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(item); err == nil && address.Zone() == "" {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	parsed, err := netip.ParsePrefix(item)
	if err != nil {
		return netip.Prefix{}, err
	}
	return parsed.Masked(), nil
}
