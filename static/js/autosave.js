// Saves a draft while it is typed: <form data-autosave="URL"> is posted as FormData, a second after the last change.
// What could not be sent stays in localStorage and is put back, so nothing typed is lost by a broken line.
// The server answers 2xx when kept, 4xx when it refuses; a refusal is said and not repeated.

const PAUSE = 1000;
const LONGEST = 10000;
const RETRY = [2000, 5000, 10000, 30000];
const NEVER_KEPT = new Set(["csrfmiddlewaretoken"]);

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.key = `sw-draft:${form.dataset.autosaveKey || this.url}`;
    this.status = document.querySelector("[data-autosave-status]");
    this.attempt = 0;
    this.savedAt = null;
    this.version = 0;
    this.running = null;
    this.isLeaving = false;
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.isKept() && this.save());
    setInterval(() => this.tellAge(), 5000);
  }

  changed() {
    this.version += 1;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async save() {
    clearTimeout(this.timer);
    const version = this.version;
    this.tell(this.status?.dataset.saving);
    this.running = this.post();
    const outcome = await this.running;
    this.running = null;
    if (outcome === "failed") return this.retry();
    this.attempt = 0;
    if (version !== this.version) return this.changed();
    if (outcome === "refused") return this.tell(this.status?.dataset.refused, true);
    localStorage.removeItem(this.key);
    this.savedAt = Date.now();
    this.tellAge();
  }

  async post() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        body: data,
        headers: { "X-Requested-With": "autosave" },
        credentials: "same-origin",
        signal: AbortSignal.timeout(LONGEST),
      });
      if (answer.ok && !answer.redirected) return "kept";
      return answer.status >= 400 && answer.status < 500 ? "refused" : "failed";
    } catch {
      return "failed";
    }
  }

  retry() {
    this.tell(this.status?.dataset.failed, true);
    const wait = RETRY[Math.min(this.attempt, RETRY.length - 1)];
    this.attempt += 1;
    this.timer = setTimeout(() => this.save(), wait);
  }

  // A save on its way could arrive after the form itself and undo it, so the form waits for its end.
  leave(event) {
    clearTimeout(this.timer);
    localStorage.removeItem(this.key);
    if (!this.running) return;
    event.preventDefault();
    const { submitter } = event;
    const send = () => {
      this.isLeaving = false;
      this.form.requestSubmit(submitter);
    };
    if (!this.isLeaving) this.running.then(() => setTimeout(send));
    this.isLeaving = true;
  }

  isKept() {
    return localStorage.getItem(this.key) !== null;
  }

  keep() {
    // Numbers of people wait for the server or are typed again; they are never left in a browser.
    const unkept = new Set([...this.form.querySelectorAll("[data-unkept]")].map((control) => control.name));
    const pairs = [...new FormData(this.form)].filter(
      ([name, value]) => typeof value === "string" && !NEVER_KEPT.has(name) && !unkept.has(name),
    );
    try {
      localStorage.setItem(this.key, JSON.stringify(pairs));
    } catch {
      // A full or forbidden store only costs the safety net; the save itself goes on.
    }
  }

  restore() {
    let pairs;
    try {
      pairs = JSON.parse(localStorage.getItem(this.key));
    } catch {
      pairs = null;
    }
    if (!pairs) return;
    const values = Map.groupBy(pairs, ([name]) => name);
    for (const control of this.form.elements) {
      if (control.name && control.type !== "file" && control.type !== "hidden") this.put(control, values);
    }
    this.tell(this.status?.dataset.restored);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  put(control, values) {
    const kept = (values.get(control.name) || []).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
    else if (kept.length) control.value = kept[0];
  }

  tellAge() {
    if (!this.savedAt || this.isKept()) return;
    const seconds = Math.round((Date.now() - this.savedAt) / 1000);
    const { now, seconds: some, minutes } = this.status?.dataset ?? {};
    if (seconds < 3) this.tell(now);
    else if (seconds < 60) this.tell(some?.replace("{n}", seconds), false, true);
    else this.tell(minutes?.replace("{n}", Math.floor(seconds / 60)), false, true);
  }

  // An age that grows is not news: only the first word after a save is spoken.
  tell(text, isBad = false, isQuiet = false) {
    if (!this.status || !text) return;
    this.status.setAttribute("aria-live", isQuiet ? "off" : "polite");
    this.status.dataset.state = isBad ? "failed" : "";
    this.status.querySelector("[data-autosave-text]").textContent = text;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
