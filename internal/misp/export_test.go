package misp

// UsualCategory is usualCategory, for tests that ask MISP's own tools whether it is right.
var UsualCategory = usualCategory
