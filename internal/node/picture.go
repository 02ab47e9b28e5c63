package node

import (
	"context"

	"parley/internal/triage"
)

// mostPicture is how large the file of a picture may be that is shown.
const mostPicture = 32 << 20

// ReadPictures opens files of evidence again, such as those of pictures, and
// gives each or why it cannot be given. The evidence is looked at once, whether
// it still is what was imported.
func (n *Node) ReadPictures(ctx context.Context, evidence int64, places []string, each func(i int, file []byte, err error)) error {
	e, err := n.evidence(ctx, evidence)
	if err != nil {
		return err
	}
	if err := unchanged(ctx, e); err != nil {
		return err
	}
	opt := triage.Options{Region: n.Settings.Region, Limits: triage.DefaultLimits()}
	for i, at := range places {
		if err := ctx.Err(); err != nil {
			return err
		}
		place, err := triage.ParsePlace(at)
		if err != nil {
			return err
		}
		file, err := triage.Content(ctx, e.Path, place, mostPicture, opt)
		each(i, file, err)
	}
	return nil
}
