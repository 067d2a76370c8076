// Warns before a session that nobody uses is closed, and keeps one that somebody types in.
const KEEP_EVERY_MS = 60_000;
const SAY_AT = new Set([60, 30, 10]);

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export function idleWarning() {
  const dialog = document.querySelector("dialog[data-idle]");
  if (!dialog) return;
  const { idle, warn, after } = dialog.dataset;
  const form = dialog.querySelector("form[data-keep]");
  const count = dialog.querySelector("[data-count]");
  const said = dialog.querySelector("[data-said]");
  const tabs = new BroadcastChannel("footbridge-idle");
  let closes = Date.now() + idle * 1000;
  let kept = Date.now();

  const stay = () => {
    closes = Date.now() + idle * 1000;
    if (dialog.open) dialog.close();
  };
  const tell = async () => {
    kept = Date.now();
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return;
    stay();
    tabs.postMessage("used");
  };
  const used = () => {
    if (!dialog.open && Date.now() - kept > KEEP_EVERY_MS) tell();
  };
  const look = () => {
    const left = Math.ceil((closes - Date.now()) / 1000);
    if (left <= 0) {
      document.documentElement.hidden = true;
      location.replace(after);
    } else if (left <= warn) {
      if (!dialog.open) dialog.showModal();
      count.textContent = clock(left);
      if (SAY_AT.has(left)) said.textContent = clock(left);
    }
  };

  tabs.addEventListener("message", stay);
  addEventListener("input", used);
  addEventListener("click", used);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
  });
  dialog.addEventListener("close", () => {
    if (closes - Date.now() < warn * 1000) tell();
  });
  setInterval(look, 1000);
}
