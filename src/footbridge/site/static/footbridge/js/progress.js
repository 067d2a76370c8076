// Long work: asks how far it is, every second, and follows it to its end.
const EVERY_MS = 1000;

export function progress() {
  for (const box of document.querySelectorAll("[data-progress]")) follow(box);
}

async function follow(box) {
  const bar = box.querySelector("progress");
  const doing = box.querySelector("[data-doing]");
  for (;;) {
    await new Promise((go) => setTimeout(go, EVERY_MS));
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } })
      .then((reply) => (reply.ok ? reply.json() : null))
      .catch(() => null);
    if (!answer) continue;
    if (answer.next) {
      location.replace(answer.next);
      return;
    }
    bar.max = answer.total;
    bar.value = answer.done;
    if (doing.textContent !== answer.doing) doing.textContent = answer.doing;
  }
}
