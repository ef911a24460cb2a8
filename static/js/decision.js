// Officers' decision form: shows only the reasons that fit the chosen act, and names the act on the button.
// The groups of the select stand in the order of the acts; without this script all of them are shown.

const ACTS = ["approve", "ask", "refuse"];

for (const form of document.querySelectorAll("[data-decision]")) {
  const select = form.elements.reason_code;
  const label = form.querySelector("[data-act-label]");

  const show = (isByHand) => {
    const act = ACTS.indexOf(form.elements.decision.value);
    if (act < 0) return;
    const groups = [...select.querySelectorAll("optgroup")];
    groups.forEach((group, place) => {
      group.hidden = group.disabled = place !== act;
    });
    const chosen = select.selectedOptions[0];
    if (isByHand && chosen?.parentElement !== groups[act]) select.value = groups[act].children[0].value;
    label.textContent = label.dataset[ACTS[act]];
  };

  form.addEventListener("change", (event) => {
    if (event.target.name === "decision") show(true);
  });
  show(false);
}
