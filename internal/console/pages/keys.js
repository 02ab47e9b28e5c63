// Keys for a list whose rows have buttons: j and k go down and up, any other key
// presses the button or link of the row that is marked with it, or else of the page.
"use strict";
document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=hidden], [type=checkbox]), textarea, select")) {
		return;
	}
	const rows = [...document.querySelectorAll("[data-row]")];
	const here = document.activeElement.closest("[data-row]") || rows[0];
	const step = { j: 1, k: -1 }[event.key];
	if (step) {
		const next = rows[rows.indexOf(here) + step];
		if (next) {
			next.querySelector("button").focus();
		}
		return;
	}
	if (!/^[a-z]$/.test(event.key)) {
		return;
	}
	const key = `[data-key="${event.key}"]`;
	const button = (here && here.querySelector(key)) || document.querySelector(key);
	if (button) {
		event.preventDefault();
		button.click();
	}
});
