package stixtest

import "strings"

// One good object of every type of the standard, with most of its properties. U stands for the UUID
// e2e1a340-4415-4ba8-9671-f7343fbf0836, H for the head of a versioned object.
var exampleLines = []string{
	`{"type":"attack-pattern","id":"attack-pattern--U",H,"name":"a","description":"","aliases":["b"],"kill_chain_phases":[{"kill_chain_name":"k","phase_name":"p"}],"revoked":false,"labels":["l"],"confidence":100,"lang":"pt-BR","external_references":[{"source_name":"capec","external_id":"CAPEC-163"},{"source_name":"s","description":"d","url":"https://example.com","hashes":{"SHA-256":"E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}],"object_marking_refs":["marking-definition--U"],"granular_markings":[{"marking_ref":"marking-definition--U","selectors":["aliases.[0]","external_references.[1].url","name"]},{"lang":"de","selectors":["description"]}],"extensions":{"extension-definition--U":{"extension_type":"property-extension","rank":5}}}`,
	`{"type":"campaign","id":"campaign--U",H,"name":"a","first_seen":"2026-03-01T09:30:00Z","last_seen":"2026-03-01T09:30:00.000Z","objective":"o"}`,
	`{"type":"course-of-action","id":"course-of-action--U",H,"name":"a","description":"d"}`,
	`{"type":"grouping","id":"grouping--U",H,"name":"a","context":"suspicious-activity","object_refs":["indicator--U","ipv4-addr--U","relationship--U"]}`,
	`{"type":"identity","id":"identity--U",H,"name":"a","roles":["r"],"identity_class":"group","sectors":["education"],"contact_information":"c"}`,
	`{"type":"incident","id":"incident--U",H,"name":"a","description":"d"}`,
	`{"type":"indicator","id":"indicator--U",H,"pattern":"[url:value = 'x']","pattern_type":"stix","pattern_version":"2.1","indicator_types":["benign"],"valid_from":"2026-03-01T09:30:00Z","valid_until":"2026-03-01T09:30:00.001Z"}`,
	`{"type":"infrastructure","id":"infrastructure--U",H,"name":"a","infrastructure_types":["botnet"],"aliases":["b"],"first_seen":"2026-03-01T09:30:00Z","last_seen":"2026-03-02T09:30:00Z"}`,
	`{"type":"intrusion-set","id":"intrusion-set--U",H,"name":"a","goals":["g"],"resource_level":"team","primary_motivation":"ideology","secondary_motivations":["dominance"],"first_seen":"2026-03-01T09:30:00Z","last_seen":"2026-03-02T09:30:00Z"}`,
	`{"type":"location","id":"location--U",H,"latitude":-90,"longitude":180.0,"precision":1.5e3,"region":"northern-africa","country":"xx","city":"c"}`,
	`{"type":"malware","id":"malware--U",H,"name":"a","is_family":true,"malware_types":["worm"],"operating_system_refs":["software--U"],"sample_refs":["file--U","artifact--U"],"capabilities":["commits-fraud"],"first_seen":"2026-03-01T09:30:00Z","last_seen":"2026-03-02T09:30:00Z"}`,
	`{"type":"malware-analysis","id":"malware-analysis--U",H,"product":"p","result":"benign","host_vm_ref":"software--U","installed_software_refs":["software--U"],"analysis_sco_refs":["file--U"],"sample_ref":"file--U","submitted":"2026-03-01T09:30:00Z"}`,
	`{"type":"note","id":"note--U",H,"abstract":"a","content":"c","authors":["x"],"object_refs":["marking-definition--U"]}`,
	`{"type":"observed-data","id":"observed-data--U",H,"first_observed":"2026-03-01T09:30:00Z","last_observed":"2026-03-01T09:30:00Z","number_observed":1,"object_refs":["file--U","relationship--U","x-thing--U"]}`,
	`{"type":"opinion","id":"opinion--U",H,"explanation":"e","opinion":"strongly-agree","object_refs":["report--U"]}`,
	`{"type":"report","id":"report--U",H,"name":"a","report_types":["campaign"],"published":"2026-03-01T09:30:00Z","object_refs":["report--U"]}`,
	`{"type":"threat-actor","id":"threat-actor--U",H,"name":"a","threat_actor_types":["terrorist"],"roles":["agent"],"goals":["g"],"sophistication":"none","personal_motivations":["revenge"],"first_seen":"2026-03-01T09:30:00Z","last_seen":"2026-03-02T09:30:00Z"}`,
	`{"type":"tool","id":"tool--U",H,"name":"a","tool_types":["remote-access"],"tool_version":"1"}`,
	`{"type":"vulnerability","id":"vulnerability--U",H,"name":"a","external_references":[{"source_name":"cve","external_id":"CVE-2026-0001"}]}`,
	`{"type":"relationship","id":"relationship--U",H,"relationship_type":"derived-from","source_ref":"report--U","target_ref":"x-thing--U","start_time":"2026-03-01T09:30:00Z","stop_time":"2026-03-01T09:30:01Z"}`,
	`{"type":"sighting","id":"sighting--U",H,"count":0,"sighting_of_ref":"indicator--U","observed_data_refs":["observed-data--U"],"where_sighted_refs":["identity--U","location--U"],"summary":false,"first_seen":"2026-03-01T09:30:00Z","last_seen":"2026-03-02T09:30:00Z"}`,
	`{"type":"artifact","id":"artifact--U","spec_version":"2.1","mime_type":"text/plain","payload_bin":"aGVsbG8=","hashes":{"MD5":"5d41402abc4b2a76b9719d911017c592"},"encryption_algorithm":"mime-type-indicated","decryption_key":"k","defanged":true}`,
	`{"type":"autonomous-system","id":"autonomous-system--U","number":64496,"name":"n","rir":"r"}`,
	`{"type":"directory","id":"directory--U","path":"/srv","path_enc":"UTF-8","ctime":"2026-03-01T09:30:00Z","contains_refs":["file--U","directory--U"]}`,
	`{"type":"domain-name","id":"domain-name--U","value":"example.com","resolves_to_refs":["ipv4-addr--U"]}`,
	`{"type":"email-addr","id":"email-addr--U","value":"jane@example.com","display_name":"Jane","belongs_to_ref":"user-account--U"}`,
	`{"type":"email-message","id":"email-message--U","is_multipart":true,"date":"2026-03-01T09:30:00Z","from_ref":"email-addr--U","to_refs":["email-addr--U"],"received_lines":["r"],"additional_header_fields":{"X-Mailer":["m"],"Reply-To":"x"},"body_multipart":[{"body":"b","content_type":"text/plain"},{"body_raw_ref":"artifact--U"}],"raw_email_ref":"artifact--U"}`,
	`{"type":"file","id":"file--U","name":"a","name_enc":"UTF-8","size":0,"magic_number_hex":"00ff","hashes":{"SHA-1":"da39a3ee5e6b4b0d3255bfef95601890afd80709","SSDEEP":"3::","pdq":"x"},"parent_directory_ref":"directory--U","contains_refs":["file--U","x-thing--U"],"content_ref":"artifact--U","extensions":{"archive-ext":{"contains_refs":["file--U"]},"ntfs-ext":{"sid":"s","alternate_data_streams":[{"name":"n","size":1}]},"pdf-ext":{"is_optimized":true,"document_info_dict":{"Title":"t"}},"raster-image-ext":{"exif_tags":{"Make":"m","XResolution":4928}},"windows-pebinary-ext":{"pe_type":"dll","machine_hex":"014c","optional_header":{"size_of_code":1},"sections":[{"name":"s","entropy":0.061089}]}}}`,
	`{"type":"ipv4-addr","id":"ipv4-addr--U","value":"198.51.100.0/24","resolves_to_refs":["mac-addr--U"],"belongs_to_refs":["autonomous-system--U"]}`,
	`{"type":"ipv6-addr","id":"ipv6-addr--U","value":"2001:db8::1"}`,
	`{"type":"mac-addr","id":"mac-addr--U","value":"00:00:5e:00:53:01"}`,
	`{"type":"mutex","id":"mutex--U","name":"m"}`,
	`{"type":"network-traffic","id":"network-traffic--U","start":"2026-03-01T09:30:00Z","end":"2026-03-01T09:30:00Z","is_active":false,"src_ref":"ipv4-addr--U","dst_ref":"domain-name--U","src_port":0,"dst_port":65535,"protocols":["tcp","http"],"ipfix":{"minimumIpTotalLength":32},"encapsulates_refs":["network-traffic--U"],"extensions":{"http-request-ext":{"request_method":"get","request_value":"/","request_header":{"User-Agent":["u"]}},"icmp-ext":{"icmp_type_hex":"08","icmp_code_hex":"00"},"socket-ext":{"address_family":"AF_INET","socket_type":"SOCK_RAW","options":{"SO_LINGER":1}},"tcp-ext":{"src_flags_hex":"00000002"}}}`,
	`{"type":"process","id":"process--U","pid":4,"environment_variables":{"A":"b"},"image_ref":"file--U","child_refs":["process--U"],"extensions":{"windows-process-ext":{"aslr_enabled":false,"integrity_level":"high"},"windows-service-ext":{"start_type":"SERVICE_AUTO_START","service_status":"SERVICE_RUNNING","service_type":"SERVICE_KERNEL_DRIVER"}}}`,
	`{"type":"software","id":"software--U","name":"n","cpe":"cpe:2.3:a:example:n:1:*:*:*:*:*:*:*","languages":["en"],"version":"1"}`,
	`{"type":"url","id":"url--U","value":"https://example.com"}`,
	`{"type":"user-account","id":"user-account--U","user_id":"1001","account_type":"unix","is_disabled":false,"account_created":"2026-03-01T09:30:00Z","extensions":{"unix-account-ext":{"gid":1001,"groups":["wheel"]}}}`,
	`{"type":"windows-registry-key","id":"windows-registry-key--U","key":"hkey_local_machine\\\\k","values":[{"name":"","data":"d","data_type":"REG_SZ"}],"modified_time":"2026-03-01T09:30:00Z"}`,
	`{"type":"x509-certificate","id":"x509-certificate--U","issuer":"i","validity_not_before":"2026-03-01T09:30:00Z","x509_v3_extensions":{"key_usage":"k","private_key_usage_period_not_before":"2026-03-01T09:30:00Z"}}`,
	`{"type":"language-content","id":"language-content--U",H,"object_ref":"report--U","object_modified":"2026-03-01T09:30:00.000Z","contents":{"de":{"name":"n"},"pt-BR":{"labels":["","b"]}}}`,
	`{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--U","created":"2026-03-01T09:30:00.000Z","name":"n","definition_type":"statement","definition":{"statement":"s"}}`,
	`{"type":"extension-definition","id":"extension-definition--U",H,"name":"n","schema":"https://example.com","version":"1.0.0","extension_types":["toplevel-property-extension","new-sco"],"extension_properties":["rank"]}`,
}

// Examples gives one good object of every type of the standard, with most of its properties, by type.
func Examples() map[string]string {
	fill := strings.NewReplacer(
		"--U", "--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		",H", `,"spec_version":"2.1","created_by_ref":"identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",`+
			`"created":"2026-03-01T09:30:00.000Z","modified":"2026-03-01T09:30:00.000Z"`)
	all := map[string]string{}
	for _, line := range exampleLines {
		typ, _, _ := strings.Cut(strings.TrimPrefix(line, `{"type":"`), `"`)
		all[typ] = fill.Replace(line)
	}
	return all
}
