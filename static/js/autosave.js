// <form data-autosave="article-12" hx-post="…" hx-trigger="input delay:1s" hx-swap="none" hx-sync="this:queue last">
// htmx sends; this file keeps every keystroke in the browser until the portal has confirmed it, says how
// the saving stands, and puts the text back after a lost connection, a closed lid or an ended session.
// A form without hx-post is kept as well: its text goes once the portal has led on to another page, or
// back to the same one with a message of success.
// A large grid sends only the cells that differ from what was seen in them (data-sends="changed"); the
// answer names those that were saved in an input [data-seen-now], as JSON like "served".
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

  // Two boxes may share a name: which of them it is makes the key unique.
  function keyed(form) {
    const seen = {};
    return [...form.elements].filter(isText).map((field) => {
      seen[field.name] = (seen[field.name] ?? -1) + 1;
      return [`${seen[field.name]}:${field.name}`, field];
    });
  }

  const read = (form) => Object.fromEntries(keyed(form).map(([key, field]) => [key, valueOf(field)]));

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  class Draft {
    constructor(form) {
      this.form = form;
      // The person is part of the key: offices share computers.
      this.key = `draft:${words.person}:${location.pathname}:${form.dataset.autosave}`;
      this.sent = null;
    }

    // A grid has no version of its own: "served" says, as JSON, what the writer saw in each of its cells.
    get isGrid() { return Boolean(this.form.elements.served); }

    get version() { return (this.form.elements.version ?? this.form.elements.served)?.value ?? ""; }

    // Buttons, and what has no place in "served", always go along.
    leaveOutUnchanged(data) {
      const seen = JSON.parse(this.version || "{}");
      for (const [key, field] of keyed(this.form)) {
        const name = key.slice(key.indexOf(":") + 1);
        if (valueOf(field) !== seen[name]) continue;
        data.delete(name);
        delete seen[name];
      }
      data.set("served", JSON.stringify(seen));
    }

    takeOverSeen() {
      const news = this.form.querySelector("[data-seen-now]");
      if (!news) return;
      const field = this.form.elements.served;
      field.value = JSON.stringify({ ...JSON.parse(field.value), ...JSON.parse(news.value) });
      news.value = "{}";
    }

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
    for (const [key, field] of keyed(draft.form)) {
      if (values[key] === undefined) continue;
      setValue(field, values[key]);
      field.closest("details")?.setAttribute("open", "");
    }
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
    const isTaken = kept?.isSent && document.querySelector("[data-success]");
    if (!kept || isTaken || same(kept.values, served)) { draft.drop(); return; }
    if (draft.isGrid) { restoreCells(draft, kept, served); return; }
    // Someone saved since: putting the old text into the field would overwrite theirs without a word.
    const isOlder = kept.version !== draft.version;
    if (!isOlder) putBack(draft, kept.values);
    tell(draft, kept, isOlder, () => { if (!isOlder) putBack(draft, served); });
  }

  // What was typed into a cell goes back together with what was seen in it then: so the portal tells where
  // somebody has filled the same cell since. A cell whose column is gone is shown beside.
  function restoreCells(draft, kept, served) {
    const before = JSON.parse(kept.version || "{}");
    const nameOf = (key) => key.slice(key.indexOf(":") + 1);
    const typed = Object.entries(kept.values)
      .filter(([key, value]) => value !== (before[nameOf(key)] ?? "") && value !== served[key]);
    if (!typed.length) { draft.drop(); return; }
    const field = draft.form.elements.served;
    const now = field.value;
    const seen = Object.fromEntries(typed.map(([key]) => [nameOf(key), before[nameOf(key)] ?? ""]));
    field.value = JSON.stringify({ ...JSON.parse(now), ...seen });
    putBack(draft, Object.fromEntries(typed));
    const gone = Object.fromEntries(typed.filter(([key]) => !(key in served)));
    tell(draft, { values: gone }, Object.keys(gone).length > 0, () => { putBack(draft, served); field.value = now; });
  }

  function tell(draft, kept, isOlder, undo) {
    const box = notice(draft, kept, isOlder);
    draft.form.closest("details")?.setAttribute("open", "");
    box.querySelector("[data-kept-drop]").addEventListener("click", () => {
      draft.drop();
      undo();
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
    if (form.dataset.sends === "changed") {
      form.addEventListener("htmx:configRequest", (event) => {
        if (event.target === form) draft.leaveOutUnchanged(event.detail.formData);
      });
    }
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target !== form) return;
      draft.sent = read(form);
      draft.say("saving");
    });
    form.addEventListener("portal:session-ended", () => draft.say("ended"));
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== form || form.querySelector("[data-state=ended]")) return;
      draft.takeOverSeen();
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
