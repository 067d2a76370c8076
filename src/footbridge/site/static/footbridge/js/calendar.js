// The use calendar: one button a day in place of one list a day. The lists stay, hidden, and
// are what the form sends, so the page means the same with and without script.
const ROUND = ["", "0", "1"];

export function useCalendars() {
  for (const calendar of document.querySelectorAll("[data-calendar]")) enhance(calendar);
}

function enhance(calendar) {
  const lists = [...calendar.querySelectorAll("select")];
  const counted = calendar.querySelector("[data-counted]");
  const fill = calendar.querySelector("[data-fill]");
  const buttons = lists.map((list, at) => asButton(list, at));
  let here = 0;

  const tell = () => {
    const of = (value) => lists.filter((list) => list.value === value).length;
    counted.textContent = counted.dataset.counted
      .replace("{used}", of("1"))
      .replace("{not}", of("0"))
      .replace("{open}", of(""));
  };
  const move = (to) => {
    if (!buttons[to]) return;
    buttons[here].tabIndex = -1;
    here = to;
    buttons[here].tabIndex = 0;
    buttons[here].focus();
  };

  buttons.forEach((button, at) => {
    button.tabIndex = at === 0 ? 0 : -1;
    button.addEventListener("click", () => {
      const list = lists[at];
      list.value = ROUND[(ROUND.indexOf(list.value) + 1) % ROUND.length];
      show(button, list);
      tell();
      move(at);
    });
    button.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
      const direct = { 0: "0", 1: "1", Delete: "", Backspace: "" }[event.key];
      if (step) move(at + step);
      else if (direct !== undefined) {
        lists[at].value = direct;
        show(button, lists[at]);
        tell();
        move(at + 1);
      } else return;
      event.preventDefault();
    });
  });
  fill.addEventListener("click", () => {
    lists.forEach((list, at) => {
      if (list.value === "") list.value = "0";
      show(buttons[at], list);
    });
    tell();
  });
  calendar.classList.add("quick");
  fill.hidden = false;
  tell();
}

function asButton(list) {
  const label = list.closest("label");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "day";
  label.hidden = true;
  label.after(button);
  show(button, list);
  return button;
}

function show(button, list) {
  const chosen = list.selectedOptions[0];
  button.dataset.value = list.value;
  button.textContent = list.dataset.short;
  button.setAttribute("aria-label", `${list.dataset.day}: ${chosen.textContent}`);
}
