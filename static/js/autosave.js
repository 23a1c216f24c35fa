// <form data-autosave="article-12" hx-post="…" hx-trigger="input delay:1s" hx-swap="none" hx-sync="this:queue last">
// htmx sends; this file keeps every keystroke in the browser until the portal has confirmed it, says how
// the saving stands, and puts the text back after a lost connection, a closed lid or an ended session.
// A form without hx-post is kept as well: its text goes once the portal has led on to another page.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const forms = new WeakMap();

  const isText = (field) =>
    field.name && !field.disabled && field.name !== "csrfmiddlewaretoken" &&
    !["hidden", "password", "file", "submit", "button"].includes(field.type);

  const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);

  function setValue(field, value) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = value;
    else field.value = value;
  }

  // Two boxes may share a name: the position makes the key unique.
  const read = (form) =>
    Object.fromEntries([...form.elements].filter(isText).map((field, i) => [`${i}:${field.name}`, valueOf(field)]));

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  class Draft {
    constructor(form) {
      this.form = form;
      // The person is part of the key: offices share computers.
      this.key = `draft:${words.person}:${location.pathname}:${form.dataset.autosave}`;
      this.sent = null;
    }

    get version() { return this.form.elements.version?.value ?? ""; }

    keep(isSent = false) {
      const kept = { version: this.version, values: read(this.form), isSent };
      try { localStorage.setItem(this.key, JSON.stringify(kept)); } catch { /* full or forbidden: saving still works */ }
    }

    load() {
      try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
    }

    drop() { localStorage.removeItem(this.key); }

    // What was typed while the request ran is not confirmed by its answer.
    confirm() { if (same(this.sent, read(this.form))) this.drop(); }

    say(state) {
      const line = this.form.querySelector("[data-savestate]");
      if (!line) return;
      line.dataset.state = state;
      const at = line.querySelector("[data-saved-at]");
      if (state === "saved" && at) at.textContent = new Date().toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });
    }

    retry() { if (this.load()) this.form.dispatchEvent(new Event("input", { bubbles: true })); }
  }

  function putBack(draft, values) {
    [...draft.form.elements].filter(isText).forEach((field, i) => {
      const value = values[`${i}:${field.name}`];
      if (value !== undefined) setValue(field, value);
    });
  }

  const asText = (values) => Object.values(values).filter((value) => typeof value === "string" && value).join("\n\n");

  function notice(draft, kept, isOlder) {
    const box = draft.form.querySelector("[data-kept-template]").content.firstElementChild.cloneNode(true);
    box.querySelector("[data-kept-restored]").hidden = isOlder;
    box.querySelector("[data-kept-older]").hidden = !isOlder;
    const text = box.querySelector("[data-kept-text]");
    text.hidden = !isOlder;
    text.value = asText(kept.values);
    draft.form.prepend(box);
    return box;
  }

  function restore(draft) {
    const kept = draft.load();
    const served = read(draft.form);
    if (!kept || same(kept.values, served)) { draft.drop(); return; }
    // Someone saved since: putting the old text into the field would overwrite theirs without a word.
    const isOlder = kept.version !== draft.version;
    if (!isOlder) putBack(draft, kept.values);
    const box = notice(draft, kept, isOlder);
    draft.form.closest("details")?.setAttribute("open", "");
    box.querySelector("[data-kept-drop]").addEventListener("click", () => {
      draft.drop();
      if (!isOlder) putBack(draft, served);
      box.remove();
    });
    box.querySelector("[data-kept-close]").addEventListener("click", () => box.remove());
  }

  function watch(form) {
    if (forms.has(form)) return;
    const draft = new Draft(form);
    forms.set(form, draft);
    restore(draft);
    form.addEventListener("input", () => draft.keep());
    form.addEventListener("submit", () => draft.keep(!form.hasAttribute("hx-post")));
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target !== form) return;
      draft.sent = read(form);
      draft.say("saving");
    });
    form.addEventListener("portal:session-ended", () => draft.say("ended"));
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== form || form.querySelector("[data-state=ended]")) return;
      const status = event.detail.xhr.status;
      if (status >= 200 && status < 300) { draft.confirm(); draft.say("saved"); }
      else if (status === 409) draft.say("conflict");
      else if (status === 0) draft.say("kept");
      else draft.say("refused");
    });
    document.addEventListener("portal:connected", () => { if (form.isConnected) draft.retry(); });
  }

  // What htmx swaps in may replace the form itself, which then hears of no answer.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const draft = forms.get(event.detail.requestConfig.elt);
    const status = event.detail.xhr.status;
    if (draft && status >= 200 && status < 300) draft.confirm();
  });

  function dropTaken() {
    for (const key of Object.keys(localStorage)) {
      const [kind, person, path] = key.split(":");
      if (kind !== "draft" || person !== words.person || path === location.pathname) continue;
      try { if (JSON.parse(localStorage.getItem(key)).isSent) localStorage.removeItem(key); } catch { /* not ours */ }
    }
  }

  const watchAll = () => document.querySelectorAll("form[data-autosave]").forEach(watch);
  dropTaken();
  watchAll();
  document.addEventListener("htmx:afterSettle", watchAll);
})();
