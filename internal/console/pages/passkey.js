// Asks the browser for a passkey before a form is sent, and puts its answer into
// the form. What is asked for stands in the form.
"use strict";
{
	const form = document.querySelector("form[data-passkey]");
	const answer = form.elements["secret-answer"];
	const ask = async () => {
		const { publicKey } = JSON.parse(form.dataset.options);
		if (form.dataset.passkey === "create") {
			return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
		}
		return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
	};
	form.addEventListener("submit", (event) => {
		if (answer.value !== "") {
			return;
		}
		event.preventDefault();
		ask().then((key) => {
			answer.value = JSON.stringify(key.toJSON());
			form.requestSubmit();
		}).catch(() => {
			const alert = form.querySelector("[role=alert]");
			alert.textContent = alert.dataset.failed;
		});
	});
}
