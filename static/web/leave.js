// Leaves a page on which others should not find its reader: by the button, or by Escape pressed twice. The page is
// emptied at once, because the harmless page may take a while, and gives up its place in the history of the tab, so Back
// does not return to it. Pages opened before it stay in the history. Without this script the button is a link.
const TWICE_WITHIN = 2000;
const BUTTON = "[data-leave-page]";
let pressedAt = -Infinity;

function leave() {
  const target = document.querySelector(BUTTON).href;
  document.title = "";
  document.body.replaceChildren();
  location.replace(target);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest(BUTTON) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  leave();
});

document.addEventListener("keydown", (event) => {
  // Escape also ends what an input method composes.
  if (event.key !== "Escape" || event.repeat || event.isComposing) return;
  if (event.timeStamp - pressedAt < TWICE_WITHIN) leave();
  pressedAt = event.timeStamp;
});
