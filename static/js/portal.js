// Small manners of every page: menus that close, forms that are sent once, errors that get the focus, copy buttons.

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.sw-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.sw-menu")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.sw-menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// A second click on a slow line must not send a second time. The server refuses it too; this saves the wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});

// Who signs out leaves nothing typed behind for the next person at this browser.
document.addEventListener("submit", (event) => {
  if (!event.target.action?.includes("/logout/")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("sw-draft:")) localStorage.removeItem(key);
});

// Coming back with the browser's back button shows a page whose forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.querySelector("[data-focus-first]")?.focus();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  status.textContent = button.dataset.copied;
  button.title = button.dataset.copied;
  setTimeout(() => {
    status.textContent = "";
    button.removeAttribute("title");
  }, 3000);
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
