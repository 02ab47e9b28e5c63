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
// [ExtensionID], which another tool may ignore. The values themselves stand only in STIX's own
// properties, so an object that somebody edited comes back as it was edited.
//
// A feed folder, as MISP's feed generator lays it out, is written by [WriteFeed], served by
// [FeedHandler] and read by [ReadFeed].
//
// An event comes from a stranger: it is refused when over its [Limits] or malformed, with the place.
// The package must never open a connection, unpack an attachment or a malware sample, or decide what
// may leave: whatever is written into a feed folder must have been cleared before.
package misp
