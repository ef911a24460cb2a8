// A code that is chosen from the suggestions stands in the field at once; without a script the server puts it there.

document.addEventListener("change", (event) => {
  const choice = event.target.closest("[data-fills]");
  if (choice?.checked) document.getElementById(choice.dataset.fills).value = choice.value;
});

// A problem inside folded fields must be seen, and a link to one of them must find it.
const unfold = () => {
  document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
};
window.addEventListener("hashchange", unfold);
unfold();
