package node

import "crypto/subtle"

// SignIn checks a user's passphrase against the key file as it is now, for
// somebody who comes to a node that is open already. It opens the user's slot,
// holds the key against the node's own and wipes it: a slot that somebody put
// into the file with a key of their own opens nothing. The error is
// [ErrPassphrase] whichever of the two was wrong, after the same work; a key
// file that cannot be read is another error.
func (n *Node) SignIn(user, passphrase string) (User, error) {
	v, err := readVault(n.vault.path)
	if err != nil {
		return User{}, err
	}
	u, key, err := v.open(user, passphrase)
	defer clear(key[:])
	if err != nil {
		return User{}, err
	}
	if subtle.ConstantTimeCompare(key[:], n.key[:]) != 1 {
		return User{}, ErrPassphrase
	}
	return u, nil
}
