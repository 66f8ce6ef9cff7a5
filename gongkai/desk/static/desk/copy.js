// Shows the copy buttons, which need script; without it one click selects the whole text and the keyboard copies it.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.innerHTML;
  button.hidden = false;
  button.addEventListener("click", () => {
    const range = document.createRange();
    range.selectNodeContents(document.getElementById(button.dataset.copy));
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    if (!document.execCommand("copy")) return;
    button.textContent = button.dataset.copied;
    window.setTimeout(() => {
      button.innerHTML = label;
    }, 2000);
  });
}
