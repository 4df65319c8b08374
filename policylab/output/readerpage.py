"""Style and script of the reader's page. Both are fixed texts: nothing of a corpus ever becomes a part of them."""

STYLE = """
:root { color-scheme: light; --line: #d9d9d9; --grey: #595959; --copied: #f8d98f; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; font: 16px/1.7 "Noto Sans SC", "Noto Sans CJK SC",
  "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #111; background: #fff; }
h1 { margin: 1rem 0 0; font-size: 1.4rem; line-height: 1.4; }
h2 { margin: 0; font-size: 1rem; }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0.3rem 0; }
a { color: inherit; }
.note, .place { color: var(--grey); font-size: 0.85rem; }
form { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center;
  padding: 0.6rem 0; background: #fff; border-bottom: 2px solid #111; }
form[hidden], article[hidden] { display: none; }
label { display: inline-flex; gap: 0.4rem; align-items: center; }
select { max-width: 22rem; font: inherit; }
output { min-width: 2.4em; font-variant-numeric: tabular-nums; }
article { padding: 1rem 0; border-bottom: 1px solid var(--line); scroll-margin-top: 7rem; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; margin-top: 0.5rem; }
/* A mark that turns the direction of writing must not reach beyond its own text. */
.sides > section, li, option { unicode-bidi: isolate; }
.unmatched h2 { margin-top: 1.5rem; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
mark { padding: 0.1em 0; color: inherit; background: var(--copied); border-bottom: 2px solid #8a5a00; }
/* The word joiner keeps the number on the line of what it counts. */
mark::before { content: attr(data-span) "\\2060"; margin: 0 0.15em; font-size: 0.7em; vertical-align: super;
  color: #5c3c00; }
mark.same { background: #f0b030; }
:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
kbd { padding: 0 0.35em; border: 1px solid var(--grey); border-radius: 3px; font-size: 0.85em; }
@media (max-width: 48rem) { .sides { grid-template-columns: 1fr; gap: 1rem; } form { position: static; } }
@media print { form { display: none; } article { break-inside: avoid; } }
"""

SCRIPT = """
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
"""
