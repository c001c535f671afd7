// A form with data-autosave is saved a moment after each change; its button goes on saving it as a whole.
const PAUSE = 900; // milliseconds after the last change

export function saveAsOneGoes() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    told.className = "autosave";
    form.append(told);
    let timer, running = false, again = false, ended = false;

    const save = async () => {
      if (ended) return;
      if (running) { again = true; return; }
      running = true;
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
        });
        const data = await answer.json();
        told.textContent = data.said;
        if (answer.ok) {
          form.elements.version.value = data.version;
          form.dispatchEvent(new Event("saved"));
        }
        ended = answer.status === 409; // somebody else saved: only the page itself can show what is stored now
      } catch {
        told.textContent = form.dataset.autosave; // no line: what was typed stays in the form
      }
      running = false;
      if (again) { again = false; save(); }
    };
    form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); });
    form.addEventListener("submit", () => { ended = true; clearTimeout(timer); });
  }
}
