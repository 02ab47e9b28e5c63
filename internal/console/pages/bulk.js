// Ticks of a list: x sets the one of the row, Shift with a click all between, and the
// tick below the list all of the page. j and k go down and up where no other script does it.
"use strict";
const ticks = [...document.querySelectorAll("[name=pick]")], whole = document.querySelector("[data-all]"), told = document.querySelector("[data-ticked]");
let last = null; // the tick that was set or taken away last

function count() {
	const set = ticks.filter((tick) => tick.checked).length;
	told.textContent = `${set} / ${ticks.length}.`;
	if (whole) {
		whole.checked = set === ticks.length;
		whole.indeterminate = set > 0 && set < ticks.length;
	}
}

function changed(tick, between) {
	if (between && last) {
		const ends = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
		for (const one of ticks.slice(ends[0], ends[1] + 1)) {
			one.checked = tick.checked;
		}
	}
	last = tick;
	count();
}

for (const tick of ticks) {
	tick.addEventListener("click", (event) => changed(tick, event.shiftKey));
}
if (whole) { // a page may have none
	whole.parentElement.hidden = ticks.length === 0;
	whole.addEventListener("change", () => {
		for (const tick of ticks) {
			tick.checked = whole.checked;
		}
		count();
	});
}
count();

document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=checkbox]), textarea, select")) {
		return;
	}
	const row = document.activeElement.closest("tr"), here = row && row.querySelector("[name=pick]");
	if (event.key === "x" || event.key === "X") {
		const tick = here || ticks[0];
		if (tick) {
			event.preventDefault();
			tick.checked = !tick.checked;
			tick.focus();
			changed(tick, event.shiftKey);
		}
		return;
	}
	const by = { j: 1, k: -1 }[event.key];
	if (by && !document.querySelector("[data-row]")) {
		const next = here ? ticks[ticks.indexOf(here) + by] : ticks[0];
		if (next) {
			next.focus();
		}
	}
});
