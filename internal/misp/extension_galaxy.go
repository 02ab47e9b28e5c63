package misp

// saidOf writes galaxies for the extension.
func saidOf(galaxies []Galaxy) (all []saidGalaxy) {
	for _, g := range galaxies {
		s := saidGalaxy{UUID: g.UUID, Name: g.Name, Type: g.Type}
		for _, c := range g.Clusters {
			s.Clusters = append(s.Clusters, saidWhole{
				UUID: c.UUID, Type: c.Type, Value: c.Value, TagName: c.TagName, Description: c.Description, Source: c.Source, Version: c.Version,
				Meta: saidMetaOf(c.Meta),
			})
		}
		all = append(all, s)
	}
	return all
}

func saidMetaOf(meta map[string][]string) (all []saidMeta) {
	for _, name := range sortedKeys(meta) {
		if len(meta[name]) > 0 {
			all = append(all, saidMeta{name, meta[name]})
		}
	}
	return all
}

// galaxiesOf reads galaxies back from a stranger's extension.
func galaxiesOf(said []saidGalaxy) (all []Galaxy) {
	for _, s := range said {
		g := Galaxy{UUID: uuidOr(s.UUID), Name: s.Name, Type: s.Type}
		for _, c := range s.Clusters {
			g.Clusters = append(g.Clusters, Cluster{
				UUID: uuidOr(c.UUID), Type: c.Type, Value: c.Value, TagName: c.TagName, Description: c.Description, Source: c.Source,
				Version: second(c.Version), Meta: metaOf(c.Meta),
			})
		}
		all = append(all, g)
	}
	return all
}

func metaOf(said []saidMeta) map[string][]string {
	meta := map[string][]string{}
	for _, s := range said {
		meta[s.Name] = s.Values
	}
	return meta
}
