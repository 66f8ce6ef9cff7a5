// Only the button that does the act is pressed once; trying, previewing and downloading may be repeated.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !button.form || !button.form.matches(".step-form")) return;
  if (button.dataset.once) button.form.dataset.once = button.dataset.once;
  else delete button.form.dataset.once;
});
