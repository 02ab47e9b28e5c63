package triage

import (
	"strings"
	"time"
)

// Networks that Apple's devices have joined: com.apple.wifi.plist has a list of
// them, com.apple.wifi.known-networks.plist a dictionary by
// "wifi.network.ssid.NAME", com.apple.airport.preferences.plist of older Macs one
// by an identifier.

const ssidKey = "wifi.network.ssid."

func readNetworksPlist(r *reading, list plist) error {
	networks := list.in("List of known networks").all()
	networks = append(networks, list.in("KnownNetworks").all()...)
	for _, network := range list.all() {
		if strings.HasPrefix(network.node.Key, ssidKey) {
			networks = append(networks, network)
		}
	}
	for _, network := range networks {
		if err := r.plistNetwork(network); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) plistNetwork(network plist) error {
	name := network.first("SSID_STR", "SSIDString", "SSID")
	a := Artifact{Kind: KindNetwork, Application: "Wi-Fi", Place: name.place, Name: name.text()}
	if a.Name == "" {
		a.Name = strings.TrimPrefix(network.node.Key, ssidKey)
	}
	if a.Name == "" {
		return nil
	}
	a.Time = network.latest("lastJoined", "lastAutoJoined", "LastConnected", "LastAutoJoinAt", "JoinedByUserAt", "JoinedBySystemAt", "AddedAt", "addedAt")
	security := network.first("SecurityType", "SupportedSecurityTypes", "SecurityMode").text()
	points := accessPoints(network)
	if at := points.time; at.After(a.Time) {
		a.Time = at
	}
	a.Text = joined(security, ", ", strings.Join(points.addresses, ", "))
	return r.artifact(a)
}

// seenPoints are the access points of a network, and when one was last used.
type seenPoints struct {
	addresses []string
	time      time.Time
}

func accessPoints(network plist) (seen seenPoints) {
	if address := network.in("BSSID").text(); address != "" {
		seen.addresses = append(seen.addresses, "BSSID "+address)
	}
	for _, point := range network.in("BSSList").all() {
		if at := point.latest("LastAssociatedAt"); at.After(seen.time) {
			seen.time = at
		}
		if address := point.in("BSSID").text(); address != "" && len(seen.addresses) < 100 {
			seen.addresses = append(seen.addresses, "BSSID "+address)
		}
	}
	return seen
}
