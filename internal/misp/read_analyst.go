package misp

// analysed reads what analysts say of something, or hands a member on.
func (in *reader) analysed(to *Analysed, name string) {
	switch name {
	case "Note":
		in.list(func() { to.Notes = append(to.Notes, in.analystNote()) })
	case "Opinion":
		in.list(func() { to.Opinions = append(to.Opinions, in.analystOpinion()) })
	default:
		in.other(name)
	}
}

func (in *reader) analystNote() (n AnalystNote) {
	in.object(func(name string) {
		switch name {
		case "note":
			n.Note = in.text()
		case "language":
			n.Language = in.text()
		default:
			in.analyst(&n.Analyst, name)
		}
	})
	return n
}

func (in *reader) analystOpinion() (o AnalystOpinion) {
	in.object(func(name string) {
		switch name {
		case "opinion":
			if o.Opinion = in.number(); o.Opinion > 100 {
				o.Opinion = 100
				in.note("is above 100, the end of the scale, and was taken for 100")
			}
		case "comment":
			o.Comment = in.text()
		default:
			in.analyst(&o.Analyst, name)
		}
	})
	return o
}

func (in *reader) analyst(a *Analyst, name string) {
	switch name {
	case "uuid":
		a.UUID = in.id()
	case "authors":
		a.Authors = in.text()
	case "created":
		a.Created = in.text()
	case "modified":
		a.Modified = in.text()
	case "distribution":
		a.Distribution = in.distribution()
	case "Orgc":
		a.By = in.organisation()
	case "object_type", "note_type", "note_type_name":
		in.skip() // said by where it stands
	default:
		in.other(name)
	}
}
