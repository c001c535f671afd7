// "Tick all on this page" for lists of boxes.
for (const place of document.querySelectorAll("[data-tick-all]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    const boxes = [...document.querySelectorAll(`input[name="${place.dataset.tickAll}"]`)];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}
