package stix

import (
	"net/netip"
	"strings"
)

// observableTypes are the STIX Cyber-observable Objects of section 6, without their common
// properties.
var observableTypes = []row{
	{"artifact", table{
		may("mime_type", text),
		may("payload_bin", binary),
		may("url", text),
		may("hashes", hashes),
		may("encryption_algorithm", enum("AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated")),
		may("decryption_key", text),
	}, []rule{
		atLeastOne("payload_bin", "url"),
		exclusive("payload_bin", "url"),
		needs("url", "hashes"),
		needs("decryption_key", "encryption_algorithm"),
	}},
	{"autonomous-system", table{
		must("number", anyInteger),
		may("name", text),
		may("rir", text),
	}, nil},
	{"directory", table{
		must("path", text),
		may("path_enc", text),
		may("ctime", timestamp),
		may("mtime", timestamp),
		may("atime", timestamp),
		may("contains_refs", refsTo("file", "directory")),
	}, nil},
	{"domain-name", table{
		must("value", text),
		may("resolves_to_refs", refsTo("ipv4-addr", "ipv6-addr", "domain-name")),
	}, nil},
	{"email-addr", table{
		must("value", text),
		may("display_name", text),
		may("belongs_to_ref", refTo("user-account")),
	}, nil},
	{"email-message", table{
		must("is_multipart", boolean),
		may("date", timestamp),
		may("content_type", text),
		may("from_ref", refTo("email-addr")),
		may("sender_ref", refTo("email-addr")),
		may("to_refs", refsTo("email-addr")),
		may("cc_refs", refsTo("email-addr")),
		may("bcc_refs", refsTo("email-addr")),
		may("message_id", text),
		may("subject", text),
		may("received_lines", list(text)),
		may("additional_header_fields", dictionary(anything)),
		may("body", text),
		may("body_multipart", list(mimePart)),
		may("raw_email_ref", refTo("artifact")),
	}, []rule{
		onlyIf("body", "is_multipart", "false"),
		onlyIf("body_multipart", "is_multipart", "true"),
	}},
	{"file", table{
		may("hashes", hashes),
		may("size", count),
		may("name", text),
		may("name_enc", text),
		may("magic_number_hex", hexadecimal),
		may("mime_type", text),
		may("ctime", timestamp),
		may("mtime", timestamp),
		may("atime", timestamp),
		may("parent_directory_ref", refTo("directory")),
		may("contains_refs", set(refToFamily("that is a cyber-observable", Observable))),
		may("content_ref", refTo("artifact")),
	}, []rule{atLeastOne("hashes", "name"), needs("name_enc", "name")}},
	{"ipv4-addr", table{
		must("value", checked("an IPv4 address or network", isAddress(netip.Addr.Is4))),
		may("resolves_to_refs", refsTo("mac-addr")),
		may("belongs_to_refs", refsTo("autonomous-system")),
	}, nil},
	{"ipv6-addr", table{
		must("value", checked("an IPv6 address or network", isAddress(netip.Addr.Is6))),
		may("resolves_to_refs", refsTo("mac-addr")),
		may("belongs_to_refs", refsTo("autonomous-system")),
	}, nil},
	{"mac-addr", table{
		must("value", checked("six octets such as 00:00:5e:00:53:01", isMAC)),
	}, nil},
	{"mutex", table{must("name", text)}, nil},
	{"network-traffic", table{
		may("start", timestamp),
		may("end", timestamp),
		may("is_active", boolean),
		may("src_ref", endpoint),
		may("dst_ref", endpoint),
		may("src_port", integer(0, 65535)),
		may("dst_port", integer(0, 65535)),
		must("protocols", list(text)),
		may("src_byte_count", count),
		may("dst_byte_count", count),
		may("src_packets", count),
		may("dst_packets", count),
		may("ipfix", dictionary(anything)),
		may("src_payload_ref", refTo("artifact")),
		may("dst_payload_ref", refTo("artifact")),
		may("encapsulates_refs", refsTo("network-traffic")),
		may("encapsulated_by_ref", refTo("network-traffic")),
	}, []rule{
		atLeastOne("src_ref", "dst_ref"),
		notBefore("end", "start"),
		onlyIf("end", "is_active", "false"),
	}},
	{"process", table{
		may("is_hidden", boolean),
		may("pid", anyInteger),
		may("created_time", timestamp),
		may("cwd", text),
		may("command_line", text),
		may("environment_variables", dictionary(text)),
		may("opened_connection_refs", refsTo("network-traffic")),
		may("creator_user_ref", refTo("user-account")),
		may("image_ref", refTo("file")),
		may("parent_ref", refTo("process")),
		may("child_refs", refsTo("process")),
	}, []rule{ofItsOwn("type", "spec_version", "id", "object_marking_refs", "granular_markings", "defanged")}},
	{"software", table{
		must("name", text),
		may("cpe", text),
		may("swid", text),
		may("languages", list(text)),
		may("vendor", text),
		may("version", text),
	}, nil},
	{"url", table{must("value", text)}, nil},
	{"user-account", table{
		may("user_id", text),
		may("credential", text),
		may("account_login", text),
		may("account_type", text),
		may("display_name", text),
		may("is_service_account", boolean),
		may("is_privileged", boolean),
		may("can_escalate_privs", boolean),
		may("is_disabled", boolean),
		may("account_created", timestamp),
		may("account_expires", timestamp),
		may("credential_last_changed", timestamp),
		may("account_first_login", timestamp),
		may("account_last_login", timestamp),
	}, []rule{ofItsOwn("type", "spec_version", "id", "object_marking_refs", "granular_markings", "defanged")}},
	{"windows-registry-key", table{
		may("key", text),
		may("values", list(registryValue)),
		may("modified_time", timestamp),
		may("creator_user_ref", refTo("user-account")),
		may("number_of_subkeys", anyInteger),
	}, []rule{ofItsOwn("type", "spec_version", "id", "object_marking_refs", "granular_markings", "defanged", "extensions")}},
	{"x509-certificate", table{
		may("is_self_signed", boolean),
		may("hashes", hashes),
		may("version", text),
		may("serial_number", text),
		may("signature_algorithm", text),
		may("issuer", text),
		may("validity_not_before", timestamp),
		may("validity_not_after", timestamp),
		may("subject", text),
		may("subject_public_key_algorithm", text),
		may("subject_public_key_modulus", text),
		may("subject_public_key_exponent", anyInteger),
		may("x509_v3_extensions", certificateExtensions),
	}, []rule{ofItsOwn("type", "spec_version", "id", "object_marking_refs", "granular_markings", "defanged", "extensions")}},
}

// endpoint is one side of network traffic.
var endpoint = refTo("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name")

// isAddress accepts an address or a CIDR network of one family.
func isAddress(family func(netip.Addr) bool) func(string) bool {
	return func(s string) bool {
		if strings.Contains(s, "/") {
			network, err := netip.ParsePrefix(s)
			return err == nil && family(network.Addr())
		}
		address, err := netip.ParseAddr(s)
		return err == nil && family(address)
	}
}

// isMAC accepts six octets in lower case with colons between them.
func isMAC(s string) bool {
	if len(s) != 17 {
		return false
	}
	for i := range len(s) {
		if i%3 == 2 && s[i] != ':' || i%3 != 2 && !isLowerHex(s[i]) {
			return false
		}
	}
	return true
}
