// <button data-copy="#id">: copies the text or value of that element and says so in the button.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const SHOWN_MS = 2500;

  const textOf = (source) => ("value" in source ? source.value : source.textContent).trim();

  function select(source) {
    if (source.select) { source.select(); return; }
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // A hall without internet is served over plain http, where browsers hide navigator.clipboard.
  function copyBySelection(source) {
    select(source);
    return document.execCommand("copy");
  }

  async function copy(source) {
    if (!navigator.clipboard) return copyBySelection(source);
    try {
      await navigator.clipboard.writeText(textOf(source));
      return true;
    } catch {
      return copyBySelection(source);
    }
  }

  function say(button, sentence) {
    const label = button.querySelector("span") || button;
    button.dataset.label ||= label.textContent;
    label.textContent = sentence;
    label.setAttribute("role", "status");
    clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = setTimeout(() => {
      label.removeAttribute("role");
      label.textContent = button.dataset.label;
    }, SHOWN_MS);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const copied = await copy(document.querySelector(button.dataset.copy));
    say(button, copied ? words.copied : words.copyByHand);
  });
})();
