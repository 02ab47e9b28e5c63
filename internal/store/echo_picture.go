package store

import "context"

// mostGivenPictures is how many pictures are looked through for one that came: those of the newest releases.
const mostGivenPictures = 10_000

// GivenPicture is the fingerprint of a picture that went with a release.
type GivenPicture struct {
	Release int64
	SHA256  []byte // of the bytes
	PDQ     []byte // of what it shows; empty where that is too little
}

// AddGivenPicture keeps one; the same again changes nothing.
func (tx *Tx) AddGivenPicture(ctx context.Context, p GivenPicture) error {
	_, err := tx.exec(ctx, `INSERT INTO given_picture (release, sha256, pdq) VALUES ($1, $2, $3) ON CONFLICT (release, sha256) DO NOTHING`,
		p.Release, p.SHA256, nonNil(p.PDQ))
	return naming(err, "keep the fingerprint of a picture of release R%d", p.Release)
}

// GivenPictures lists those of the newest releases, the newest first.
func (tx *Tx) GivenPictures(ctx context.Context) ([]GivenPicture, error) {
	all, err := list(ctx, tx, func(s scanner) (p GivenPicture, err error) { return p, s.Scan(&p.Release, &p.SHA256, &p.PDQ) },
		`SELECT release, sha256, pdq FROM given_picture ORDER BY release DESC, sha256 LIMIT $1`, mostGivenPictures)
	return all, naming(err, "list the pictures that were given")
}
