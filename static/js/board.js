// Dragging a meeting to another cell fills in and sends the form below the board: the server judges the move.
const form = document.querySelector("#place form");
let held = null;

for (const meeting of document.querySelectorAll(".meeting[draggable]")) {
  meeting.addEventListener("dragstart", (event) => {
    held = meeting;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", meeting.textContent);
    meeting.classList.add("meeting-held");
  });
  meeting.addEventListener("dragend", () => {
    meeting.classList.remove("meeting-held");
    held = null;
  });
}

for (const cell of document.querySelectorAll(".board td")) {
  cell.addEventListener("dragover", (event) => {
    if (held && form) { event.preventDefault(); cell.classList.add("board-target"); }
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
    form.submit();
  });
}
