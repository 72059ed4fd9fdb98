// Counts the chosen cards, keeps their order, and stops at the limit. Without this script the server does all three.
const form = document.querySelector("[data-choose]");
if (form) {
  const limit = Number(form.dataset.limit);
  const order = form.querySelector("[data-choose-order]");
  const count = form.querySelector("[data-choose-count]");
  const boxes = [...form.querySelectorAll('input[name="chosen"]')];
  let picked = order.value ? order.value.split(",") : [];

  const show = () => {
    order.value = picked.join(",");
    count.textContent = `${picked.length} / ${limit} ${count.dataset.words}`;
    for (const box of boxes) {
      box.disabled = !box.checked && picked.length >= limit;
      box.closest(".person")?.classList.toggle("is-chosen", box.checked);
    }
  };
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "chosen") return;
    picked = picked.filter((value) => value !== box.value);
    if (box.checked) picked.push(box.value);
    show();
  });
  show();
}
