package stix

// predefined are the extensions that the standard itself defines, by the type of observable they
// extend and their key (section 3.10). Where the standard asks for at least one property, that a
// dictionary must not be empty says it.
var predefined = map[string]map[string]*shape{
	"file": {
		"archive-ext": newShape(table{
			must("contains_refs", refsTo("file", "directory")),
			may("comment", text),
		}),
		"ntfs-ext": newShape(table{
			may("sid", text),
			may("alternate_data_streams", list(embedded(alternateDataStream))),
		}),
		"pdf-ext": newShape(table{
			may("version", text),
			may("is_optimized", boolean),
			may("document_info_dict", dictionary(anything)),
			may("pdfid0", text),
			may("pdfid1", text),
		}),
		"raster-image-ext": newShape(table{
			may("image_height", anyInteger),
			may("image_width", anyInteger),
			may("bits_per_pixel", anyInteger),
			may("exif_tags", dictionary(anything)),
		}),
		"windows-pebinary-ext": windowsPEBinary,
	},
	"network-traffic": {
		"http-request-ext": newShape(table{
			must("request_method", text),
			must("request_value", text),
			may("request_version", text),
			may("request_header", headerFields),
			may("message_body_length", anyInteger),
			may("message_body_data_ref", refTo("artifact")),
		}),
		"icmp-ext": newShape(table{
			must("icmp_type_hex", hexadecimal),
			must("icmp_code_hex", hexadecimal),
		}),
		"socket-ext": newShape(table{
			must("address_family", enum("AF_UNSPEC", "AF_INET", "AF_IPX", "AF_APPLETALK", "AF_NETBIOS", "AF_INET6", "AF_IRDA", "AF_BTH")),
			may("is_blocking", boolean),
			may("is_listening", boolean),
			may("options", dictionary(anyInteger)),
			may("socket_type", enum("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET")),
			may("socket_descriptor", count),
			may("socket_handle", anyInteger),
		}),
		"tcp-ext": newShape(table{
			may("src_flags_hex", hexadecimal),
			may("dst_flags_hex", hexadecimal),
		}),
	},
	"process": {
		"windows-process-ext": newShape(table{
			may("aslr_enabled", boolean),
			may("dep_enabled", boolean),
			may("priority", text),
			may("owner_sid", text),
			may("window_title", text),
			may("startup_info", dictionary(anything)),
			may("integrity_level", enum("low", "medium", "high", "system")),
		}),
		"windows-service-ext": newShape(table{
			may("service_name", text),
			may("descriptions", list(text)),
			may("display_name", text),
			may("group_name", text),
			may("start_type", enum("SERVICE_AUTO_START", "SERVICE_BOOT_START", "SERVICE_DEMAND_START", "SERVICE_DISABLED", "SERVICE_SYSTEM_ALERT")),
			may("service_dll_refs", refsTo("file")),
			may("service_type", enum("SERVICE_KERNEL_DRIVER", "SERVICE_FILE_SYSTEM_DRIVER", "SERVICE_WIN32_OWN_PROCESS", "SERVICE_WIN32_SHARE_PROCESS")),
			may("service_status", enum("SERVICE_CONTINUE_PENDING", "SERVICE_PAUSE_PENDING", "SERVICE_PAUSED", "SERVICE_RUNNING", "SERVICE_START_PENDING", "SERVICE_STOP_PENDING", "SERVICE_STOPPED")),
		}),
	},
	"user-account": {
		"unix-account-ext": newShape(table{
			may("gid", anyInteger),
			may("groups", list(text)),
			may("home_dir", text),
			may("shell", text),
		}),
	},
}

var windowsPEBinary = newShape(table{
	must("pe_type", open("windows-pebinary-type-ov")),
	may("imphash", text),
	may("machine_hex", hexadecimal),
	may("number_of_sections", count),
	may("time_date_stamp", timestamp),
	may("pointer_to_symbol_table_hex", hexadecimal),
	may("number_of_symbols", count),
	may("size_of_optional_header", count),
	may("characteristics_hex", hexadecimal),
	may("file_header_hashes", hashes),
	may("optional_header", embedded(windowsPEOptionalHeader)),
	may("sections", list(embedded(windowsPESection))),
}, ofItsOwn("pe_type"))

var windowsPEOptionalHeader = newShape(table{
	may("magic_hex", hexadecimal),
	may("major_linker_version", anyInteger),
	may("minor_linker_version", anyInteger),
	may("size_of_code", count),
	may("size_of_initialized_data", count),
	may("size_of_uninitialized_data", count),
	may("address_of_entry_point", anyInteger),
	may("base_of_code", anyInteger),
	may("base_of_data", anyInteger),
	may("image_base", anyInteger),
	may("section_alignment", anyInteger),
	may("file_alignment", anyInteger),
	may("major_os_version", anyInteger),
	may("minor_os_version", anyInteger),
	may("major_image_version", anyInteger),
	may("minor_image_version", anyInteger),
	may("major_subsystem_version", anyInteger),
	may("minor_subsystem_version", anyInteger),
	may("win32_version_value_hex", hexadecimal),
	may("size_of_image", count),
	may("size_of_headers", count),
	may("checksum_hex", hexadecimal),
	may("subsystem_hex", hexadecimal),
	may("dll_characteristics_hex", hexadecimal),
	may("size_of_stack_reserve", count),
	may("size_of_stack_commit", count),
	may("size_of_heap_reserve", count),
	may("size_of_heap_commit", count),
	may("loader_flags_hex", hexadecimal),
	may("number_of_rva_and_sizes", anyInteger),
	may("hashes", hashes),
})
