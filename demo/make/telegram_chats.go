package main

// Who speaks on Telegram: the name shown and the account's number.
const (
	tgOwner    = ownerGiven + " " + ownerFamily
	tgSamir    = "Samir Halloran"
	tgSamirID  = int64(7000000002)
	tgLamp     = "lamp & light"
	tgLampID   = int64(7000000003)
	tgArkady   = "Аркадий Велль"
	tgArkadyID = int64(7000000004)
	tgHana     = "Hana Vermeulen-Ito"
	tgHanaID   = int64(7000000005)
)

func mention(text string) telegramEntity { return telegramEntity{Type: "mention", Text: text} }
func link(text string) telegramEntity    { return telegramEntity{Type: "link", Text: text} }
func mail(text string) telegramEntity    { return telegramEntity{Type: "email", Text: text} }
func dial(text string) telegramEntity    { return telegramEntity{Type: "phone", Text: text} }
func bold(text string) telegramEntity    { return telegramEntity{Type: "bold", Text: text} }
func hashtag(text string) telegramEntity { return telegramEntity{Type: "hashtag", Text: text} }
func textLink(text, to string) telegramEntity {
	return telegramEntity{Type: "text_link", Text: text, Href: to}
}

// telegramChatList is every conversation of the account.
func telegramChatList() []telegramChat {
	return []telegramChat{
		{tgSamir, "personal_chat", tgSamirID, chatWithSamir()},
		{"lamp group", "private_group", 4100000001, lampGroup()},
		{tgHana, "personal_chat", tgHanaID, chatWithHana()},
	}
}

func chatWithSamir() []telegramMessage {
	voice := said(108, 14410, tgSamir, tgSamirID, "")
	voice.Photo, voice.Width, voice.Height = "chats/chat_01/photos/photo_1@03-09-2026_09-10-00.jpg", 640, 480
	return []telegramMessage{
		said(101, 60, tgSamir, tgSamirID, "You are late with the lamp."),
		said(102, 62, tgOwner, ownerID, "The shop was closed."),
		said(103, 1500, tgSamir, tgSamirID, "Everybody is here now: ", link(held("lamplight_demo_17").north)),
		said(104, 1504, tgOwner, ownerID, "Joined. Who is ", mention(held("blue_bag_demo_44").north), "?"),
		said(105, 1507, tgSamir, tgSamirID, "A friend with a car. Do not ask."),
		said(106, 4300, tgOwner, ownerID, "Send the drawings to ", mail(held("lamp.works@mail.example").north), " and not to me."),
		said(107, 4306, tgSamir, tgSamirID, "Done, with the three posters."),
		voice,
		said(109, 14412, tgOwner, ownerID, "Nice picture of the bicycle."),
		said(110, 20170, tgSamir, tgSamirID, "From Friday ", bold("no telephones"), "."),
		said(111, 20172, tgOwner, ownerID, "Understood."),
	}
}

func lampGroup() []telegramMessage {
	forwarded := said(203, 1620, tgLamp, tgLampID, "Print the poster with the lamp. The one with the bicycle is ugly.")
	forwarded.Forward = "poster workshop"
	reply := said(205, 1634, tgSamir, tgSamirID, "Both. Ask ", mention("@poster_shop_demo_09"), " for paper.")
	reply.ReplyTo = 203
	return []telegramMessage{
		did(201, 1490, tgLamp, tgLampID, "create_group", "lamp group", tgLamp, tgSamir),
		did(202, 1502, tgOwner, ownerID, "join_group_by_link", ""),
		forwarded,
		said(204, 1625, tgArkady, tgArkadyID, "Плакат с лампой лучше. Напечатаю двадцать штук."),
		reply,
		said(206, 1700, tgLamp, tgLampID, hashtag("#lamp"), " is the word of this week."),
		said(207, 5900, tgArkady, tgArkadyID, "Мой номер на эту неделю: ", dial("+1 303 555 0127")),
		said(208, 5908, tgLamp, tgLampID, "النور لا ينطفئ. موعدنا كما اتفقنا."),
		said(209, 8800, tgLamp, tgLampID, "Read ", textLink("the programme of the evening", hallURL), " before Sunday."),
		said(210, 8811, tgOwner, ownerID, "I read it. It begins at eight."),
		said(211, 8830, tgSamir, tgSamirID, "On rassemble les affiches chez Claire samedi."),
		said(212, 14000, tgLamp, tgLampID, "The blue bag is ready."),
		said(213, 20150, tgLamp, tgLampID, "Old link is dead, new one: ", link("https://t.me/joinchat_demo_55")),
		said(214, 24480, tgLamp, tgLampID, "Meet where we fixed the bicycle."),
	}
}

func chatWithHana() []telegramMessage {
	return []telegramMessage{
		said(301, 300, tgHana, tgHanaID, "Do you still sell the green bicycle?"),
		said(302, 320, tgOwner, ownerID, "Yes, for 80. Look: ", link("https://market.example.net/item/5512")),
		said(303, 325, tgHana, tgHanaID, "I take it. Write to ", mail("hana@example.net")),
		said(304, 340, tgOwner, ownerID, "Come on Saturday."),
		said(305, 7600, tgHana, tgHanaID, "It rides well, thank you!"),
		said(306, 7610, tgOwner, ownerID, "The back wheel was Samir's work."),
	}
}
