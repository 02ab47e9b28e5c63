package selector

import (
	"errors"
	"strings"
)

// normalIMEI reads the 15 digits of an IMEI, the last of them Luhn's (3GPP TS
// 23.003 annex B). An IMEISV has two digits of a software version for it; it is
// refused, since which phone it is of would need a check digit made up here.
func normalIMEI(raw string) (string, error) {
	digits, err := plainDigits(raw, 15, 15)
	if err != nil {
		return "", errors.New("an IMEI has 15 digits")
	}
	return digits, checkIMEI(digits)
}

func checkIMEI(digits string) error {
	switch {
	case !luhn(digits):
		return errLuhn
	case oneDigit(digits):
		return errors.New("it is a filler, the number of no device")
	}
	return nil
}

// reportingBodies begin the type allocation codes of nearly all phones there are
// (GSMA TS.06): those of PTCRB, BABT, TAF, MSAI and GHA.
var reportingBodies = [...]string{"01", "35", "86", "91", "98", "99"}

func asIMEI(n longNumber) (string, Confidence, bool) {
	switch n.shape {
	case "15", "2 6 6 1", "6 2 6 1", "8 6 1", "6 2 6":
	default:
		return "", "", false
	}
	if len(n.digits) != 15 || checkIMEI(n.digits) != nil {
		return "", "", false
	}
	if n.label == labelIMEI {
		return n.digits, High, true
	}
	if n.label != labelNone && n.label != labelDevice && n.label != labelPhone {
		return "", "", false
	}
	for _, body := range reportingBodies {
		if strings.HasPrefix(n.digits, body) {
			return n.digits, Moderate, true
		}
	}
	return "", "", false
}

// normalIMSI reads a subscriber's number (3GPP TS 23.003 clause 2.2): the country
// (ITU-T E.212), the network and the subscriber. It has no check digit.
func normalIMSI(raw string) (string, error) {
	digits, err := plainDigits(raw, 14, 15)
	if err != nil {
		return "", errors.New("an IMSI has 14 or 15 digits")
	}
	if c := digits[0]; c < '2' || c == '8' || oneDigit(digits) {
		return "", errors.New("no country's code begins so") // E.212: 2 to 7, and 9 for shared ones
	}
	return digits, nil
}

// asIMSI: without a check digit only the word beside it makes it one.
func asIMSI(n longNumber) (string, Confidence, bool) {
	if n.label != labelIMSI || len(n.digits) > 15 {
		return "", "", false
	}
	switch n.shape {
	case "15", "14", "3 2 10", "3 3 9", "5 10", "6 9", "3 2 9":
		value, err := normalIMSI(n.digits)
		return value, High, err == nil
	}
	return "", "", false
}

// normalICCID reads the number of a SIM card (ITU-T E.118): 89 for telecommunication,
// the country, the issuer, the account and Luhn's digit; 19 digits, 20 with some
// issuers. The F that fills the last half byte on the card falls away.
func normalICCID(raw string) (string, error) {
	if n := len(raw); n > 0 && raw[n-1]|0x20 == 'f' {
		raw = raw[:n-1]
	}
	digits, err := plainDigits(raw, 19, 20)
	if err != nil {
		return "", errors.New("an ICCID has 19 or 20 digits")
	}
	if !strings.HasPrefix(digits, "89") {
		return "", errors.New("an ICCID begins with 89")
	}
	if !luhn(digits) {
		return "", errLuhn
	}
	return digits, nil
}

func asICCID(n longNumber) (string, Confidence, bool) {
	if n.label != labelNone && n.label != labelICCID && n.label != labelPhone && n.label != labelDevice {
		return "", "", false
	}
	value, err := normalICCID(n.digits)
	return value, High, err == nil
}
