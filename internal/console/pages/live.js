// Keeps a page in step with its node. Before a form is sent it asks whether the
// node is there, so that what was typed is not lost to a node that is down; and a
// part of a page that goes on by itself, marked data-live, is read anew.
"use strict";
{
	const alarm = document.createElement("p");
	alarm.className = "alarm";
	alarm.setAttribute("role", "alert");
	const say = (text) => {
		document.querySelector("main").prepend(alarm);
		alarm.textContent = text;
	};
	const second = () => new Promise((done) => setTimeout(done, 1000));
	const there = () => fetch("/healthz").then(() => true, () => false);
	const back = async () => {
		while (!await there()) {
			await second();
		}
	};

	const sending = new WeakSet();
	document.addEventListener("submit", async (event) => {
		const form = event.target;
		if (event.defaultPrevented || form.method !== "post" || sending.delete(form)) {
			return;
		}
		event.preventDefault();
		if (!await there()) {
			say("The node does not answer, so nothing was sent. What you typed is still here.");
			await back();
			say("The node is back. Nothing was sent meanwhile: send it again. You are asked to sign in first.");
			return;
		}
		sending.add(form);
		form.requestSubmit(event.submitter);
	});

	let typed = false;
	document.addEventListener("input", () => { typed = true; });
	const anew = () => {
		if (!typed) {
			location.reload();
			return;
		}
		say("Things have changed since this page was made. What you typed is still here: load the page again when you have done with it.");
	};
	const follow = async () => {
		for (let old = document.querySelector("[data-live]"); old; old = document.querySelector("[data-live]")) {
			await second();
			const answer = await fetch(location.href).catch(() => null);
			if (!answer) {
				say("The node does not answer. This page goes on when it is back.");
				await back();
				alarm.remove();
				continue;
			}
			const page = new DOMParser().parseFromString(await answer.text(), "text/html");
			const now = page.querySelector("[data-live]");
			if (!now) {
				anew();
				return;
			}
			old.replaceWith(document.importNode(now, true));
		}
	};
	follow();
}
