// A key that does not answer says so in words, beside its button.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.getElementById("key-trouble");
  if (trouble) trouble.hidden = false;
});
