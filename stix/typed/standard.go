package typed

import "reflect"

// standard are the structs for the types of the standard, by the type's name.
var standard = byName(
	reflect.TypeFor[AttackPattern](), reflect.TypeFor[Campaign](), reflect.TypeFor[CourseOfAction](),
	reflect.TypeFor[Grouping](), reflect.TypeFor[Identity](), reflect.TypeFor[Incident](),
	reflect.TypeFor[Indicator](), reflect.TypeFor[Infrastructure](), reflect.TypeFor[IntrusionSet](),
	reflect.TypeFor[Location](), reflect.TypeFor[Malware](), reflect.TypeFor[MalwareAnalysis](),
	reflect.TypeFor[Note](), reflect.TypeFor[ObservedData](), reflect.TypeFor[Opinion](),
	reflect.TypeFor[Report](), reflect.TypeFor[ThreatActor](), reflect.TypeFor[Tool](),
	reflect.TypeFor[Vulnerability](),

	reflect.TypeFor[Relationship](), reflect.TypeFor[Sighting](),

	reflect.TypeFor[Artifact](), reflect.TypeFor[AutonomousSystem](), reflect.TypeFor[Directory](),
	reflect.TypeFor[DomainName](), reflect.TypeFor[EmailAddress](), reflect.TypeFor[EmailMessage](),
	reflect.TypeFor[File](), reflect.TypeFor[IPv4Address](), reflect.TypeFor[IPv6Address](),
	reflect.TypeFor[MACAddress](), reflect.TypeFor[Mutex](), reflect.TypeFor[NetworkTraffic](),
	reflect.TypeFor[Process](), reflect.TypeFor[Software](), reflect.TypeFor[URL](),
	reflect.TypeFor[UserAccount](), reflect.TypeFor[WindowsRegistryKey](), reflect.TypeFor[X509Certificate](),

	reflect.TypeFor[LanguageContent](), reflect.TypeFor[MarkingDefinition](), reflect.TypeFor[ExtensionDefinition](),
)

func byName(structs ...reflect.Type) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for _, t := range structs {
		all[t.Field(0).Tag.Get("stix")] = t
	}
	return all
}
