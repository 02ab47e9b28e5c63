// Package misp is the door to MISP: it reads and writes events of the MISP core format and turns
// them into STIX 2.1 objects and back.
//
//	events, err := misp.Read(file, misp.Limits{})
//	objects, unmapped, err := misp.ToSTIX(events[0], misp.Options{})
//	event, unmapped, err := misp.FromSTIX(objects, misp.Options{})
//
// Ids are made of MISP's own UUIDs, so that reading an event twice gives the same objects. What the
// other side has no place for is never dropped in silence: it is listed as [Unmapped]. What STIX has
// no property for (an attribute's category, an object's template) travels in the extension
// [ExtensionID], which another tool may ignore. A value stands in STIX's own property wherever there is
// one, so an object that somebody edited comes back as it was edited.
//
// Other UUIDs than MISP's own are random or say nothing of a value: see [ErrNoKey].
//
// A feed is served by [FeedHandler] from what [Prepare] made of the events that were released, or written
// into a folder by [WriteFeed], and read by [Pull]:
//
//	issue, left, err := misp.Prepare(event, now)
//	http.Handle("/feeds/south/", http.StripPrefix("/feeds/south", misp.FeedHandler(source)))
//	got, err := misp.Pull(ctx, misp.Remote{URL: "https://feed.example/"}, mark, misp.PullOptions{}, take)
//
// An event comes from a stranger: it is refused when over its [Limits] or malformed, with the place.
// The package must never open a connection but to the one host of a [Remote], unpack an attachment or a
// malware sample, or decide what may leave: whatever is prepared for a feed must have been cleared before.
// Nothing it writes reaches more people than MISP's distribution let it.
package misp
