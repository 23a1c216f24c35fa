// The choosers of the administration (select2) stand in for a field, but not under its name: an empty one has no name
// at all, a filled one is called by what is chosen. Here each is given the name of its field.
(() => {
  "use strict";
  const jQuery = window.django?.jQuery;
  if (!jQuery) return;

  const nameOf = (select) => select.getAttribute("aria-label") || select.labels[0]?.textContent.trim();
  const call = (part, name) => part?.setAttribute("aria-label", name);

  const callChoosers = (place) => {
    place.querySelectorAll("select.select2-hidden-accessible").forEach((select) => {
      const chooser = select.nextElementSibling;
      chooser.querySelector(".select2-selection").removeAttribute("aria-labelledby");
      const parts = ".select2-selection, .select2-selection__rendered[role], .select2-search__field";
      chooser.querySelectorAll(parts).forEach((part) => call(part, nameOf(select)));
    });
  };

  // After Django's own handlers, which make the choosers: this file is loaded after theirs.
  jQuery(() => callChoosers(document));
  document.addEventListener("formset:added", (event) => callChoosers(event.target));
  jQuery(document).on("select2:open", (event) => {
    const box = event.target.nextElementSibling.querySelector(".select2-selection");
    // What it opened is said in the way of older browsers only.
    box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
    call(document.querySelector(".select2-dropdown .select2-search__field"), nameOf(event.target));
  });
})();
