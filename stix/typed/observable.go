package typed

import "parley/stix"

// Artifact is a file's content, or where to find it (section 6.1).
type Artifact struct {
	Observable          `stix:"artifact"`
	MIMEType            *string `json:"mime_type,omitzero"`
	PayloadBin          *string `json:"payload_bin,omitzero"` // base64
	URL                 *string `json:"url,omitzero"`
	Hashes              Hashes  `json:"hashes,omitzero"`
	EncryptionAlgorithm *string `json:"encryption_algorithm,omitzero"` // encryption-algorithm-enum
	DecryptionKey       *string `json:"decryption_key,omitzero"`
}

// AutonomousSystem is an AS of the Internet (section 6.2).
type AutonomousSystem struct {
	Observable `stix:"autonomous-system"`
	Number     int64   `json:"number"`
	Name       *string `json:"name,omitzero"`
	RIR        *string `json:"rir,omitzero"`
}

// Directory is a folder of a file system (section 6.3).
type Directory struct {
	Observable   `stix:"directory"`
	Path         string         `json:"path"`
	PathEnc      *string        `json:"path_enc,omitzero"`
	CTime        stix.Timestamp `json:"ctime,omitzero"`
	MTime        stix.Timestamp `json:"mtime,omitzero"`
	ATime        stix.Timestamp `json:"atime,omitzero"`
	ContainsRefs []stix.ID      `json:"contains_refs,omitzero"`
}

// DomainName is a domain name (section 6.4).
type DomainName struct {
	Observable     `stix:"domain-name"`
	Value          string    `json:"value"`
	ResolvesToRefs []stix.ID `json:"resolves_to_refs,omitzero"` // deprecated
}

// EmailAddress is an e-mail address (section 6.5).
type EmailAddress struct {
	Observable   `stix:"email-addr"`
	Value        string  `json:"value"`
	DisplayName  *string `json:"display_name,omitzero"`
	BelongsToRef stix.ID `json:"belongs_to_ref,omitzero"`
}

// EmailMessage is an e-mail (section 6.6).
type EmailMessage struct {
	Observable             `stix:"email-message"`
	IsMultipart            bool           `json:"is_multipart"`
	Date                   stix.Timestamp `json:"date,omitzero"`
	ContentType            *string        `json:"content_type,omitzero"`
	FromRef                stix.ID        `json:"from_ref,omitzero"`
	SenderRef              stix.ID        `json:"sender_ref,omitzero"`
	ToRefs                 []stix.ID      `json:"to_refs,omitzero"`
	CCRefs                 []stix.ID      `json:"cc_refs,omitzero"`
	BCCRefs                []stix.ID      `json:"bcc_refs,omitzero"`
	MessageID              *string        `json:"message_id,omitzero"`
	Subject                *string        `json:"subject,omitzero"`
	ReceivedLines          []string       `json:"received_lines,omitzero"`
	AdditionalHeaderFields HeaderFields   `json:"additional_header_fields,omitzero"`
	Body                   *string        `json:"body,omitzero"`
	BodyMultipart          []MIMEPart     `json:"body_multipart,omitzero"`
	RawEmailRef            stix.ID        `json:"raw_email_ref,omitzero"`
}

// MIMEPart is one part of a message's body (section 6.6.2).
type MIMEPart struct {
	Part
	Body               *string `json:"body,omitzero"`
	BodyRawRef         stix.ID `json:"body_raw_ref,omitzero"`
	ContentType        *string `json:"content_type,omitzero"`
	ContentDisposition *string `json:"content_disposition,omitzero"`
}

// File is a file, with the extensions [ArchiveExt], [NTFSExt], [PDFExt], [RasterImageExt] and
// [WindowsPEBinaryExt] (section 6.7).
type File struct {
	Observable         `stix:"file"`
	Hashes             Hashes         `json:"hashes,omitzero"`
	Size               *int64         `json:"size,omitzero"` // bytes
	Name               *string        `json:"name,omitzero"`
	NameEnc            *string        `json:"name_enc,omitzero"`
	MagicNumberHex     *string        `json:"magic_number_hex,omitzero"`
	MIMEType           *string        `json:"mime_type,omitzero"`
	CTime              stix.Timestamp `json:"ctime,omitzero"`
	MTime              stix.Timestamp `json:"mtime,omitzero"`
	ATime              stix.Timestamp `json:"atime,omitzero"`
	ParentDirectoryRef stix.ID        `json:"parent_directory_ref,omitzero"`
	ContainsRefs       []stix.ID      `json:"contains_refs,omitzero"`
	ContentRef         stix.ID        `json:"content_ref,omitzero"`
}

// IPv4Address is an IPv4 address or network (section 6.8).
type IPv4Address struct {
	Observable     `stix:"ipv4-addr"`
	Value          string    `json:"value"`
	ResolvesToRefs []stix.ID `json:"resolves_to_refs,omitzero"` // deprecated
	BelongsToRefs  []stix.ID `json:"belongs_to_refs,omitzero"`  // deprecated
}

// IPv6Address is an IPv6 address or network (section 6.9).
type IPv6Address struct {
	Observable     `stix:"ipv6-addr"`
	Value          string    `json:"value"`
	ResolvesToRefs []stix.ID `json:"resolves_to_refs,omitzero"` // deprecated
	BelongsToRefs  []stix.ID `json:"belongs_to_refs,omitzero"`  // deprecated
}

// MACAddress is an address of a network's card (section 6.10).
type MACAddress struct {
	Observable `stix:"mac-addr"`
	Value      string `json:"value"`
}

// Mutex is a lock by which programs know of each other (section 6.11).
type Mutex struct {
	Observable `stix:"mutex"`
	Name       string `json:"name"`
}

// NetworkTraffic is traffic from one end to another, with the extensions [HTTPRequestExt],
// [ICMPExt], [SocketExt] and [TCPExt] (section 6.12).
type NetworkTraffic struct {
	Observable        `stix:"network-traffic"`
	Start             stix.Timestamp `json:"start,omitzero"`
	End               stix.Timestamp `json:"end,omitzero"`
	IsActive          *bool          `json:"is_active,omitzero"`
	SrcRef            stix.ID        `json:"src_ref,omitzero"`
	DstRef            stix.ID        `json:"dst_ref,omitzero"`
	SrcPort           *int           `json:"src_port,omitzero"`
	DstPort           *int           `json:"dst_port,omitzero"`
	Protocols         []string       `json:"protocols"` // from the outermost to the innermost
	SrcByteCount      *int64         `json:"src_byte_count,omitzero"`
	DstByteCount      *int64         `json:"dst_byte_count,omitzero"`
	SrcPackets        *int64         `json:"src_packets,omitzero"`
	DstPackets        *int64         `json:"dst_packets,omitzero"`
	IPFIX             Dictionary     `json:"ipfix,omitzero"`
	SrcPayloadRef     stix.ID        `json:"src_payload_ref,omitzero"`
	DstPayloadRef     stix.ID        `json:"dst_payload_ref,omitzero"`
	EncapsulatesRefs  []stix.ID      `json:"encapsulates_refs,omitzero"`
	EncapsulatedByRef stix.ID        `json:"encapsulated_by_ref,omitzero"`
}

// Process is a running program, with the extensions [WindowsProcessExt] and [WindowsServiceExt]
// (section 6.13).
type Process struct {
	Observable           `stix:"process"`
	IsHidden             *bool             `json:"is_hidden,omitzero"`
	PID                  *int64            `json:"pid,omitzero"`
	CreatedTime          stix.Timestamp    `json:"created_time,omitzero"`
	CWD                  *string           `json:"cwd,omitzero"`
	CommandLine          *string           `json:"command_line,omitzero"`
	EnvironmentVariables map[string]string `json:"environment_variables,omitzero"`
	OpenedConnectionRefs []stix.ID         `json:"opened_connection_refs,omitzero"`
	CreatorUserRef       stix.ID           `json:"creator_user_ref,omitzero"`
	ImageRef             stix.ID           `json:"image_ref,omitzero"`
	ParentRef            stix.ID           `json:"parent_ref,omitzero"`
	ChildRefs            []stix.ID         `json:"child_refs,omitzero"`
}

// Software is a program or an operating system (section 6.14).
type Software struct {
	Observable `stix:"software"`
	Name       string   `json:"name"`
	CPE        *string  `json:"cpe,omitzero"`
	SWID       *string  `json:"swid,omitzero"`
	Languages  []string `json:"languages,omitzero"`
	Vendor     *string  `json:"vendor,omitzero"`
	Version    *string  `json:"version,omitzero"`
}

// URL is an address of something on the web (section 6.15).
type URL struct {
	Observable `stix:"url"`
	Value      string `json:"value"`
}

// UserAccount is somebody's account, with the extension [UNIXAccountExt] (section 6.16).
type UserAccount struct {
	Observable            `stix:"user-account"`
	UserID                *string        `json:"user_id,omitzero"`
	Credential            *string        `json:"credential,omitzero"`
	AccountLogin          *string        `json:"account_login,omitzero"`
	AccountType           *string        `json:"account_type,omitzero"` // account-type-ov
	DisplayName           *string        `json:"display_name,omitzero"`
	IsServiceAccount      *bool          `json:"is_service_account,omitzero"`
	IsPrivileged          *bool          `json:"is_privileged,omitzero"`
	CanEscalatePrivs      *bool          `json:"can_escalate_privs,omitzero"`
	IsDisabled            *bool          `json:"is_disabled,omitzero"`
	AccountCreated        stix.Timestamp `json:"account_created,omitzero"`
	AccountExpires        stix.Timestamp `json:"account_expires,omitzero"`
	CredentialLastChanged stix.Timestamp `json:"credential_last_changed,omitzero"`
	AccountFirstLogin     stix.Timestamp `json:"account_first_login,omitzero"`
	AccountLastLogin      stix.Timestamp `json:"account_last_login,omitzero"`
}
