package selector

import (
	"encoding/hex"
	"errors"
	"strings"

	"golang.org/x/crypto/sha3"
)

// Version bytes of base58check addresses.
const (
	versionBitcoin        = 0x00 // pay to public key hash, 1…
	versionBitcoinScript  = 0x05 // pay to script hash, 3…
	versionLitecoin       = 0x30 // L…
	versionLitecoinScript = 0x32 // M…; the older form, 3…, cannot be told from Bitcoin's
	versionTron           = 0x41 // T…
)

var errNetwork = errors.New("it is an address of another network")

// normalBitcoin reads all forms of an address of the main network.
func normalBitcoin(raw string) (string, error) {
	raw = walletLink(raw, "bitcoin")
	if foldedPrefix(raw, "bc1") {
		return segwit(raw, "bc")
	}
	return base58Address(raw, versionBitcoin, versionBitcoinScript)
}

func normalLitecoin(raw string) (string, error) {
	raw = walletLink(raw, "litecoin")
	if foldedPrefix(raw, "ltc1") {
		return segwit(raw, "ltc")
	}
	return base58Address(raw, versionLitecoin, versionLitecoinScript)
}

func normalTron(raw string) (string, error) {
	return base58Address(walletLink(raw, "tron"), versionTron, versionTron)
}

// walletLink drops the scheme and the query of a link such as BIP-21's.
func walletLink(raw, scheme string) string {
	if rest, ok := cutFold(raw, scheme+":"); ok {
		raw, _, _ = strings.Cut(rest, "?")
	}
	return raw
}

func base58Address(raw string, versions ...byte) (string, error) {
	version, err := base58Check(raw)
	if err != nil {
		return "", err
	}
	for _, v := range versions {
		if version == v {
			return raw, nil
		}
	}
	return "", errNetwork
}

// normalEthereum reads 0x and 40 hexadecimal digits. Where capitals and small
// letters are mixed they are EIP-55's checksum, and must be right. The normal form
// has small letters: programs write an address in all three ways.
func normalEthereum(raw string) (string, error) {
	raw, _, _ = strings.Cut(walletLink(raw, "ethereum"), "@")
	digits, ok := cutFold(raw, "0x")
	if !ok || len(digits) != 40 || !isHex(digits) {
		return "", errors.New("an Ethereum address is 0x and 40 hexadecimal digits")
	}
	lower := strings.ToLower(digits)
	if mixedCase(digits) && eip55(lower) != digits {
		return "", errors.New("its capitals are not those of EIP-55: a character is mistyped")
	}
	return "0x" + lower, nil
}

// eip55 gives lower-case digits the capitals of EIP-55.
func eip55(lower string) string {
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte(lower))
	sum := hex.EncodeToString(h.Sum(nil))
	out := []byte(lower)
	for i, c := range out {
		if c >= 'a' && sum[i] >= '8' {
			out[i] = c - 'a' + 'A'
		}
	}
	return string(out)
}

// Network bytes of Monero's addresses.
const (
	moneroStandard   = 18
	moneroIntegrated = 19
	moneroSubaddress = 42
)

// normalMonero reads an address of the main network: a network byte, two public
// keys, with an integrated address a payment id, and four bytes of Keccak-256.
func normalMonero(raw string) (string, error) {
	raw = walletLink(raw, "monero")
	if len(raw) != 95 && len(raw) != 106 {
		return "", errors.New("a Monero address has 95 characters, an integrated one 106")
	}
	data, err := moneroBytes(raw)
	if err != nil {
		return "", err
	}
	body, sum := data[:len(data)-4], data[len(data)-4:]
	h := sha3.NewLegacyKeccak256()
	h.Write(body)
	if string(h.Sum(nil)[:4]) != string(sum) {
		return "", errChecksum
	}
	integrated := len(raw) == 106
	if network := body[0]; integrated && network == moneroIntegrated ||
		!integrated && (network == moneroStandard || network == moneroSubaddress) {
		return raw, nil
	}
	return "", errNetwork
}

// moneroBytes decodes Monero's base 58: blocks of 11 digits hold 8 bytes each, and
// the last block what is left.
func moneroBytes(s string) ([]byte, error) {
	sizes := [...]int{0, -1, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8}
	var data []byte
	for len(s) > 0 {
		block := s[:min(11, len(s))]
		s = s[len(block):]
		size := sizes[len(block)]
		n, err := base58(block)
		if err != nil {
			return nil, err
		}
		if size < 0 || n.BitLen() > 8*size {
			return nil, errors.New("it is no number of such an address")
		}
		data = append(data, n.FillBytes(make([]byte, size))...)
	}
	return data, nil
}
