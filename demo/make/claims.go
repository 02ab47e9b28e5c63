package main

func claims() ([]byte, error) { return bundle("claims", nil) }
