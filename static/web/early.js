// Runs before the page is painted: marks that scripts run, and folds the desk's menu if the reader left it folded.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  try {
    if (localStorage.getItem("desk-folded") === "1") root.classList.add("desk-folded");
  } catch {
    // Without storage, the menu starts open.
  }
})();
