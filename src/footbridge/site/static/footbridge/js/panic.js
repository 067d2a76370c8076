// One key seals the site: the same form that the button sends.
export function panicKey() {
  const form = document.querySelector("form[data-panic]");
  if (!form) return;
  addEventListener("keydown", (event) => {
    if (event.key !== form.dataset.panic || event.repeat) return;
    event.preventDefault();
    form.submit();
  });
}
