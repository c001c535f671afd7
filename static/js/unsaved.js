// A form with data-watch asks before the page is left while something in it is not saved.
export function watchForms() {
  for (const form of document.querySelectorAll("form[data-watch]")) {
    const written = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
    let first = written();
    const refused = form.querySelector("[data-focus]") !== null; // what is on a refused page was never saved
    let sending = false;
    form.addEventListener("saved", () => { first = written(); });
    form.addEventListener("submit", () => { sending = true; });
    window.addEventListener("beforeunload", (event) => {
      if (!sending && (refused || written() !== first)) event.preventDefault();
    });
    window.addEventListener("pageshow", () => { sending = false; });
  }
}
