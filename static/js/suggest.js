// Suggestions under a field, fetched by htmx: the arrows move through them, Escape closes.
// <input data-suggest="ID"> and <div class="sw-suggest-box" id="ID"> stand together in a .sw-suggest.

const ITEMS = "li > a";

const boxOf = (field) => document.getElementById(field.dataset.suggest);
const fieldOf = (box) => document.querySelector(`[data-suggest="${box.id}"]`);

const close = (box) => {
  box.replaceChildren();
  fieldOf(box)?.setAttribute("aria-expanded", "false");
};

const move = (box, step) => {
  const items = [...box.querySelectorAll(ITEMS)];
  const place = items.indexOf(document.activeElement) + step;
  if (place < 0) fieldOf(box)?.focus();
  else items[Math.min(place, items.length - 1)]?.focus();
};

document.addEventListener("keydown", (event) => {
  const around = event.target.closest(".sw-suggest");
  const box = around?.querySelector(".sw-suggest-box");
  if (!box?.childElementCount) return;
  const isInside = box.contains(event.target);
  if (event.key === "Escape") {
    close(box);
    fieldOf(box)?.focus();
  } else if (event.key === "ArrowDown") move(box, 1);
  else if (event.key === "ArrowUp" && isInside) move(box, -1);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll(".sw-suggest-box")) {
    if (!box.parentElement.contains(event.target)) close(box);
  }
});

document.addEventListener("focusout", (event) => {
  const around = event.target.closest(".sw-suggest");
  if (around && event.relatedTarget && !around.contains(event.relatedTarget)) {
    close(around.querySelector(".sw-suggest-box"));
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const box = event.target.closest(".sw-suggest-box");
  if (!box) return;
  const said = box.querySelector("[data-said]")?.dataset.said ?? "";
  box.parentElement.querySelector("[data-suggest-status]").textContent = said;
  fieldOf(box)?.setAttribute("aria-expanded", String(Boolean(said)));
});

for (const field of document.querySelectorAll("[data-suggest]")) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-haspopup", "true");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", boxOf(field)?.id ?? "");
}
