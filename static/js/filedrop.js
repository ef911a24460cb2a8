// Lets files be dropped on [data-filedrop]; the plain file field inside does the sending, with or without this script.

const readable = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const show = (area, input) => {
  const list = area.querySelector(".sw-drop-picked");
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name}, ${readable(file.size)}`;
      return item;
    }),
  );
};

const accept = (input, dropped) => {
  const kept = new DataTransfer();
  for (const file of input.multiple ? dropped : [...dropped].slice(0, 1)) kept.items.add(file);
  input.files = kept.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

for (const area of document.querySelectorAll("[data-filedrop]")) {
  const input = area.querySelector("input[type=file]");
  input.addEventListener("change", () => show(area, input));
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("is-over");
    });
  }
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("is-over");
  });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    if (event.dataTransfer.files.length) accept(input, event.dataTransfer.files);
  });
}
