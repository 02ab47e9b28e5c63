package stix

// Objects that stand inside others: data types of section 2 and parts of observables of section 6.
var (
	externalReference = newShape(table{
		must("source_name", text),
		may("description", text),
		may("url", text),
		may("hashes", hashes),
		may("external_id", text),
	}, atLeastOne("description", "url", "external_id"), wellKnownID)

	killChainPhase = newShape(table{
		must("kill_chain_name", hyphenated),
		must("phase_name", hyphenated),
	})

	granularMarking = newShape(table{
		may("lang", language),
		may("marking_ref", refTo("marking-definition")),
		must("selectors", list(text)),
	}, atLeastOne("lang", "marking_ref"), exclusive("lang", "marking_ref"))

	mimePart = newShape(table{
		may("body", text),
		may("body_raw_ref", refTo("artifact", "file")),
		may("content_type", text),
		may("content_disposition", text),
	}, atLeastOne("body", "body_raw_ref"))

	registryValue = newShape(table{
		may("name", text),
		may("data", text),
		may("data_type", enum(
			"REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN",
			"REG_DWORD_LITTLE_ENDIAN", "REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST",
			"REG_FULL_RESOURCE_DESCRIPTION", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD", "REG_INVALID_TYPE")),
	})

	certificateExtensions = newShape(table{
		may("basic_constraints", text),
		may("name_constraints", text),
		may("policy_constraints", text),
		may("key_usage", text),
		may("extended_key_usage", text),
		may("subject_key_identifier", text),
		may("authority_key_identifier", text),
		may("subject_alternative_name", text),
		may("issuer_alternative_name", text),
		may("subject_directory_attributes", text),
		may("crl_distribution_points", text),
		may("inhibit_any_policy", text),
		may("private_key_usage_period_not_before", timestamp),
		may("private_key_usage_period_not_after", timestamp),
		may("certificate_policies", text),
		may("policy_mappings", text),
	})

	alternateDataStream = newShape(table{
		must("name", text),
		may("hashes", hashes),
		may("size", count),
	})

	windowsPESection = newShape(table{
		must("name", text),
		may("size", count),
		may("entropy", float(0, 8)),
		may("hashes", hashes),
	})
)
