// Menus are <details class="menu">, so they open without this file; it only closes them.
(() => {
  "use strict";
  const close = (menu) => { menu.open = false; };
  const openMenus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) close(menu); });
  });
  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) close(menu); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      const held = menu.contains(document.activeElement);
      close(menu);
      if (held) menu.querySelector("summary").focus();
    });
  });
})();
