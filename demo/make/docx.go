package main

import (
	"fmt"
	"strings"
	"time"
)

// notesDocx makes a small WordprocessingML document (ECMA-376). The word
// processor has put half of one telephone number in bold, so it stands in two
// runs: a reader that looks at the bytes, or at each run alone, misses it.
func notesDocx() ([]byte, error) {
	when := time.Date(2026, time.August, 30, 18, 12, 0, 0, time.UTC)
	return archive([]entry{
		{"[Content_Types].xml", []byte(docxTypes), when},
		{"_rels/.rels", []byte(docxRoot), when},
		{"docProps/core.xml", []byte(docxCore), when},
		{"word/document.xml", []byte(docxBody()), when},
		{"word/_rels/document.xml.rels", []byte(docxLinks), when},
	})
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

	docxTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	docxRoot = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	docxLinks = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://paper.example.com/order/31" TargetMode="External"/></Relationships>`

	docxCore = xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>notes</dc:title><dc:creator>T. Marr</dc:creator>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">2026-08-30T18:12:00Z</dcterms:created></cp:coreProperties>`
)

func docxBody() string {
	first, second, _ := strings.Cut(held("+14155550122").north, "|")
	paragraphs := []string{
		textRun("", "Things to do before Friday"),
		textRun("", "Paper from ") + `<w:hyperlink r:id="rId1">` + textRun("", "the usual shop") + `</w:hyperlink>` + textRun("", ", three colours."),
		textRun("", "If nobody answers, call ") + textRun("", first) + textRun("<w:rPr><w:b/></w:rPr>", second) + textRun("", " and ask for the bicycle."),
		textRun("", "Лампу вернуть Аркадию."),
		textRun("", "Invoices to bills@paper.example.com"),
	}
	var body strings.Builder
	for _, p := range paragraphs {
		fmt.Fprintf(&body, "<w:p>%s</w:p>", p)
	}
	return xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>` + body.String() +
		`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`
}

// textRun is one stretch of text with one look.
func textRun(look, text string) string {
	return "<w:r>" + look + `<w:t xml:space="preserve">` + text + "</w:t></w:r>"
}
