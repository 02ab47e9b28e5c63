package ewf

import "sync"

// cache keeps the chunks last read. Readers of a file system come back to the
// same few again and again.
type cache struct {
	mu     *sync.Mutex
	chunks map[int64][]byte
	order  []int64
	bytes  int64
}

const cacheBytes = 8 << 20

func newCache() cache { return cache{mu: new(sync.Mutex), chunks: map[int64][]byte{}} }

func (c *cache) get(number int64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.chunks[number]
}

// put keeps a chunk, and forgets the oldest until there is room.
func (c *cache) put(number int64, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.chunks[number]; known {
		return
	}
	for len(c.order) > 0 && c.bytes+int64(len(data)) > cacheBytes {
		c.bytes -= int64(len(c.chunks[c.order[0]]))
		delete(c.chunks, c.order[0])
		c.order = c.order[1:]
	}
	c.chunks[number] = data
	c.order, c.bytes = append(c.order, number), c.bytes+int64(len(data))
}
