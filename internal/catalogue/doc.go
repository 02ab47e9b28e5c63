// Package catalogue says in another language what is written in English:
// templates as they are read, and words that a program makes.
//
// The English sentence is the key. A template is walked before html/template
// learns where values go: what a browser shows between two parts of a page is
// one message, with {1} for each value in it and <1>…</1> for each link or other
// mark of a few words, so that a translation puts them in its own order.
// Attributes that are read aloud or shown are messages too. What a catalogue
// does not know stays English, and is marked as English.
//
// A catalogue is one file in the PO format of gettext, which every tool of
// translators reads: see [Parse].
//
// It must never translate what somebody else wrote. Values go into a page as
// they are; of them only those of a type of their own, such as a state, are
// looked up as words: a name, a quotation or an identifier is a plain string.
//
//	ar, err := catalogue.Parse(file)
//	for name, tree := range ar.Templates(trees) { base.AddParseTree(name, tree) }
//	ar.Say("Map of E7")                    // by "Map of {1}"
//	ar.Plural(3, "selector", "selectors")  // in one of six forms
package catalogue
