// What a long task came to is said once, on the page to which it leads.
const KEY = "told";

export function keepTold(message) {
  if (message) sessionStorage.setItem(KEY, message);
}

export function sayTold() {
  const text = sessionStorage.getItem(KEY);
  const place = document.querySelector(".messages");
  if (!text || !place) return;
  sessionStorage.removeItem(KEY);
  const note = document.createElement("div");
  note.className = "note note-info";
  note.textContent = text;
  place.append(note);
}
