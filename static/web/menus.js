// Menus are <details>: this script closes them on Escape, on a click elsewhere and when another opens, and shows and
// hides the desk's menu. Without it, menus open and close by their summary, and the desk's menu by links (#desk-menu).
const root = document.documentElement;
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-dismiss]")) event.target.closest(".note").remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (root.classList.contains("desk-open")) showDesk(false);
});

const opener = document.querySelector("[data-menu-open]");
const deskMenu = document.getElementById("desk-menu");

function showDesk(open) {
  root.classList.toggle("desk-open", open);
  if (open) deskMenu.querySelector("[data-menu-close]").focus();
  else opener.focus();
}

if (opener) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    showDesk(true);
  });
  for (const closer of document.querySelectorAll("[data-menu-close]")) {
    closer.addEventListener("click", (event) => {
      event.preventDefault();
      showDesk(false);
    });
  }
}

const fold = document.querySelector("[data-fold]");
if (fold) {
  const say = () => fold.setAttribute("aria-pressed", String(root.classList.contains("desk-folded")));
  say();
  fold.addEventListener("click", () => {
    const folded = root.classList.toggle("desk-folded");
    try {
      localStorage.setItem("desk-folded", folded ? "1" : "0");
    } catch {
      // Without storage, the menu stays folded on this page only.
    }
    say();
  });
}
