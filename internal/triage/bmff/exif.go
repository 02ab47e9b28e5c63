package bmff

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// locate finds where the Exif item lies (14496-12 section 8.11.3).
func (p *Picture) locate(raw []byte) error {
	c := &cursor{raw: raw}
	version := c.versioned()
	sizes := c.number(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		indexSize = 0
	}
	if version > 2 || offsetSize > 8 || lengthSize > 8 || baseSize > 8 || indexSize > 8 {
		return errBroken
	}
	idSize := 2
	if version == 2 {
		idSize = 4
	}
	count := c.number(idSize)
	for i := uint64(0); i < min(count, mostItems) && !c.short; i++ {
		id, method := c.number(idSize), uint64(0)
		if version > 0 {
			method = c.number(2) & 15
		}
		c.number(2) // in this file
		base := c.number(baseSize)
		var extents [][2]uint64
		for n := c.number(2); n > 0 && !c.short; n-- {
			c.number(indexSize)
			extent := [2]uint64{base + c.number(offsetSize), c.number(lengthSize)}
			if id == p.exif.id && len(extents) < 2 {
				extents = append(extents, extent)
			}
			if offsetSize+lengthSize+indexSize == 0 {
				break // each takes no bytes
			}
		}
		if id == p.exif.id && !c.short {
			p.exif.found, p.exif.inData, p.exif.extents = true, method == 1, extents
			return nil
		}
	}
	return errors.New("nothing says where its Exif data is")
}

// Exif gives the TIFF structure with what the camera wrote, and where it begins in
// the file; nil if there is none.
func (p *Picture) Exif() (raw []byte, at int64, err error) {
	if !p.exif.found {
		return nil, 0, nil
	}
	if len(p.exif.extents) != 1 {
		return nil, 0, errors.New("its Exif data lies in several pieces, which are not read")
	}
	offset, length, limit := p.exif.extents[0][0], p.exif.extents[0][1], uint64(p.size)
	if p.exif.inData {
		limit = uint64(p.exif.data.length)
	}
	if offset > limit || length > limit-offset {
		return nil, 0, fmt.Errorf("its Exif data is said to be at byte %d of %d", offset, limit)
	}
	if length > mostExif {
		return nil, 0, fmt.Errorf("its Exif data has %d bytes, more than the limit of %d", length, mostExif)
	}
	at = int64(offset)
	if p.exif.inData {
		at += p.exif.data.at
	}
	raw = make([]byte, length)
	if _, err := p.at.ReadAt(raw, at); err != nil {
		return nil, 0, fmt.Errorf("its Exif data cannot be read: %w", err)
	}
	// Four bytes say how far behind them the structure begins (23008-12 section A.2.1).
	if len(raw) < 4 || uint64(binary.BigEndian.Uint32(raw)) > uint64(len(raw)-4) {
		return nil, 0, errors.New("its Exif data does not begin")
	}
	skip := 4 + int64(binary.BigEndian.Uint32(raw))
	return raw[skip:], at + skip, nil
}
