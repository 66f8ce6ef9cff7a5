// While somebody is typing at a form marked data-stay, the half hour of the session starts again now and then.
// Without script the pages say how long there is.
const MINUTES = 5;
let last = Date.now();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-stay]");
  if (!form || Date.now() - last < MINUTES * 60000) return;
  last = Date.now();
  fetch(form.dataset.stay, { credentials: "same-origin", redirect: "manual" }).catch(() => {});
});
