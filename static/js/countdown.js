// The countdown on the wall: runs on the server's clock, so that a wrong clock of the screen does no harm.
const wall = document.querySelector(".wall");
const times = JSON.parse(wall.dataset.times);
const ahead = Number(wall.dataset.now) * 1000 - Date.now();
const words = wall.querySelector("[data-words]");
const also = wall.querySelector("[data-also]"); // the same in the other language of the hall
const clock = wall.querySelector("[data-clock]");
const then = wall.querySelector("[data-then]");
const LONG = 6 * 3600; // seconds from which on a countdown says little

const hour = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });

function tick() {
  const now = (Date.now() + ahead) / 1000;
  const running = times.find(([begin, end]) => begin <= now && now < end);
  const next = times.find(([begin]) => begin > now);
  const until = running ? running[1] : next ? next[0] : null;
  if (!running && next && next[0] - now > LONG) return; // the page says the day and the hour
  const said = running ? "running" : next ? "next" : "over";
  words.textContent = wall.dataset[said];
  also.textContent = also.dataset[said];
  wall.classList.toggle("wall-soon", until !== null && until - now < 60);
  then.hidden = !(running && next);
  if (next) then.textContent = then.dataset.then.replace("{at}", hour(next[0]));
  if (until === null) {
    clock.textContent = "";
    return;
  }
  const left = Math.max(0, Math.ceil(until - now));
  const hours = Math.floor(left / 3600);
  const minutes = String(Math.floor((left % 3600) / 60)).padStart(hours ? 2 : 1, "0");
  clock.textContent = `${hours ? `${hours}:` : ""}${minutes}:${String(left % 60).padStart(2, "0")}`;
}

tick();
setInterval(tick, 1000);
// A new plan or day is fetched now and then; a lost connection leaves the countdown running.
setInterval(async () => {
  try {
    if ((await fetch(location.href, { cache: "no-store" })).ok) location.reload();
  } catch {
    // the next time will do
  }
}, 300000);
