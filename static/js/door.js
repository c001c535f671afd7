// Check-ins at the door with a bad connection: what cannot be sent is kept on the phone with its time, and sent later.
const STORE = "door-queue";
const PAUSE = 10000;
const TWICE = 1500; // milliseconds within which a second tap is a slip of the thumb
let signedOut = false;
const state = document.querySelector("[data-door-state]");

function kept() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? [];
  } catch {
    return [];
  }
}

function keep(rows) {
  localStorage.setItem(STORE, JSON.stringify(rows));
  show(rows);
}

function show(rows) {
  const had = state.textContent !== "";
  state.toggleAttribute("data-good", rows.length === 0);
  const words = signedOut ? state.dataset.signedOut : state.dataset.waiting;
  if (rows.length) state.textContent = words.replace("{n}", rows.length);
  else if (had) state.textContent = state.dataset.sent;
}

async function send(row) {
  const body = new URLSearchParams(row.fields);
  const token = document.querySelector('[data-door] [name="csrf_token"]')?.value;
  if (token) body.set("csrf_token", token); // of this session: the row may have been kept by an earlier one
  const answer = await fetch(row.url, { method: "POST", body, headers: { Accept: "application/json" } });
  signedOut = answer.redirected || [400, 401].includes(answer.status);
  // 5xx: the server is in trouble, try again; signed out: when somebody is in again; a refusal is final and is shown
  if (answer.status >= 500 || signedOut) throw new Error("later");
  return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : { error: String(answer.status) };
}

function told(participant, answer) {
  const guest = document.getElementById(`p${participant}`);
  if (!guest) return;
  guest.classList.remove("guest-kept");
  const line = guest.querySelector("[data-arrived]");
  const words = answer.left ? state.dataset.gone : state.dataset.since;
  line.textContent = answer.error ?? [words.replace("{at}", answer.at), answer.note].filter(Boolean).join(" – ");
  if (answer.error) return;
  const before = guest.classList.contains("guest-there");
  guest.classList.toggle("guest-there", !answer.left);
  const there = document.querySelector("[data-there]");
  if (there) there.textContent = Number(there.textContent) + (answer.left ? 0 : 1) - (before ? 1 : 0);
  for (const button of guest.querySelectorAll(".door-tap")) {
    button.querySelector("[data-word]").textContent = answer.left ? button.dataset.comes : button.dataset.leaves;
    button.classList.toggle("btn-quiet", !answer.left);
    button.classList.toggle("btn-primary", answer.left);
  }
  guest.dataset.told = performance.now();
  for (const input of guest.querySelectorAll('input[name="left"]')) input.value = answer.left ? "" : "1";
  for (const input of guest.querySelectorAll('input[name="key"]')) input.value = newKey();
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let busy = false;
async function flush() {
  if (busy) return;
  busy = true;
  try {
    for (let rows = kept(); rows.length; rows = kept()) {
      const answer = await send(rows[0]);
      told(rows[0].fields.participant, answer);
      keep(kept().slice(1));
    }
  } catch {
    show(kept()); // no connection, or signed out: the next round tries again
  } finally {
    busy = false;
  }
}

for (const form of document.querySelectorAll("[data-door]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    const now = new Date();
    fields.at = Math.floor(now.getTime() / 1000);
    const guest = document.getElementById(`p${fields.participant}`);
    if (guest?.dataset.told && performance.now() - guest.dataset.told < TWICE) return;
    if (kept().some((row) => row.fields.key === fields.key)) return;
    keep([...kept(), { url: form.action, fields }]);
    if (guest) {
      guest.classList.add("guest-kept");
      const at = now.toLocaleTimeString(document.documentElement.lang, {
        hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh",
      });
      guest.querySelector("[data-arrived]").textContent = state.dataset.unchecked.replace("{at}", at);
    }
    flush();
  });
}

// The list is on the page: it is searched there, so that this works without a connection, too.
const list = document.querySelector("[data-searched]");
const search = list && document.querySelector('form.filters input[name="q"]');
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

function narrow() {
  const words = fold(search.value.trim()).split(/\s+/);
  for (const guest of list.children) {
    const name = ` ${fold(guest.dataset.name)}`;
    guest.hidden = !words.every((word) => name.includes(` ${word}`)); // as words of a name begin
  }
  list.hidden = !list.querySelector(":scope > :not([hidden])");
  document.querySelector("[data-nobody]").hidden = !list.hidden;
}

search?.addEventListener("input", narrow);
search?.form.addEventListener("submit", (event) => {
  event.preventDefault();
  narrow();
});
if (search?.value) narrow(); // a browser that comes back keeps what was typed

// Without a connection nothing else can be opened, and this page could not be opened again: it stays.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || navigator.onLine || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  state.removeAttribute("data-good");
  state.textContent = state.dataset.stays;
  state.scrollIntoView({ block: "nearest" });
});
addEventListener("beforeunload", (event) => {
  if (!navigator.onLine) event.preventDefault();
});

show(kept());
flush();
addEventListener("online", () => {
  if (kept().length === 0) state.textContent = "";
  flush();
});
setInterval(flush, PAUSE);
