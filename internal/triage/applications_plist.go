package triage

import "parley/selector"

// Applications on Apple's devices: Info.plist in the folder of one, and
// iTunesMetadata.plist beside that folder, which says who acquired it.

func readInfoPlist(r *reading, list plist) error {
	if list.in("CFBundlePackageType").text() != "APPL" {
		return nil // a framework, of which each application has many
	}
	identifier := list.in("CFBundleIdentifier")
	return r.plistApplication(identifier, Artifact{
		Name: list.first("CFBundleDisplayName", "CFBundleName", "CFBundleExecutable").text(),
		Text: joined(identifier.text(), " ", list.first("CFBundleShortVersionString", "CFBundleVersion").text()),
	})
}

func readITunesMetadata(r *reading, list plist) error {
	identifier := list.in("softwareVersionBundleId")
	download := list.in("com.apple.iTunesStore.downloadInfo")
	buyer := download.in("accountInfo").in("AppleID").text()
	a := Artifact{
		Name: list.in("itemName").text(), Text: joined(identifier.text(), " ", list.in("bundleShortVersionString").text()),
		Time: download.in("purchaseDate").time(), From: buyer,
	}
	if buyer != "" {
		a.Selectors = r.field(selector.Email, buyer)
	}
	return r.plistApplication(identifier, a)
}

func (r *reading) plistApplication(identifier plist, a Artifact) error {
	if identifier.text() == "" {
		return nil
	}
	a.Kind, a.Application, a.Place = KindApplication, "iOS", identifier.place
	return r.artifact(a)
}
