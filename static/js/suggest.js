// Suggestions as one types: the input becomes a combobox with a list (WAI-ARIA 1.2). Without this file the form searches.
const WAIT_MS = 120;

class Suggestions {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.list = document.createElement("div");
    this.said = document.createElement("div");
    this.current = -1;
    this.prepare();
  }

  prepare() {
    Object.assign(this.list, { id: `${this.input.id}-list`, className: "suggest-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.box.closest("form").getAttribute("aria-label"));
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    this.box.append(this.list, this.said);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const text = this.input.value.trim();
    this.asked?.abort();
    if (text.length < 2) return this.close();
    this.asked = new AbortController();
    try {
      const url = new URL(this.box.dataset.suggest, location.href);
      url.searchParams.set("q", text);
      const answer = await fetch(url, { signal: this.asked.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show({ groups }) {
    this.current = -1;
    this.list.replaceChildren();
    let number = 0;
    for (const group of groups) {
      const part = document.createElement("div");
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", group.label);
      const title = document.createElement("div");
      Object.assign(title, { className: "suggest-group", textContent: group.label });
      title.setAttribute("aria-hidden", "true");
      part.append(title, ...group.items.map((item) => this.option(item, number++)));
      this.list.append(part);
    }
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.said.textContent = number ? `${number} ${this.box.dataset.some}` : this.box.dataset.none;
    this.list.hidden = number === 0;
    this.input.setAttribute("aria-expanded", String(number > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  option(item, number) {
    const option = document.createElement("a");
    Object.assign(option, { id: `${this.list.id}-${number}`, href: item.url, className: "suggest-option", tabIndex: -1 });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(Object.assign(document.createElement("span"), { textContent: item.label }));
    if (item.about) option.append(Object.assign(document.createElement("small"), { textContent: item.about }));
    option.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the input
    return option;
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && open && this.current >= 0) {
      event.preventDefault();
      location.assign(this.options[this.current].href);
    }
  }

  move(step) {
    const many = this.options.length;
    this.options[this.current]?.setAttribute("aria-selected", "false");
    this.current = this.current < 0 ? (step > 0 ? 0 : many - 1) : (this.current + step + many) % many;
    const option = this.options[this.current];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  close() {
    this.list.hidden = true;
    this.current = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const box of document.querySelectorAll("[data-suggest]")) new Suggestions(box);

// On a narrow screen the filters wait behind their button.
if (matchMedia("(max-width: 62rem)").matches) {
  for (const details of document.querySelectorAll(".facets-all")) details.open = false;
}
