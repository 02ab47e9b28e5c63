// Package otp computes and checks one-time codes from a shared secret and the
// time: TOTP (RFC 6238) over HOTP (RFC 4226), with SHA-1, 30 seconds and six
// digits, which is what people's authenticators know.
//
// It holds no state. It must never take a code twice: whoever calls it keeps
// the step that was used last and gives it with the next code.
//
//	step, ok := otp.Check(secret, "492039", now, lastStep)
package otp
