// Filters, keys and marks of the page to read on.
"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const [form, lowest, highest, section, status] = ["filters", "lowest", "highest", "section", "status"].map(find);
  const pairs = [...document.querySelectorAll("article")];

  const update = () => {
    find("lowest-value").textContent = Number(lowest.value).toFixed(2);
    find("highest-value").textContent = Number(highest.value).toFixed(2);
    for (const pair of pairs) {
      const score = Number(pair.dataset.score);
      const within = score >= Number(lowest.value) && score <= Number(highest.value);
      pair.hidden = !(within && (section.value === "" || section.value === pair.dataset.section));
    }
    const shown = pairs.filter((pair) => !pair.hidden).length;
    status.textContent = status.dataset.template.replace("{shown}", shown).replace("{total}", pairs.length);
  };

  const move = (step) => {
    const shown = pairs.filter((pair) => !pair.hidden);
    const here = shown.indexOf(document.activeElement.closest("article"));
    const next = shown[here < 0 ? (step > 0 ? 0 : shown.length - 1) : here + step];
    if (next) {
      next.focus();
      next.scrollIntoView();
    }
  };

  const point = (event) => {
    const mark = event.target.closest("mark");
    const same = mark ? mark.closest("article").querySelectorAll(`mark[data-span="${mark.dataset.span}"]`) : [];
    document.querySelectorAll("mark.same").forEach((other) => other.classList.remove("same"));
    same.forEach((other) => other.classList.add("same"));
  };

  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("mouseover", point);
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    const typing = event.target.closest("select, input") || event.ctrlKey || event.metaKey || event.altKey;
    if (step && !typing) {
      move(step);
    }
  });
  update();
})();
