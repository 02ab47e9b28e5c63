// Draws a large graph that was laid out on the node, from the address that the
// figure names. It moves only when somebody moves it.
"use strict";
for (const figure of document.querySelectorAll("[data-canvas]")) {
	const canvas = figure.querySelector("canvas");
	const status = figure.querySelector("[role=status]");
	const pen = canvas.getContext("2d");
	const view = { scale: 1, x: 0, y: 0, fit: 1 };
	const pointers = new Map();
	let scene = null, chosen = -1, waits = false, moved = false;

	// A colour of the style, as it is in the theme that holds now.
	const probe = figure.appendChild(document.createElement("span"));
	probe.hidden = true;
	const colour = (name) => {
		probe.className = name;
		return getComputedStyle(probe).color;
	};
	const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
	const onScreen = (n) => ({ x: scene.x[n] * view.scale + view.x, y: scene.y[n] * view.scale + view.y });

	const fit = () => {
		const { width, height } = size();
		view.fit = view.scale = Math.min(width / (scene.width || 1), height / (scene.height || 1), 2);
		view.x = (width - scene.width * view.scale) / 2;
		view.y = (height - scene.height * view.scale) / 2;
	};
	const zoom = (times, at) => {
		const scale = Math.min(Math.max(view.scale * times, view.fit / 2), 8);
		view.x = at.x - (at.x - view.x) * scale / view.scale;
		view.y = at.y - (at.y - view.y) * scale / view.scale;
		view.scale = scale;
	};
	const middle = () => ({ x: size().width / 2, y: size().height / 2 });

	const sign = (shape, x, y, r) => {
		switch (shape) {
		case "square": case "tablet": pen.rect(x - r, y - r, 2 * r, 2 * r); break;
		case "bar": pen.rect(x - r, y - r / 2, 2 * r, r); break;
		case "diamond": pen.moveTo(x, y - r); pen.lineTo(x + r, y); pen.lineTo(x, y + r); pen.lineTo(x - r, y); pen.closePath(); break;
		case "triangle": pen.moveTo(x, y - r); pen.lineTo(x + r, y + r); pen.lineTo(x - r, y + r); pen.closePath(); break;
		default: pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 2 * Math.PI);
		}
	};
	const paints = () => ["ink", "second-kind", "third-kind", "fourth-kind"].map(colour);

	// What lies behind: ticks of time with their words, coasts.
	const drawLines = () => {
		pen.strokeStyle = colour("soft");
		pen.fillStyle = colour("soft");
		pen.font = "11px system-ui, sans-serif";
		pen.textAlign = "left";
		pen.textBaseline = "top";
		pen.globalAlpha = 0.6;
		pen.lineWidth = 0.7;
		pen.beginPath();
		for (const { points } of scene.lines) {
			for (let i = 0; i < points.length; i += 2) {
				const x = points[i] * view.scale + view.x, y = points[i + 1] * view.scale + view.y;
				i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y);
			}
		}
		pen.stroke();
		pen.globalAlpha = 1;
		for (const { points, text } of scene.lines) {
			if (text) { // it stays at the edge where its line leaves the window
				pen.fillText(text, Math.max(points[0] * view.scale + view.x, 0) + 3, Math.max(points[1] * view.scale + view.y, 0) + 2);
			}
		}
	};
	const drawEdges = (inside) => {
		pen.strokeStyle = colour("soft");
		pen.globalAlpha = scene.from.length > 5000 ? 0.25 : 0.5;
		pen.lineWidth = 1;
		pen.beginPath();
		for (let i = 0; i < scene.from.length; i++) {
			const a = onScreen(scene.from[i]), b = onScreen(scene.to[i]);
			if (inside(a) || inside(b)) {
				pen.moveTo(a.x, a.y);
				pen.lineTo(b.x, b.y);
			}
		}
		pen.stroke();
		pen.globalAlpha = 1;
		if (chosen < 0) {
			return;
		}
		pen.strokeStyle = colour("ink");
		pen.lineWidth = 1.5;
		pen.beginPath();
		for (let i = 0; i < scene.from.length; i++) {
			if (scene.from[i] === chosen || scene.to[i] === chosen) {
				const a = onScreen(scene.from[i]), b = onScreen(scene.to[i]);
				pen.moveTo(a.x, a.y);
				pen.lineTo(b.x, b.y);
			}
		}
		pen.stroke();
	};
	const drawNodes = (inside, r) => {
		const all = paints();
		scene.kinds.forEach((name, kind) => {
			pen.fillStyle = all[kind % all.length];
			pen.beginPath();
			for (let n = 0; n < scene.x.length; n++) {
				const at = onScreen(n);
				if (scene.kind[n] === kind && inside(at)) {
					sign(scene.shapes[kind], at.x, at.y, r);
				}
			}
			pen.fill();
		});
	};
	// A name is written where no other stands, the busiest first.
	const drawNames = (inside, r) => {
		const taken = new Set();
		const paper = colour("paper");
		const write = (n) => {
			const at = onScreen(n), wide = pen.measureText(scene.label[n]).width;
			const places = [];
			for (let x = at.x; x < at.x + wide + 12; x += 12) {
				places.push(Math.floor(x / 12) + " " + Math.floor((at.y - 7) / 8), Math.floor(x / 12) + " " + Math.floor((at.y + 7) / 8), Math.floor(x / 12) + " " + Math.floor(at.y / 8));
			}
			if (n !== chosen && places.some((p) => taken.has(p))) {
				return;
			}
			places.forEach((p) => taken.add(p));
			pen.strokeStyle = paper;
			pen.lineWidth = 3;
			pen.strokeText(scene.label[n], at.x + r + 3, at.y);
			pen.fillText(scene.label[n], at.x + r + 3, at.y);
		};
		pen.font = "12px system-ui, sans-serif";
		pen.lineJoin = "round";
		pen.textBaseline = "middle";
		pen.textAlign = "left";
		pen.fillStyle = colour("ink");
		if (chosen >= 0) {
			write(chosen);
		}
		for (let n = 0, written = 0; n < scene.x.length && written < 300; n++) {
			if (n !== chosen && inside(onScreen(n))) {
				written++;
				write(n);
			}
		}
	};
	const draw = () => {
		waits = false;
		const { width, height } = size(), sharp = window.devicePixelRatio || 1;
		canvas.width = Math.round(width * sharp);
		canvas.height = Math.round(height * sharp);
		pen.setTransform(sharp, 0, 0, sharp, 0, 0);
		pen.clearRect(0, 0, width, height);
		const inside = (at) => at.x > -20 && at.y > -20 && at.x < width + 20 && at.y < height + 20;
		const r = Math.min(Math.max(3 * view.scale, 1.5), 7);
		drawLines();
		drawEdges(inside);
		drawNodes(inside, r);
		drawNames(inside, r);
		if (chosen >= 0) {
			const at = onScreen(chosen);
			pen.strokeStyle = colour("linked");
			pen.lineWidth = 2;
			pen.beginPath();
			pen.arc(at.x, at.y, r + 4, 0, 2 * Math.PI);
			pen.stroke();
		}
	};
	const redraw = () => {
		if (scene && !waits) {
			waits = true;
			requestAnimationFrame(draw);
		}
	};

	// choose marks a node, and says which it is.
	const choose = (n, centre) => {
		if (!scene || n < 0 || n >= scene.x.length) {
			return;
		}
		chosen = n;
		if (centre) {
			view.scale = Math.max(view.scale, 1);
			const { x, y } = middle();
			view.x = x - scene.x[n] * view.scale;
			view.y = y - scene.y[n] * view.scale;
		}
		const name = document.createElement(scene.link[n] ? "a" : "bdi");
		name.textContent = scene.label[n];
		name.dir = "auto";
		if (scene.link[n]) {
			name.href = scene.link[n];
		}
		status.replaceChildren(name, ` (${scene.kinds[scene.kind[n]]}, ${n})`);
		redraw();
	};
	const nearest = (at) => {
		let best = -1, least = 20 * 20;
		for (let n = 0; n < scene.x.length; n++) {
			const p = onScreen(n), d = (p.x - at.x) ** 2 + (p.y - at.y) ** 2;
			if (d < least) {
				best = n;
				least = d;
			}
		}
		return best;
	};

	const place = (event) => {
		const box = canvas.getBoundingClientRect();
		return { x: event.clientX - box.left, y: event.clientY - box.top };
	};
	canvas.addEventListener("pointerdown", (event) => {
		canvas.setPointerCapture(event.pointerId);
		pointers.set(event.pointerId, place(event));
		moved = false;
	});
	canvas.addEventListener("pointermove", (event) => {
		const before = pointers.get(event.pointerId), at = place(event);
		if (!scene || !before) {
			return;
		}
		if (Math.hypot(at.x - before.x, at.y - before.y) < 3 && !moved) {
			return;
		}
		moved = true;
		const other = [...pointers].find(([id]) => id !== event.pointerId);
		if (other) {
			const [, rest] = other;
			zoom(Math.hypot(at.x - rest.x, at.y - rest.y) / Math.max(Math.hypot(before.x - rest.x, before.y - rest.y), 1), rest);
		} else {
			view.x += at.x - before.x;
			view.y += at.y - before.y;
		}
		pointers.set(event.pointerId, at);
		redraw();
	});
	const lift = (event) => {
		const at = pointers.get(event.pointerId);
		pointers.delete(event.pointerId);
		if (scene && at && !moved && event.type === "pointerup") {
			choose(nearest(place(event)), false);
		}
	};
	canvas.addEventListener("pointerup", lift);
	canvas.addEventListener("pointercancel", lift);
	canvas.addEventListener("wheel", (event) => {
		if (scene && (event.ctrlKey || document.activeElement === canvas)) { // otherwise the page is scrolled
			event.preventDefault();
			zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, place(event));
			redraw();
		}
	}, { passive: false });
	canvas.addEventListener("keydown", (event) => {
		const step = 60, keys = {
			"ArrowLeft": () => { view.x += step; }, "ArrowRight": () => { view.x -= step; },
			"ArrowUp": () => { view.y += step; }, "ArrowDown": () => { view.y -= step; },
			"+": () => zoom(1.25, middle()), "=": () => zoom(1.25, middle()), "-": () => zoom(0.8, middle()), "0": fit,
			"n": () => choose((chosen + 1) % scene.x.length, true), "p": () => choose((chosen - 1 + scene.x.length) % scene.x.length, true),
			"Enter": () => { if (chosen >= 0 && scene.link[chosen]) { location.href = scene.link[chosen]; } },
		};
		if (scene && scene.x.length > 0 && keys[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
			event.preventDefault();
			keys[event.key]();
			redraw();
		}
	});
	for (const link of document.querySelectorAll("a[data-node]")) {
		link.addEventListener("click", () => choose(Number(link.dataset.node), true));
	}
	new ResizeObserver(redraw).observe(canvas);
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

	fetch(figure.dataset.canvas).then((answer) => {
		if (!answer.ok) {
			throw new Error(String(answer.status));
		}
		return answer.json();
	}).then((data) => {
		scene = data;
		status.textContent = scene.kinds.join(", ");
		fit();
		draw();
		canvas.dataset.drawn = String(scene.x.length);
	}).catch(() => {
		status.textContent = status.dataset.failed;
	});
}
