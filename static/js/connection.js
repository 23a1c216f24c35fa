// Two bars: the connection is lost, or the session has ended. Both say that nothing is lost.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const bar = (name) => document.querySelector(`[data-lost="${name}"]`);
  if (!bar("connection")) return;
  const RETRY_MS = 8000;
  let timer = 0;

  function lost() {
    bar("connection").hidden = false;
    clearTimeout(timer);
    timer = setTimeout(ask, RETRY_MS);
  }

  function back() {
    clearTimeout(timer);
    if (bar("connection").hidden) return;
    bar("connection").hidden = true;
    document.dispatchEvent(new CustomEvent("portal:connected"));
  }

  async function ask() {
    try {
      await fetch(words.healthUrl, { method: "HEAD", cache: "no-store" });
      back();
    } catch {
      lost();
    }
  }

  // A request that needed a login is answered by the login page, which must not be swapped in; one from
  // a page older than the last sign-in by 403_csrf.html, which carries this mark.
  const isOver = (request) =>
    (request.responseURL && new URL(request.responseURL).pathname === words.loginUrl) ||
    (request.status === 403 && request.responseText.includes("data-stale-page"));

  addEventListener("offline", lost);
  addEventListener("online", ask);
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    back();
    if (!isOver(event.detail.xhr)) return;
    event.preventDefault();
    bar("session").hidden = false;
    event.target.dispatchEvent(new CustomEvent("portal:session-ended", { bubbles: true }));
  });
})();
