package budget

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// rangeDigits is how many digits after the country code make a range: about as many as an
// operator is given numbers by.
const rangeDigits = 4

// nowhere stands for the country of a number that belongs to none.
const nowhere = "ZZ"

// place is where an address is: a number in a range and a country, and a mailbox at a domain.
type place struct {
	prefix  string
	country string
	domain  string
}

func placeOf(bill Bill) place {
	if !bill.Phone {
		return place{prefix: "", country: "", domain: strings.ToLower(bill.To[strings.LastIndexByte(bill.To, '@')+1:])}
	}
	digits := strings.TrimPrefix(bill.To, "+")
	number, err := phonenumbers.Parse(bill.To, phonenumbers.UNKNOWN_REGION)
	if err != nil {
		return place{prefix: digits[:min(len(digits), rangeDigits)], country: nowhere, domain: ""}
	}
	code := int(number.GetCountryCode())
	country := phonenumbers.GetRegionCodeForNumber(number)
	if country == "" { // it is nobody's, as those for films are
		country = phonenumbers.GetRegionCodeForCountryCode(code)
	}
	return place{prefix: digits[:min(len(digits), len(strconv.Itoa(code))+rangeDigits)], country: country, domain: ""}
}
