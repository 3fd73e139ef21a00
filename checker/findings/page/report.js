// Moves through the report by keyboard, and filters it. The page is whole without it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
(() => {
  "use strict";
  const findings = [...document.querySelectorAll(".finding")];
  const filter = document.getElementById("filter");
  const shown = () => findings.filter((each) => !each.hidden);

  const goTo = (element) => {
    if (!element) return;
    // A long step must not push the picture beside it out of sight.
    const box = element.closest(".witness");
    const left = box ? box.scrollLeft : 0;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: box ? "nearest" : "start" });
    if (box) box.scrollLeft = left;
  };

  // The one that has the focus; null: none has it.
  const current = () => {
    const inside = document.activeElement && document.activeElement.closest(".finding");
    return inside || null;
  };

  const moveFinding = (by) => {
    const list = shown();
    const at = list.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by;
    goTo(list[Math.min(Math.max(next, 0), list.length - 1)]);
  };

  const moveStep = (by) => {
    const finding = current() || shown()[0];
    if (!finding) return;
    const steps = [...finding.querySelectorAll(".step")];
    const at = steps.indexOf(document.activeElement);
    goTo(steps[at < 0 ? (by > 0 ? 0 : steps.length - 1) : at + by]);
  };

  const keys = {
    j: () => moveFinding(1),
    k: () => moveFinding(-1),
    n: () => moveStep(1),
    p: () => moveStep(-1),
    "/": () => filter && filter.focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === filter) {
      if (event.key === "Escape") { filter.value = ""; apply(); filter.blur(); }
      return;
    }
    const onStep = event.target.matches && event.target.matches(".step, .witness");
    const arrows = { ArrowDown: 1, ArrowUp: -1 };
    if (onStep && arrows[event.key]) moveStep(arrows[event.key]);
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });

  // A step and its row of the picture light up together.
  const light = (step, on) => {
    step.classList.toggle("now", on);
    const row = document.getElementById(step.dataset.row);
    if (row) row.classList.toggle("now", on);
  };
  for (const step of document.querySelectorAll(".step")) {
    for (const type of ["focus", "pointerenter"]) step.addEventListener(type, () => light(step, true));
    for (const type of ["blur", "pointerleave"]) step.addEventListener(type, () => light(step, false));
  }

  const status = document.getElementById("filter-status");
  const entries = [...document.querySelectorAll(".contents li")];
  const apply = () => {
    const wanted = filter.value.toLowerCase();
    findings.forEach((finding, index) => {
      const hide = !finding.textContent.toLowerCase().includes(wanted);
      finding.hidden = hide;
      if (entries[index]) entries[index].hidden = hide;
    });
    status.textContent = wanted ? `${shown().length} of ${findings.length}` : "";
  };
  if (filter) {
    filter.closest(".filter").hidden = false;
    filter.addEventListener("input", apply);
  }
})();
