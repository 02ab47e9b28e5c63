// The palette and the keys' list, each a dialog that keeps the focus and gives it back;
// and g with another key, which goes to a page.
"use strict";
const palette = document.querySelector("#palette"), help = document.querySelector("#help");
const query = palette.querySelector("input"), places = [...palette.querySelectorAll("li")], found = palette.querySelector("[role=status]");
let going = false; // g was pressed

const shown = () => places.filter((place) => !place.hidden);

function narrow() {
	const words = query.value.trim().toLowerCase();
	for (const place of places) {
		place.hidden = !place.textContent.toLowerCase().includes(words);
	}
	found.textContent = `${shown().length} ${found.dataset.words}`;
}

// The keys of the page are those that its buttons and links carry.
function listKeys() {
	const list = help.querySelector("[data-keys]"), seen = new Set();
	list.replaceChildren();
	for (const one of document.querySelectorAll("main [data-key]")) {
		if (seen.has(one.dataset.key)) {
			continue;
		}
		seen.add(one.dataset.key);
		const key = document.createElement("dt"), what = document.createElement("dd"), code = document.createElement("code");
		code.textContent = one.dataset.key;
		key.append(code);
		what.textContent = one.textContent;
		list.append(key, what);
	}
	help.querySelector("#help-page").hidden = seen.size === 0;
}

function open(dialog) {
	if (document.querySelector("dialog[open]")) {
		return;
	}
	if (dialog === palette) {
		query.value = "";
		narrow();
	} else {
		listKeys();
	}
	dialog.showModal();
}

// Up and down go from the field to the places and back.
function step(by) {
	const all = [query, ...shown().map((place) => place.querySelector("a"))];
	const next = all[all.indexOf(document.activeElement) + by];
	if (next) {
		next.focus();
	}
}

query.addEventListener("input", narrow);

// Before any other key of a page is looked at: what is behind a dialog hears nothing.
document.addEventListener("keydown", (event) => {
	const done = () => { event.preventDefault(); event.stopImmediatePropagation(); };
	if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
		done();
		open(palette);
		return;
	}
	if (document.querySelector("dialog[open]")) {
		event.stopImmediatePropagation();
		if (palette.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
			event.preventDefault();
			step(event.key === "ArrowDown" ? 1 : -1);
		}
		return;
	}
	if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
		going = false;
		return;
	}
	if (going && event.key.length === 1) {
		going = false;
		done();
		const to = palette.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
		if (to) {
			to.click();
		}
		return;
	}
	if (event.key === "g") {
		going = true;
		done();
	} else if (event.key === ":" || event.key === "?") {
		done();
		open(event.key === ":" ? palette : help);
	} else if (event.key === "b") {
		const back = document.querySelector("main [data-key=b]");
		if (back) {
			done();
			back.click();
		}
	}
}, true);
