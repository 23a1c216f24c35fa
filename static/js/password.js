// An eye beside every password field. Without JavaScript there is simply no eye.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;

  function show(field, button, shown) {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-label", shown ? words.hidePassword : words.showPassword);
    button.setAttribute("aria-pressed", String(shown));
    button.firstElementChild.className = shown ? "bi bi-eye-slash" : "bi bi-eye";
  }

  function addEye(field) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    const icon = document.createElement("i");
    icon.setAttribute("aria-hidden", "true");
    button.append(icon);
    const frame = document.createElement("div");
    frame.className = "pass";
    field.replaceWith(frame);
    frame.append(field, button);
    show(field, button, false);
    button.addEventListener("click", () => show(field, button, field.type === "password"));
    // The browser offers to keep what leaves as a password, so it leaves as one.
    field.form?.addEventListener("submit", () => show(field, button, false));
  }

  document.querySelectorAll("input[type=password]").forEach(addEye);
})();
