package taxii_test

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/taxii"
)

// TestOASISClient sends every request of OASIS's own Python client, unmodified, over TLS. How to get
// it stands in docs/formats/taxii.md.
func TestOASISClient(t *testing.T) {
	client := os.Getenv("PARLEY_TAXII2_CLIENT")
	if client == "" {
		t.Skip("set PARLEY_TAXII2_CLIENT to a folder that holds OASIS's taxii2client to run it against this server")
	}
	python := os.Getenv("PARLEY_PYTHON")
	if python == "" {
		python = "python3"
	}
	script, err := filepath.Abs("testdata/oasis_client.py")
	if err != nil {
		t.Fatal(err)
	}
	s := newStation(t, func(_ *taxii.MemoryOptions, o *taxii.ServerOptions) {
		o.Authenticator = mustCredentials(t, taxii.CredentialsOptions{
			Passwords: map[string]string{"north": "a password"}, Tokens: map[string]string{"feed": "a token"},
		})
	})
	web := httptest.NewTLSServer(s.server)
	defer web.Close()
	certificate := filepath.Join(t.TempDir(), "cert.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	if err := os.WriteFile(certificate, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), python, script, web.URL, certificate, "north", "a password", "a token",
		"Example exchange", "Trust group", "open", "4")
	run.Env = append(os.Environ(), "PYTHONPATH="+client, "PYTHONDONTWRITEBYTECODE=1", "REQUESTS_CA_BUNDLE="+certificate, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
