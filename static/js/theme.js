// Runs before the first paint: says that there is a script, and follows the system's theme unless one was chosen.
// The choice is a cookie, so that the server draws the next page in the right theme itself.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  root.dataset.js = "";

  const apply = () => {
    const choice = root.dataset.themeChoice || "system";
    root.dataset.bsTheme = choice === "system" ? (system.matches ? "dark" : "light") : choice;
    for (const button of document.querySelectorAll("[data-theme-set]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
    }
  };

  const choose = (choice) => {
    root.dataset.themeChoice = choice;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `sw_theme=${choice}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    apply();
  };

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-set]");
    if (button) choose(button.dataset.themeSet);
  });
})();
