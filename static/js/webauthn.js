// allauth's own scripts talk to the passkey; this one says in words when that did not work.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const place = document.querySelector("[data-passkey-error]");

  function say(sentence) {
    if (!place) return;
    place.querySelector("span").textContent = sentence;
    place.hidden = false;
  }

  if (!window.PublicKeyCredential) {
    document.querySelectorAll("[data-passkey]").forEach((button) => { button.hidden = true; });
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(window.PublicKeyCredential ? words.passkeyCancelled : words.passkeyUnavailable);
  });
})();
