// Checks the form of an event while it is filled in; the server decides, and says the same sentences when it is sent.
for (const area of document.querySelectorAll("[data-check]")) {
  const form = area.querySelector("form");
  const touched = new Set();
  let latest = 0;

  const show = (name, message) => {
    const input = form.elements[name];
    if (!(input instanceof HTMLElement)) return;
    const id = `${input.id}-error`;
    let place = document.getElementById(id);
    if (!message) {
      place?.remove();
      input.classList.remove("is-invalid");
      input.removeAttribute("aria-invalid");
      return;
    }
    if (!place) {
      place = document.createElement("p");
      place.id = id;
      place.className = "field-error";
      input.before(place);
      const told = new Set((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      input.setAttribute("aria-describedby", [...told.add(id)].join(" "));
    }
    place.textContent = message;
    input.classList.add("is-invalid");
    input.setAttribute("aria-invalid", "true");
  };

  form.addEventListener("change", async (event) => {
    if (!event.target.name) return;
    touched.add(event.target.name);
    const mine = ++latest;
    try {
      const answer = await fetch(area.dataset.check, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" },
      });
      if (!answer.ok || mine !== latest) return;
      const { errors } = await answer.json();
      for (const name of touched) show(name, errors[name]);
    } catch {
      // Without the network the server checks when the form is sent.
    }
  });
}
