// Buttons with data-copy put their text on the clipboard and say so.
export function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const said = document.createElement("span");
      said.setAttribute("role", "status");
      said.textContent = button.dataset.copied;
      button.after(said);
      setTimeout(() => said.remove(), 2500);
    });
  }
}
