// <div data-follow="/tasks/7/status">: shows how far a long task is, and goes on to its page when it is done.
import { keepTold } from "./told.js";

const QUICK = 120; // most tasks end within two seconds
const PAUSE = 1000;
const SHARE = 0.1; // of the time waited so far: nobody waits much longer than the work takes

export function followTasks() {
  for (const box of document.querySelectorAll("[data-follow]")) follow(box);
}

async function follow(box) {
  const bar = box.querySelector("progress");
  const stage = box.querySelector("[data-stage]");
  const count = box.querySelector("[data-count]");
  let misses = 0;
  let done = bar.value;
  const began = performance.now();
  while (misses < 30) {
    const task = await ask(box.dataset.follow);
    if (task === null) {
      misses += 1;
    } else {
      misses = 0;
      if (task.total) {
        bar.max = task.total;
        bar.value = task.done;
        count.textContent = `${written(task.done)} / ${written(task.total)}`;
      }
      if (task.stage) stage.textContent = task.stage;
      if (!["waiting", "running"].includes(task.state)) {
        if (task.state === "done" && task.url?.startsWith("/")) {
          keepTold(task.message);
          location.assign(task.url);
        } else location.reload();
        return;
      }
      if (task.done !== done) await comeIn();
      done = task.done;
    }
    const pause = Math.max(QUICK, Math.min(PAUSE, SHARE * (performance.now() - began)));
    await new Promise((resolve) => setTimeout(resolve, pause * Math.min(10, misses + 1)));
  }
}

// <div data-comes-in>: what the work has found so far, read again from the page itself.
async function comeIn() {
  const part = document.querySelector("[data-comes-in]");
  if (!part) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-comes-in]");
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  } catch {
    // asked again when more is done
  }
}

function written(number) {
  return number.toLocaleString(document.documentElement.lang);
}

async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
