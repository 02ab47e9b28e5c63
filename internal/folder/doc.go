// Package folder is what every data folder of Parley needs of the file system:
// to be held by one process at a time, and to have its files replaced as a
// whole or not at all, whatever is killed or unplugged.
//
//	lock, err := folder.Lock(filepath.Join(home, "lock"))
//	if errors.Is(err, folder.ErrLocked) { … }
//	defer lock.Close()
//	err = folder.Replace(filepath.Join(home, "keys.json"), data, 0o600)
//
// It must never leave a file half written, and knows nothing of what is in one.
package folder
