// What is typed into a form with data-draft stays in this browser until the server says that it was saved: when the
// session ends or the tab is closed meanwhile, it is offered again. It is forgotten after two days and on signing out.
const KEPT = 2 * 24 * 3600 * 1000; // milliseconds
const PAUSE = 400;
const MARK = "draft:";

export function keepDrafts() {
  try {
    forget(document.querySelector("meta[name=saved-form]")?.content);
    dropOld();
    document.querySelectorAll("form[data-draft]").forEach(keep);
    for (const form of document.querySelectorAll("form[action$='/sign-out']")) {
      form.addEventListener("submit", () => drafts().forEach((name) => localStorage.removeItem(name)));
    }
  } catch { /* a browser that stores nothing */ }
}

function drafts() {
  return Object.keys(localStorage).filter((name) => name.startsWith(MARK));
}

function forget(name) {
  if (name?.startsWith(MARK)) localStorage.removeItem(name);
}

function read(name) {
  return JSON.parse(localStorage.getItem(name) ?? "null");
}

function dropOld() {
  for (const name of drafts()) if (Date.now() - read(name).at > KEPT) localStorage.removeItem(name);
}

// name of a field -> what stands in it; nothing hidden, no files, no passwords
function written(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    const values = (found[field.name] ??= []);
    if (["checkbox", "radio"].includes(field.type)) {
      if (field.checked) values.push(field.value);
    } else if (field.type === "select-multiple") values.push(...[...field.selectedOptions].map((o) => o.value));
    else if (field.tagName !== "BUTTON") values.push(field.value);
  }
  return found;
}

function keep(form, place) {
  if (!form.querySelector("textarea")) return; // short forms are typed again sooner than they are read about
  const address = new URL(form.getAttribute("action") ?? location.href, location.href);
  const name = `${MARK}${form.dataset.draft}:${address.pathname}${address.search}#${place}`;
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "_draft", value: name });
  form.append(mark);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const refused = form.querySelector("[data-focus]") !== null; // what is on a refused page was never saved
  const first = refused ? {} : written(form);
  let timer;
  const store = () => {
    clearTimeout(timer);
    const changed = Object.entries(written(form)).filter(([field, values]) => !same(values, first[field] ?? []));
    if (changed.length) localStorage.setItem(name, JSON.stringify({ at: Date.now(), values: Object.fromEntries(changed) }));
    else localStorage.removeItem(name);
  };
  const begin = () => {
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(store, PAUSE); });
    form.addEventListener("change", store);
    form.addEventListener("submit", store);
  };
  const draft = read(name);
  const now = written(form);
  if (draft && Object.entries(draft.values).some(([field, values]) => now[field] && !same(values, now[field]))) {
    offer(form, draft, name, begin);
  } else begin();
}

function offer(form, draft, name, begin) {
  const note = document.createElement("div");
  note.className = "note note-info draft-note";
  const words = document.createElement("p");
  const at = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  words.textContent = form.dataset.draftFound.replace("{at}", at);
  const answer = (text, tone, act) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.className = `btn btn-sm btn-${tone}`;
    button.addEventListener("click", () => { note.remove(); begin(); act(); form.querySelector("textarea").focus(); });
    return button;
  };
  const box = document.createElement("div");
  box.append(words, answer(form.dataset.draftBack, "primary", () => fill(form, draft.values)), " ",
    answer(form.dataset.draftDrop, "secondary", () => localStorage.removeItem(name)));
  note.append(box);
  form.prepend(note);
  form.addEventListener("input", () => { if (note.isConnected) { note.remove(); begin(); } }, { once: true });
}

function fill(form, values) {
  const seen = {};
  for (const field of form.elements) {
    const wanted = values[field.name];
    if (!wanted) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
    else if (field.type === "select-multiple") for (const o of field.options) o.selected = wanted.includes(o.value);
    else if (!["hidden", "password", "file", "submit", "button"].includes(field.type)) {
      const next = (seen[field.name] = (seen[field.name] ?? -1) + 1);
      if (wanted[next] !== undefined) field.value = wanted[next];
    } else continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
