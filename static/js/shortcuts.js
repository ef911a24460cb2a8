// Keys for officers. [data-key="A"] is pressed by the key A, [data-key="Ctrl+Enter"] by both together.
// Single keys can be switched off (WCAG 2.1.4) with [data-shortcuts-toggle]; the choice stays in this browser.

const STORE = "sw-shortcuts";
const isOn = () => localStorage.getItem(STORE) !== "off";

const showChoice = () => {
  for (const button of document.querySelectorAll("[data-shortcuts-toggle]")) {
    button.setAttribute("aria-pressed", String(isOn()));
  }
  document.documentElement.toggleAttribute("data-no-shortcuts", !isOn());
};

const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(radio|checkbox)$/.test(target.type);

const nameOf = (event) => {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl+${key}` : key;
};

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-shortcuts-toggle]")) return;
  localStorage.setItem(STORE, isOn() ? "off" : "on");
  showChoice();
});

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const isChord = name.startsWith("Ctrl+");
  if (event.altKey || event.repeat || (!isChord && (!isOn() || isTyping(event.target)))) return;
  const target = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) target.focus();
  else target.click();
});

showChoice();
