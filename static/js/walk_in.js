// A walk-in at a door with a bad connection: it cannot be checked without one, so the page says so and keeps what was
// typed on this phone until it is sent.
const NAME = "walk-in-";
const told = document.querySelector("[data-walk-in-state]");
const form = document.querySelector("[data-walk-in]");
const done = document.querySelector("[data-walk-in-done]");
const NEVER = new Set(["csrf_token", "key"]);

function forget(start) {
  for (const name of Object.keys(localStorage)) if (name.startsWith(start)) localStorage.removeItem(name);
}

function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => !NEVER.has(name) && value);
  localStorage.setItem(NAME + form.dataset.walkIn, JSON.stringify(fields));
}

function restore(form) {
  let fields = [];
  try {
    fields = JSON.parse(localStorage.getItem(NAME + form.dataset.walkIn)) ?? [];
  } catch {
    // nothing that can be read was kept
  }
  for (const [name, value] of fields) {
    const input = form.elements[name];
    if (input && input.type !== "hidden" && input.type !== "checkbox") input.value = value;
  }
  if (fields.length) told.textContent = told.dataset.kept;
}

async function connected() {
  try {
    await fetch(form.action.replace(/walk-in$/, "walk-in/found"), { cache: "no-store", signal: AbortSignal.timeout(6000) });
    return true;
  } catch {
    return false;
  }
}

if (done) forget(NAME + done.dataset.walkInDone);
if (form) {
  if (!form.querySelector(".is-invalid")) restore(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    keep(form);
    const button = form.querySelector("button");
    button.disabled = true;
    if (await connected()) return form.submit();
    button.disabled = false;
    told.textContent = told.dataset.offline;
    told.scrollIntoView({ block: "nearest" });
  });
}
