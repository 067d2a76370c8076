// Practising a phrase: count the words, let the person see or cover them. Nothing is copied.
const words = (text) => text.trim().split(/[\s\u3000、，,]+/).filter(Boolean);

export function practice() {
  for (const box of document.querySelectorAll("[data-practice]")) {
    const input = box.querySelector("input");
    const count = box.querySelector("[data-counted]");
    const cover = box.querySelector("[data-cover]");
    if (!input) continue;
    const tell = () => {
      count.textContent = count.dataset.counted
        .replace("{done}", words(input.value).length)
        .replace("{all}", box.dataset.practice);
    };
    input.addEventListener("input", tell);
    input.form?.addEventListener("submit", () => {
      input.value = words(input.value).join(" ");
    });
    coverWith(cover, (covered) => {
      input.type = covered ? "password" : "text";
    });
    tell();
  }
}

export function secrets() {
  for (const secret of document.querySelectorAll("[data-secret]")) {
    const list = secret.querySelector("ol");
    const cover = coverWith(secret.querySelector("[data-cover]"), (covered) => {
      list.classList.toggle("covered", covered);
      list.setAttribute("aria-hidden", String(covered));
    });
    // Words do not stay on a screen that nobody looks at.
    document.addEventListener("visibilitychange", () => document.hidden && cover(true));
  }
  for (const name of ["copy", "cut", "dragstart", "contextmenu"]) {
    document.addEventListener(name, (event) => {
      const place = event.target instanceof Element ? event.target : event.target.parentElement;
      if (place?.closest("[data-no-copy]")) event.preventDefault();
    });
  }
}

function coverWith(button, act) {
  const set = (covered) => {
    button.setAttribute("aria-pressed", String(covered));
    act(covered);
  };
  button.hidden = false;
  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
  set(false);
  return set;
}
