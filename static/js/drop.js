// A file field one can drop on; says the name and the size, and refuses at once what the portal would refuse.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const MB = 1048576;

  function size(bytes) {
    const [number, unit] = bytes < MB ? [bytes / 1024, "KB"] : [bytes / MB, "MB"];
    return `${number.toLocaleString("vi", { maximumFractionDigits: 1 })} ${unit}`;
  }

  const fits = (file, field) =>
    !field.accept || field.accept.split(",").map((kind) => kind.trim()).some((kind) =>
      kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind.toLowerCase()) : file.type === kind || (kind.endsWith("/*") && file.type.startsWith(kind.slice(0, -1))));

  function refusal(area, field, file) {
    if (!fits(file, field)) return words.dropWrongKind;
    if (area.dataset.limit && file.size > Number(area.dataset.limit)) return words.dropTooBig;
    return "";
  }

  function tell(area, field) {
    const line = area.querySelector("[data-drop-name]");
    const file = field.files[0];
    line.hidden = !file;
    if (!file) return;
    const reason = refusal(area, field, file);
    line.textContent = reason || `${file.name} (${size(file.size)})`;
    if (reason) field.value = "";
  }

  document.querySelectorAll("[data-drop]").forEach((area) => {
    const field = area.querySelector("input[type=file]");
    field.classList.add("visually-hidden");
    area.querySelector("[data-drop-button]").hidden = false;
    const over = (event, isOver) => { event.preventDefault(); area.classList.toggle("is-over", isOver); };
    area.addEventListener("dragover", (event) => over(event, true));
    area.addEventListener("dragleave", (event) => over(event, false));
    area.addEventListener("drop", (event) => {
      over(event, false);
      field.files = event.dataTransfer.files;
      tell(area, field);
    });
    field.addEventListener("change", () => tell(area, field));
    // Chosen before this ran, on a slow line, or kept by the browser when the page was loaded again.
    if (field.files.length) tell(area, field);
  });
})();
