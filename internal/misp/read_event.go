package misp

import "strings"

// What stands on one instance for itself only, and is passed over without a note: its own numbers,
// its correlations, and how its screens show things.
const ofTheInstance = " id event_id org_id orgc_id object_id attribute_id old_id galaxy_id tag_id galaxy_cluster_id" +
	" galaxy_cluster_uuid attribute_count attributeCount locked proposal_email_lock disable_correlation" +
	" RelatedEvent RelatedAttribute Feed Server Warning warnings Org event_creator_email hide_tag user_id" +
	" numerical_value is_galaxy is_custom_galaxy local_only event_uuid attribute_uuid object_uuid referenced_id referenced_type" +
	" org_uuid value1 value2 sharing_group_id protected exportable local relationship_type inherited" +
	" collection_uuid extends_uuid extends_version default published enabled deleted icon kill_chain_order namespace" +
	" created modified distribution authors version description "

// other handles a member that a model has no field for.
func (in *reader) other(name string) {
	if strings.Contains(ofTheInstance, " "+name+" ") {
		in.skip()
		return
	}
	switch name {
	case "ShadowAttribute":
		in.leave("a proposal by somebody else is not taken before the event's owner accepts it")
	case "data":
		in.leave("an attachment is not taken; only its name and hash are")
	case "SharingGroup":
		in.leave("a sharing group is not taken; its members are not known here")
	case "Note", "Opinion":
		in.leave("what analysts say of this is not taken")
	case "Relationship":
		in.leave("an analyst's relationship is not taken")
	case "CryptographicKey":
		in.leave("a protected event's signing key is not taken, and its signature not checked")
	default:
		in.leave("is not known here")
	}
}

func (in *reader) startEvent(e *Event) {
	pointer := string(in.dec.StackPointer())
	in.event, in.prefix = e, pointer[:strings.LastIndexByte(pointer, '/')]
}

// endEvent checks what every event must have.
func (in *reader) endEvent(e Event) {
	if e.UUID == "" {
		in.fail("has no uuid; every event must have one")
	}
	if len(in.events) >= in.lim.Events {
		in.failFor(ErrLimit, "is one more than the %d events allowed", in.lim.Events)
	}
	in.event = nil
	in.events = append(in.events, e)
}

func (in *reader) eventField(e *Event, name string) {
	switch name {
	case "uuid":
		e.UUID = in.id()
	case "info":
		e.Info = in.text()
	case "date":
		e.Date = in.date()
	case "timestamp":
		e.Timestamp = in.number()
	case "publish_timestamp":
		e.PublishTimestamp = in.number()
	case "published":
		e.Published = in.flag()
	case "threat_level_id":
		e.ThreatLevel = in.choice("1", "2", "3", "4")
	case "analysis":
		e.Analysis = in.choice("0", "1", "2")
	case "distribution":
		e.Distribution = in.distribution()
	case "extends_uuid":
		e.ExtendsUUID = in.id()
	case "Orgc":
		e.Creator = in.organisation()
	default:
		in.eventList(e, name)
	}
}

func (in *reader) eventList(e *Event, name string) {
	switch name {
	case "Tag":
		e.Tags = in.tags()
	case "Attribute":
		in.list(func() { e.Attributes = append(e.Attributes, in.attribute()) })
	case "Object":
		in.list(func() { e.Objects = append(e.Objects, in.misp()) })
	case "Galaxy":
		e.Galaxies = in.galaxies()
	case "EventReport":
		in.list(func() { e.Reports = append(e.Reports, in.report()) })
	default:
		in.analysed(&e.Analysed, name)
	}
}

func (in *reader) attribute() (a Attribute) {
	in.object(func(name string) {
		switch name {
		case "uuid":
			a.UUID = in.id()
		case "type":
			a.Type = in.text()
		case "category":
			a.Category = in.text()
		case "value":
			a.Value = in.text()
		case "object_relation":
			a.Relation = in.text()
		case "to_ids":
			a.ToIDs = in.flag()
		case "deleted":
			a.Deleted = in.flag()
		case "comment":
			a.Comment = in.text()
		case "timestamp":
			a.Timestamp = in.number()
		case "first_seen":
			a.FirstSeen = in.text()
		case "last_seen":
			a.LastSeen = in.text()
		case "distribution":
			a.Distribution = in.distribution()
		case "disable_correlation":
			a.NoCorrelation = in.flag()
		default:
			in.attributeList(&a, name)
		}
	})
	return a
}

func (in *reader) attributeList(a *Attribute, name string) {
	switch name {
	case "Tag":
		a.Tags = in.tags()
	case "Galaxy":
		a.Galaxies = in.galaxies()
	case "Sighting":
		in.list(func() { a.Sightings = append(a.Sightings, in.sighting()) })
	default:
		in.analysed(&a.Analysed, name)
	}
}

func (in *reader) misp() (o Object) {
	in.object(func(name string) {
		switch name {
		case "uuid":
			o.UUID = in.id()
		case "name":
			o.Name = in.text()
		case "meta-category":
			o.MetaCategory = in.text()
		case "description":
			o.Description = in.text()
		case "template_uuid":
			o.TemplateUUID = in.text()
		case "template_version":
			o.TemplateVersion = in.text()
		case "deleted":
			o.Deleted = in.flag()
		case "comment":
			o.Comment = in.text()
		case "timestamp":
			o.Timestamp = in.number()
		case "first_seen":
			o.FirstSeen = in.text()
		case "last_seen":
			o.LastSeen = in.text()
		case "distribution":
			o.Distribution = in.distribution()
		default:
			in.objectList(&o, name)
		}
	})
	return o
}

func (in *reader) objectList(o *Object, name string) {
	switch name {
	case "Attribute":
		in.list(func() { o.Attributes = append(o.Attributes, in.attribute()) })
	case "ObjectReference":
		in.list(func() { o.References = append(o.References, in.reference()) })
	default:
		in.analysed(&o.Analysed, name)
	}
}

func (in *reader) distribution() Distribution {
	return Distribution(in.choice("0", "1", "2", "3", "4", "5"))
}
