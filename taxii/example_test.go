package taxii_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"parley/stix"
	"parley/taxii"
)

func Example() {
	const indicators = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
	memory, err := taxii.NewMemory(taxii.MemoryOptions{
		Title: "Example exchange",
		Roots: []taxii.MemoryRoot{{
			Path: "api1", Title: "Trust group",
			Collections: []taxii.Collection{{ID: indicators, Title: "Indicators", CanRead: true, CanWrite: true}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	credentials, err := taxii.NewCredentials(taxii.CredentialsOptions{Tokens: map[string]string{"north": "a long random token"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := taxii.NewServer(memory, taxii.ServerOptions{Authenticator: credentials})
	if err != nil {
		fmt.Println(err)
		return
	}
	web := httptest.NewTLSServer(server)
	defer web.Close()

	ctx := context.Background()
	client, err := taxii.NewClient(web.URL, taxii.ClientOptions{HTTP: web.Client(), Authorize: taxii.BearerAuth("a long random token")})
	if err != nil {
		fmt.Println(err)
		return
	}
	feed := client.Feed("/api1/", indicators)
	mutex, err := stix.ParseObject([]byte(`{"type":"mutex","spec_version":"2.1","id":"mutex--eba44954-d4e4-5d3b-814c-2b17dd8de300","name":"__CLEANSWEEP__"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	status, err := feed.Add(ctx, []stix.Object{mutex})
	fmt.Println(status.Status, status.SuccessCount, err)

	var bookmark taxii.Bookmark // from where the last run ended
	for page, err := range feed.Pages(ctx, taxii.Filter{Types: []string{"mutex"}}, bookmark) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, item := range page.Items {
			name, _ := item.Object.String("name")
			fmt.Println(item.Object.ID(), name)
		}
		bookmark = page.Bookmark // store it with the objects
	}
	// Output:
	// complete 1 <nil>
	// mutex--eba44954-d4e4-5d3b-814c-2b17dd8de300 __CLEANSWEEP__
}
