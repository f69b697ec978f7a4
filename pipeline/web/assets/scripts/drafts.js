// Keeps what is typed into a draft, so that no word is lost: with the server every few seconds, and on this machine while
// there is no connection. Without this file a draft is kept whenever it is saved.

const PAUSE_MS = 4000;

/** What a form holds now, as it would be sent; the tokens that belong to one sending are left out. */
function typedInto(form) {
  const typed = new FormData(form);
  typed.delete("idempotency_key");
  return typed;
}

class Keeper {
  constructor(box) {
    this.form = box.querySelector("form");
    this.status = box.querySelector("[data-kept]");
    this.address = box.dataset.keep;
    this.words = box.dataset;
    this.place = `draft ${this.address}`;
    this.text = this.form.elements.namedItem("text");
    this.timer = 0;
    this.offer();
    this.form.addEventListener("input", () => this.wait());
    this.form.addEventListener("submit", () => clearTimeout(this.timer));
    window.addEventListener("online", () => this.keep());
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  async keep() {
    clearTimeout(this.timer);
    try {
      const answer = await fetch(this.address, { method: "POST", body: new URLSearchParams(typedInto(this.form)) });
      const isKept = answer.ok && !answer.redirected;
      if (!isKept) {
        throw new Error(`status ${answer.status}`);
      }
      this.status.textContent = (await answer.json()).words;
      localStorage.removeItem(this.place);
    } catch {
      this.keepHere();
    }
  }

  keepHere() {
    try {
      localStorage.setItem(this.place, this.text.value);
      this.status.textContent = this.words.failed;
    } catch (error) {
      // The browser keeps nothing: what is typed stays in the form.
      console.error(error);
    }
    this.timer = setTimeout(() => this.keep(), PAUSE_MS * 4);
  }

  /** Offers what was typed without a connection, where it is not what the form holds. */
  offer() {
    const kept = localStorage.getItem(this.place);
    if (kept === null || kept === this.text.value) {
      localStorage.removeItem(this.place);
      return;
    }
    const notice = document.createElement("div");
    notice.className = "turning-point";
    const words = document.createElement("p");
    words.textContent = this.words.found;
    notice.append(words, this.button(this.words.putBack, notice, () => this.putBack(kept)));
    notice.append(this.button(this.words.forget, notice, () => {}));
    this.form.before(notice);
  }

  putBack(kept) {
    this.text.value = kept;
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  button(label, notice, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = label;
    button.addEventListener("click", () => {
      act();
      localStorage.removeItem(this.place);
      notice.remove();
    });
    return button;
  }
}

for (const box of document.querySelectorAll("[data-keep]")) {
  new Keeper(box);
}

// A page that waits for something looks again by itself.
for (const waiting of document.querySelectorAll("[data-look-again]")) {
  setTimeout(() => window.location.reload(), Number(waiting.dataset.lookAgain) * 1000);
}
