// Package qr draws QR codes (ISO/IEC 18004) at a terminal and as PNG.
//
//	code, err := qr.New("PARLEY1:…", qr.Terminal)
//	err = code.Draw(os.Stdout)
//
// It knows nothing of what the codes say. What it must never do: write anything but the picture, or keep what was drawn.
package qr
