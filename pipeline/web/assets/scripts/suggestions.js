// Suggests titles while somebody types in a search field: the combobox of the ARIA Authoring Practices, with a list
// whose options are chosen by keys or pointer. Where it fails, the field is the plain one it was.

const WAIT = 200;
const SHORTEST = 3;

function suggestIn(input) {
  const address = input.dataset.suggestions;
  const words = JSON.parse(input.dataset.words);
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.label);
  list.hidden = true;
  const status = document.createElement("div");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  input.parentElement.classList.add("suggesting");
  input.after(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("autocomplete", "off");

  let chosen = -1;
  let asked = 0;
  let timer;

  const options = () => [...list.children];

  function close() {
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    choose(-1);
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
  }

  function choose(place) {
    chosen = place;
    input.removeAttribute("aria-activedescendant");
    for (const [at, option] of options().entries()) {
      option.setAttribute("aria-selected", String(at === place));
      if (at === place) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }
  }

  function show(found) {
    list.replaceChildren(
      ...found.map((one, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.dataset.url = one.url;
        const kind = document.createElement("span");
        kind.className = "suggestions__kind";
        kind.textContent = one.kind;
        const title = document.createElement("span");
        title.lang = one.lang;
        title.textContent = one.title;
        option.append(title, " ", kind);
        return option;
      }),
    );
    choose(-1);
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const count = found.length === 1 ? words.one : words.count.replace("{n}", found.length);
    status.textContent = found.length > 0 ? count : "";
  }

  async function ask() {
    const typed = input.value.trim();
    if (typed.length < SHORTEST) {
      close();
      return;
    }
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(`${address}?${new URLSearchParams({ q: typed })}`);
      const found = answer.ok ? await answer.json() : [];
      // Only the last question's answer counts, and only while somebody is still in the field.
      if (mine === asked && document.activeElement === input) {
        show(found);
      }
    } catch {
      close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const number = options().length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && number > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place beyond the list is the field itself.
      choose(((chosen + 1 + step + number + 1) % (number + 1)) - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      window.location.assign(options()[chosen].dataset.url);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role='option']");
    if (option) {
      window.location.assign(option.dataset.url);
    }
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    close();
  });
  close();
}

for (const input of document.querySelectorAll("input[data-suggestions]")) {
  suggestIn(input);
}
