// Quick exit: hide the page at once, end the session, and take this page out of the history.
const PRESSES = 3;
const WITHIN_MS = 1500;

export function quickExit() {
  const form = document.querySelector("form[data-leave]");
  if (!form) return;
  let presses = [];

  const go = () => {
    document.documentElement.hidden = true;
    document.title = " ";
    const there = form.dataset.leaveTo || form.action;
    // The beacon outlives the page; where it is refused, the plain form does the same work.
    if (navigator.sendBeacon(form.action, new FormData(form))) location.replace(there);
    else form.submit();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") {
        presses = [];
        return;
      }
      presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN_MS);
      if (presses.length >= PRESSES) go();
    },
    true,
  );
}
