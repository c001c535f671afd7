// Filters send themselves when a list or box is changed, and give the focus back to it on the page that comes.
const KEY = "filter-focus";

export function sendFilters() {
  const before = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (before) document.getElementById(before)?.focus({ preventScroll: false });

  for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    form.addEventListener("change", (event) => {
      if (!event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) return;
      if (event.target.id) sessionStorage.setItem(KEY, event.target.id);
      form.requestSubmit();
    });
    // Empty filters stay out of the address.
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }
}
