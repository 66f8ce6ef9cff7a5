// The next piece of a batch follows by itself; without script, or after “先停下”, a press carries it on.
// The pause leaves time to stop.
window.addEventListener("load", () => {
  const form = document.querySelector("form[data-go-on]");
  if (form) setTimeout(() => form.requestSubmit(form.querySelector("button")), 800);
});
