// Check-ins at the door with a bad connection: what cannot be sent is kept on the phone with its time, and sent later.
const STORE = "door-queue";
const PAUSE = 10000;
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
  if (rows.length) state.textContent = state.dataset.waiting.replace("{n}", rows.length);
  else if (had) state.textContent = state.dataset.sent;
}

async function send(row) {
  const body = new URLSearchParams(row.fields);
  const answer = await fetch(row.url, { method: "POST", body, headers: { Accept: "application/json" } });
  // 5xx: the server is in trouble, try again; a refusal is final and is shown
  if (answer.status >= 500) throw new Error("later");
  return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : { error: String(answer.status) };
}

function told(participant, answer) {
  const guest = document.getElementById(`p${participant}`);
  if (!guest) return;
  guest.classList.remove("guest-kept");
  const line = guest.querySelector("[data-arrived]");
  line.textContent = answer.error ?? [answer.at, answer.note].filter(Boolean).join(" – ");
  if (answer.error) return;
  guest.classList.toggle("guest-there", !answer.left);
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
    // no connection: the next round tries again
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

show(kept());
flush();
addEventListener("online", flush);
setInterval(flush, PAUSE);
