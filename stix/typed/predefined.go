package typed

import "parley/stix"

// ArchiveExt says what is in an archive (section 6.7.2).
type ArchiveExt struct {
	Part         `stix:"archive-ext"`
	ContainsRefs []stix.ID `json:"contains_refs"`
	Comment      *string   `json:"comment,omitzero"`
}

// NTFSExt is what only NTFS knows of a file (section 6.7.3).
type NTFSExt struct {
	Part                 `stix:"ntfs-ext"`
	SID                  *string               `json:"sid,omitzero"`
	AlternateDataStreams []AlternateDataStream `json:"alternate_data_streams,omitzero"`
}

// AlternateDataStream is a further stream of an NTFS file (section 6.7.3).
type AlternateDataStream struct {
	Part
	Name   string `json:"name"`
	Hashes Hashes `json:"hashes,omitzero"`
	Size   *int64 `json:"size,omitzero"` // bytes
}

// PDFExt is what a PDF says of itself (section 6.7.4).
type PDFExt struct {
	Part             `stix:"pdf-ext"`
	Version          *string    `json:"version,omitzero"`
	IsOptimized      *bool      `json:"is_optimized,omitzero"`
	DocumentInfoDict Dictionary `json:"document_info_dict,omitzero"`
	PDFID0           *string    `json:"pdfid0,omitzero"`
	PDFID1           *string    `json:"pdfid1,omitzero"`
}

// RasterImageExt is what a picture says of itself (section 6.7.5).
type RasterImageExt struct {
	Part         `stix:"raster-image-ext"`
	ImageHeight  *int64     `json:"image_height,omitzero"` // pixels
	ImageWidth   *int64     `json:"image_width,omitzero"`  // pixels
	BitsPerPixel *int64     `json:"bits_per_pixel,omitzero"`
	EXIFTags     Dictionary `json:"exif_tags,omitzero"`
}

// WindowsPEBinaryExt is what a Windows program says of itself (section 6.7.6).
type WindowsPEBinaryExt struct {
	Part                    `stix:"windows-pebinary-ext"`
	PEType                  string            `json:"pe_type"` // windows-pebinary-type-ov
	Imphash                 *string           `json:"imphash,omitzero"`
	MachineHex              *string           `json:"machine_hex,omitzero"`
	NumberOfSections        *int64            `json:"number_of_sections,omitzero"`
	TimeDateStamp           stix.Timestamp    `json:"time_date_stamp,omitzero"`
	PointerToSymbolTableHex *string           `json:"pointer_to_symbol_table_hex,omitzero"`
	NumberOfSymbols         *int64            `json:"number_of_symbols,omitzero"`
	SizeOfOptionalHeader    *int64            `json:"size_of_optional_header,omitzero"` // bytes
	CharacteristicsHex      *string           `json:"characteristics_hex,omitzero"`
	FileHeaderHashes        Hashes            `json:"file_header_hashes,omitzero"`
	OptionalHeader          *PEOptionalHeader `json:"optional_header,omitzero"`
	Sections                []PESection       `json:"sections,omitzero"`
}

// PEOptionalHeader is the optional header of a Windows program (section 6.7.6). Sizes are in bytes.
type PEOptionalHeader struct {
	Part
	MagicHex                *string `json:"magic_hex,omitzero"`
	MajorLinkerVersion      *int64  `json:"major_linker_version,omitzero"`
	MinorLinkerVersion      *int64  `json:"minor_linker_version,omitzero"`
	SizeOfCode              *int64  `json:"size_of_code,omitzero"`
	SizeOfInitializedData   *int64  `json:"size_of_initialized_data,omitzero"`
	SizeOfUninitializedData *int64  `json:"size_of_uninitialized_data,omitzero"`
	AddressOfEntryPoint     *int64  `json:"address_of_entry_point,omitzero"`
	BaseOfCode              *int64  `json:"base_of_code,omitzero"`
	BaseOfData              *int64  `json:"base_of_data,omitzero"`
	ImageBase               *int64  `json:"image_base,omitzero"`
	SectionAlignment        *int64  `json:"section_alignment,omitzero"`
	FileAlignment           *int64  `json:"file_alignment,omitzero"`
	MajorOSVersion          *int64  `json:"major_os_version,omitzero"`
	MinorOSVersion          *int64  `json:"minor_os_version,omitzero"`
	MajorImageVersion       *int64  `json:"major_image_version,omitzero"`
	MinorImageVersion       *int64  `json:"minor_image_version,omitzero"`
	MajorSubsystemVersion   *int64  `json:"major_subsystem_version,omitzero"`
	MinorSubsystemVersion   *int64  `json:"minor_subsystem_version,omitzero"`
	Win32VersionValueHex    *string `json:"win32_version_value_hex,omitzero"`
	SizeOfImage             *int64  `json:"size_of_image,omitzero"`
	SizeOfHeaders           *int64  `json:"size_of_headers,omitzero"`
	ChecksumHex             *string `json:"checksum_hex,omitzero"`
	SubsystemHex            *string `json:"subsystem_hex,omitzero"`
	DLLCharacteristicsHex   *string `json:"dll_characteristics_hex,omitzero"`
	SizeOfStackReserve      *int64  `json:"size_of_stack_reserve,omitzero"`
	SizeOfStackCommit       *int64  `json:"size_of_stack_commit,omitzero"`
	SizeOfHeapReserve       *int64  `json:"size_of_heap_reserve,omitzero"`
	SizeOfHeapCommit        *int64  `json:"size_of_heap_commit,omitzero"`
	LoaderFlagsHex          *string `json:"loader_flags_hex,omitzero"`
	NumberOfRVAAndSizes     *int64  `json:"number_of_rva_and_sizes,omitzero"`
	Hashes                  Hashes  `json:"hashes,omitzero"`
}

// PESection is one section of a Windows program (section 6.7.6).
type PESection struct {
	Part
	Name    string   `json:"name"`
	Size    *int64   `json:"size,omitzero"`    // bytes
	Entropy *float64 `json:"entropy,omitzero"` // bits a byte
	Hashes  Hashes   `json:"hashes,omitzero"`
}

// HTTPRequestExt is a request of HTTP (section 6.12.2).
type HTTPRequestExt struct {
	Part               `stix:"http-request-ext"`
	RequestMethod      string       `json:"request_method"`
	RequestValue       string       `json:"request_value"`
	RequestVersion     *string      `json:"request_version,omitzero"`
	RequestHeader      HeaderFields `json:"request_header,omitzero"`
	MessageBodyLength  *int64       `json:"message_body_length,omitzero"` // bytes
	MessageBodyDataRef stix.ID      `json:"message_body_data_ref,omitzero"`
}

// ICMPExt is a message of ICMP (section 6.12.3).
type ICMPExt struct {
	Part        `stix:"icmp-ext"`
	ICMPTypeHex string `json:"icmp_type_hex"`
	ICMPCodeHex string `json:"icmp_code_hex"`
}

// SocketExt is a network socket (section 6.12.4).
type SocketExt struct {
	Part             `stix:"socket-ext"`
	AddressFamily    string           `json:"address_family"` // network-socket-address-family-enum
	IsBlocking       *bool            `json:"is_blocking,omitzero"`
	IsListening      *bool            `json:"is_listening,omitzero"`
	Options          map[string]int64 `json:"options,omitzero"`
	SocketType       *string          `json:"socket_type,omitzero"` // network-socket-type-enum
	SocketDescriptor *int64           `json:"socket_descriptor,omitzero"`
	SocketHandle     *int64           `json:"socket_handle,omitzero"`
}

// TCPExt is what only TCP says (section 6.12.5).
type TCPExt struct {
	Part        `stix:"tcp-ext"`
	SrcFlagsHex *string `json:"src_flags_hex,omitzero"`
	DstFlagsHex *string `json:"dst_flags_hex,omitzero"`
}

// WindowsProcessExt is what only Windows knows of a process (section 6.13.2).
type WindowsProcessExt struct {
	Part           `stix:"windows-process-ext"`
	ASLREnabled    *bool      `json:"aslr_enabled,omitzero"`
	DEPEnabled     *bool      `json:"dep_enabled,omitzero"`
	Priority       *string    `json:"priority,omitzero"`
	OwnerSID       *string    `json:"owner_sid,omitzero"`
	WindowTitle    *string    `json:"window_title,omitzero"`
	StartupInfo    Dictionary `json:"startup_info,omitzero"`
	IntegrityLevel *string    `json:"integrity_level,omitzero"` // windows-integrity-level-enum
}

// WindowsServiceExt is what Windows knows of a service (section 6.13.3).
type WindowsServiceExt struct {
	Part           `stix:"windows-service-ext"`
	ServiceName    *string   `json:"service_name,omitzero"`
	Descriptions   []string  `json:"descriptions,omitzero"`
	DisplayName    *string   `json:"display_name,omitzero"`
	GroupName      *string   `json:"group_name,omitzero"`
	StartType      *string   `json:"start_type,omitzero"` // windows-service-start-type-enum
	ServiceDLLRefs []stix.ID `json:"service_dll_refs,omitzero"`
	ServiceType    *string   `json:"service_type,omitzero"`   // windows-service-type-enum
	ServiceStatus  *string   `json:"service_status,omitzero"` // windows-service-status-enum
}

// UNIXAccountExt is what only UNIX knows of an account (section 6.16.2).
type UNIXAccountExt struct {
	Part    `stix:"unix-account-ext"`
	GID     *int64   `json:"gid,omitzero"`
	Groups  []string `json:"groups,omitzero"`
	HomeDir *string  `json:"home_dir,omitzero"`
	Shell   *string  `json:"shell,omitzero"`
}
