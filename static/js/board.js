// Dragging a meeting to another cell fills in and sends the form below the board: the server judges the move.
const form = document.querySelector("#place form");
const boards = [...document.querySelectorAll(".board-scroll")];
let held = null;

function fits(cell) {
  return !cell.dataset.owner || cell.dataset.owner === held.dataset.partner;
}

for (const meeting of document.querySelectorAll(".meeting[draggable]")) {
  meeting.addEventListener("dragstart", (event) => {
    held = meeting;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", meeting.textContent);
    meeting.classList.add("meeting-held");
    for (const cell of document.querySelectorAll(".board td")) cell.classList.toggle("board-wrong", !fits(cell));
    for (const board of boards) board.classList.add("board-moving");
  });
  meeting.addEventListener("dragend", () => {
    meeting.classList.remove("meeting-held");
    for (const board of boards) board.classList.remove("board-moving");
    held = null;
  });
}

for (const cell of document.querySelectorAll(".board td")) {
  cell.addEventListener("dragover", (event) => {
    if (!held || !form) return;
    event.preventDefault();
    cell.classList.add("board-target");
  });
  cell.addEventListener("dragleave", () => cell.classList.remove("board-target"));
  cell.addEventListener("drop", (event) => {
    cell.classList.remove("board-target");
    if (!held || !form) return;
    event.preventDefault();
    form.elements.firm.value = held.dataset.firm;
    form.elements.partner.value = held.dataset.partner;
    form.elements.slot.value = cell.dataset.slot;
    form.elements.table.value = cell.dataset.table;
    form.requestSubmit();
  });
}
