package main

// originatorControl is the marking that keeps South's report to itself.
var originatorControl = stixID("marking-definition", "originator controlled")

// southRules is what South's rules of release allow, and nothing more: a tearline of its own report to the
// partners named, for the protection of life, no wider than the report; and a warning.
func southRules() ([]byte, error) {
	return []byte(`# South's rules of release. What no rule allows is refused.

rules 1

party North
  group partners

party Rescue
  group partners

accept ` + originatorControl + `
  because The desk whose consent it asks for is our own, and clears every release.


# What may go.

allow to-protect-life
  when    "partners" in counterpart.groups
          && (counterpart.verified || counterpart.consumer)
          && purpose.use == "protect-life-only"
          && !purpose.emergency
          && object.ours
  because partners are told what saves lives

allow warning
  when    purpose.emergency && object.type == "warning" && counterpart.verified
          && purpose.use == "protect-life-only" && purpose.tlp == "red"
  because life goes first: one person may warn, and another looks at it within a day


# What may not.

deny people
  when    object.type in ["identity", "threat-actor"] && purpose.use != "protect-life-only"
  because nobody is named for anything but the protection of life


# What is expected of these rules.

case the report goes to North for the protection of life
  object.type           report
  object.marking        tlp red
  object.marking        ` + originatorControl + ` = statement Originator controlled: to nobody without the consent of South desk.
  counterpart.name      North
  counterpart.verified  yes
  purpose.use           protect-life-only
  purpose.tlp           red
  expect                allowed by to-protect-life

case it goes no further than it is marked
  object.type           report
  object.marking        tlp red
  counterpart.name      North
  counterpart.verified  yes
  purpose.use           protect-life-only
  purpose.tlp           amber+strict
  expect                refused by marking

case it does not go as a lead
  object.type           report
  object.marking        tlp red
  counterpart.name      North
  counterpart.verified  yes
  purpose.use           investigation-lead
  purpose.tlp           red
  expect                refused by no rule

case it does not go to others
  object.type           report
  object.marking        tlp red
  counterpart.name      Uvar
  counterpart.verified  yes
  purpose.use           protect-life-only
  purpose.tlp           red
  expect                refused by no rule
`), nil
}
