package typed

import "parley/stix"

// WindowsRegistryKey is a key of the Windows registry and its values (section 6.17).
type WindowsRegistryKey struct {
	Observable      `stix:"windows-registry-key"`
	Key             *string         `json:"key,omitzero"`
	Values          []RegistryValue `json:"values,omitzero"`
	ModifiedTime    stix.Timestamp  `json:"modified_time,omitzero"`
	CreatorUserRef  stix.ID         `json:"creator_user_ref,omitzero"`
	NumberOfSubkeys *int64          `json:"number_of_subkeys,omitzero"`
}

// RegistryValue is one value of a registry key (section 6.17.2).
type RegistryValue struct {
	Part
	Name     *string `json:"name,omitzero"`
	Data     *string `json:"data,omitzero"`
	DataType *string `json:"data_type,omitzero"` // windows-registry-datatype-enum
}

// X509Certificate is a certificate (section 6.18).
type X509Certificate struct {
	Observable                `stix:"x509-certificate"`
	IsSelfSigned              *bool             `json:"is_self_signed,omitzero"`
	Hashes                    Hashes            `json:"hashes,omitzero"`
	Version                   *string           `json:"version,omitzero"`
	SerialNumber              *string           `json:"serial_number,omitzero"`
	SignatureAlgorithm        *string           `json:"signature_algorithm,omitzero"`
	Issuer                    *string           `json:"issuer,omitzero"`
	ValidityNotBefore         stix.Timestamp    `json:"validity_not_before,omitzero"`
	ValidityNotAfter          stix.Timestamp    `json:"validity_not_after,omitzero"`
	Subject                   *string           `json:"subject,omitzero"`
	SubjectPublicKeyAlgorithm *string           `json:"subject_public_key_algorithm,omitzero"`
	SubjectPublicKeyModulus   *string           `json:"subject_public_key_modulus,omitzero"`
	SubjectPublicKeyExponent  *int64            `json:"subject_public_key_exponent,omitzero"`
	X509V3Extensions          *X509V3Extensions `json:"x509_v3_extensions,omitzero"`
}

// X509V3Extensions are the extensions of a certificate (section 6.18.2).
type X509V3Extensions struct {
	Part
	BasicConstraints               *string        `json:"basic_constraints,omitzero"`
	NameConstraints                *string        `json:"name_constraints,omitzero"`
	PolicyConstraints              *string        `json:"policy_constraints,omitzero"`
	KeyUsage                       *string        `json:"key_usage,omitzero"`
	ExtendedKeyUsage               *string        `json:"extended_key_usage,omitzero"`
	SubjectKeyIdentifier           *string        `json:"subject_key_identifier,omitzero"`
	AuthorityKeyIdentifier         *string        `json:"authority_key_identifier,omitzero"`
	SubjectAlternativeName         *string        `json:"subject_alternative_name,omitzero"`
	IssuerAlternativeName          *string        `json:"issuer_alternative_name,omitzero"`
	SubjectDirectoryAttributes     *string        `json:"subject_directory_attributes,omitzero"`
	CRLDistributionPoints          *string        `json:"crl_distribution_points,omitzero"`
	InhibitAnyPolicy               *string        `json:"inhibit_any_policy,omitzero"`
	PrivateKeyUsagePeriodNotBefore stix.Timestamp `json:"private_key_usage_period_not_before,omitzero"`
	PrivateKeyUsagePeriodNotAfter  stix.Timestamp `json:"private_key_usage_period_not_after,omitzero"`
	CertificatePolicies            *string        `json:"certificate_policies,omitzero"`
	PolicyMappings                 *string        `json:"policy_mappings,omitzero"`
}
