"use strict";
(() => {
  const off = "aicheck keys off";
  const isField = (element) => element.matches("input:not([type=checkbox]), select, textarea");
  const rows = () => [...document.querySelectorAll("main a.row")];
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  const follow = (key) => {
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (found === null) return false;
    if (found.matches("button, .button")) found.focus();
    else found.click();
    return true;
  };
  const act = (key) => {
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "/") document.querySelector("main form :is(input:not([type=hidden]), select)")?.focus();
    else return key !== "Enter" && follow(key);
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("form select")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    if (event.key === "Escape" && isField(event.target)) event.target.blur();
    if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target) || localStorage.getItem(off)) return;
    if (act(event.key)) event.preventDefault();
  });
  const box = document.getElementById("keys-on");
  if (box === null) return;
  box.checked = !localStorage.getItem(off);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")));
})();
