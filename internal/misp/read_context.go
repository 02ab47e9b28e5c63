package misp

import "time"

// date reads a day; one that is none is noted and left out.
func (in *reader) date() string {
	s := in.text()
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		if s != "" {
			in.note("is " + shown(s) + " and must be a day such as 2026-03-01")
		}
		return ""
	}
	return s
}

func (in *reader) organisation() *Organisation {
	var o Organisation
	in.object(func(name string) {
		switch name {
		case "uuid":
			o.UUID = in.id()
		case "name":
			o.Name = in.text()
		default:
			in.skip() // contacts, sectors, dates: who keeps them are the instances
		}
	})
	if o == (Organisation{}) {
		return nil
	}
	return &o
}

func (in *reader) tags() (tags []Tag) {
	in.list(func() {
		var t Tag
		in.object(func(name string) {
			switch name {
			case "name":
				t.Name = in.text()
			case "colour":
				t.Colour = in.text()
			case "local":
				t.Local = in.flag() || t.Local
			case "exportable":
				t.Local = !in.flag() || t.Local
			case "relationship_type":
				t.Relationship = in.text()
			default:
				in.other(name)
			}
		})
		if t.Name != "" {
			tags = append(tags, t)
		}
	})
	return tags
}

func (in *reader) reference() (r Reference) {
	in.object(func(name string) {
		switch name {
		case "uuid":
			r.UUID = in.id()
		case "object_uuid":
			r.Object = in.id()
		case "referenced_uuid":
			r.Referenced = in.id()
		case "relationship_type":
			r.Type = in.text()
		case "comment":
			r.Comment = in.text()
		case "timestamp":
			r.Timestamp = in.number()
		case "deleted":
			r.Deleted = in.flag()
		case "Object", "Attribute", "Event":
			in.skip() // a copy of what is referred to
		default:
			in.other(name)
		}
	})
	return r
}

func (in *reader) sighting() (s Sighting) {
	in.object(func(name string) {
		switch name {
		case "uuid":
			s.UUID = in.id()
		case "type":
			s.Type = in.choice("0", "1", "2", "3")
		case "date_sighting":
			s.Date = in.number()
		case "source":
			s.Source = in.text()
		case "Organisation":
			s.By = in.organisation()
		default:
			in.other(name)
		}
	})
	return s
}

func (in *reader) galaxies() (galaxies []Galaxy) {
	in.list(func() {
		var g Galaxy
		in.object(func(name string) {
			switch name {
			case "uuid":
				g.UUID = in.id()
			case "name":
				g.Name = in.text()
			case "type":
				g.Type = in.text()
			case "GalaxyCluster":
				in.list(func() { g.Clusters = append(g.Clusters, in.cluster()) })
			default:
				in.other(name)
			}
		})
		galaxies = append(galaxies, g)
	})
	return galaxies
}

func (in *reader) cluster() (c Cluster) {
	in.object(func(name string) {
		switch name {
		case "uuid":
			c.UUID = in.id()
		case "type":
			c.Type = in.text()
		case "value":
			c.Value = in.text()
		case "tag_name":
			c.TagName = in.text()
		case "description":
			c.Description = in.text()
		case "source":
			c.Source = in.text()
		case "version":
			c.Version = in.number()
		case "meta":
			c.Meta = in.clusterMeta()
		default:
			in.other(name)
		}
	})
	return c
}

// clusterMeta reads a cluster's free-form properties: each a text or a list of them.
func (in *reader) clusterMeta() (meta map[string][]string) {
	in.object(func(name string) {
		if kind := in.peek(); kind == '{' {
			in.leave("a cluster's property that is no text is not taken")
			return
		}
		in.part()
		if meta == nil {
			meta = map[string][]string{}
		}
		if all := in.texts(); len(all) > 0 {
			meta[name] = all
		}
	})
	return meta
}

func (in *reader) report() (r Report) {
	in.object(func(name string) {
		switch name {
		case "uuid":
			r.UUID = in.id()
		case "name":
			r.Name = in.text()
		case "content":
			r.Content = in.text()
		case "timestamp":
			r.Timestamp = in.number()
		case "deleted":
			r.Deleted = in.flag()
		case "distribution":
			r.Distribution = in.distribution()
		default:
			in.analysed(&r.Analysed, name)
		}
	})
	return r
}
