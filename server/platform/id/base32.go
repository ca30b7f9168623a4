package id

const (
	alphabet   = "0123456789abcdefghjkmnpqrstvwxyz"
	encodedLen = 26
)

// encode writes 128 bits as 26 digits of 5 bits; the first digit holds only 3.
func encode(raw [16]byte) string {
	var out [encodedLen]byte
	var acc uint32
	bits, at := 2, 0 // two leading zero bits make 130 = 26 * 5
	for _, b := range raw {
		acc = acc<<8 | uint32(b)
		bits += 8
		for bits >= 5 {
			bits -= 5
			out[at] = alphabet[acc>>bits&31]
			at++
		}
	}
	return string(out[:])
}

func decode(text string) (raw [16]byte, ok bool) {
	if len(text) != encodedLen || digit(text[0]) > 7 {
		return raw, false
	}
	var acc uint32
	bits, at := -2, 0
	for i := range len(text) {
		d := digit(text[i])
		if d > 31 {
			return raw, false
		}
		acc = acc<<5 | uint32(d)
		bits += 5
		if bits >= 8 {
			bits -= 8
			raw[at] = byte(acc >> bits)
			at++
		}
	}
	return raw, true
}

func digit(c byte) byte {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return byte(i)
		}
	}
	return 0xff
}
