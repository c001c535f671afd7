// The hall now: asks again every few seconds and puts in what changed, card by card, so that nothing flickers and the
// focus and the place on the page stay. A tap is sent in the background; what is refused is shown by the page itself.
const PAUSE = 15000;
const hall = document.querySelector("[data-now]");
const state = document.querySelector("[data-now-state]");
let mark = "";
let seen = new Date();

async function look() {
  try {
    const answer = await fetch(hall.dataset.now, { cache: "no-store", headers: mark ? { "If-None-Match": mark } : {} });
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (answer.ok) {
      mark = answer.headers.get("ETag") ?? "";
      put(new DOMParser().parseFromString(await answer.text(), "text/html").body);
    }
    seen = new Date();
    state.textContent = "";
  } catch {
    const at = seen.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    state.textContent = state.dataset.lost.replace("{at}", at);
  }
}

// Tokens and keys of forms differ in each answer and say nothing.
const said = (node) => node.innerHTML.replace(/(name="(?:csrf_token|key)" value=")[^"]*/g, "$1");
const ids = (root) => [...root.querySelectorAll(".hall-table")].map((card) => card.id).join();
const controls = (card) => [...card.querySelectorAll("button, a")];

function put(fresh) {
  const held = document.activeElement;
  const card = held?.closest(".hall-table");
  const { scrollX, scrollY } = window;
  if (ids(fresh) === ids(hall)) change(fresh);
  else hall.replaceChildren(...fresh.childNodes);
  if (card && !held.isConnected) {
    const heirs = controls(document.getElementById(card.id) ?? hall);
    (heirs.find((heir) => heir.textContent === held.textContent) ?? heirs[0])?.focus({ preventScroll: true });
  }
  scrollTo(scrollX, scrollY);
}

function change(fresh) {
  for (const card of fresh.querySelectorAll(".hall-table")) {
    const old = document.getElementById(card.id);
    if (said(old) !== said(card)) old.replaceWith(card);
  }
  const LINES = ".hall-time > h2, .hall-hot";
  const heads = hall.querySelectorAll(LINES);
  fresh.querySelectorAll(LINES).forEach((head, n) => {
    if (heads[n].innerHTML !== head.innerHTML) heads[n].innerHTML = head.innerHTML;
  });
}

hall?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) return form.submit(); // the page says what was refused
    await look();
  } catch {
    await look(); // no connection: says so
  } finally {
    button.removeAttribute("aria-busy");
  }
});

if (hall) {
  setInterval(() => document.hidden || look(), PAUSE);
  document.addEventListener("visibilitychange", () => document.hidden || look());
}
