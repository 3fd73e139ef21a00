// Runs inside the panel: keys move from step to step, a click or Enter goes to the step's line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const editor = acquireVsCodeApi();
const steps = [...document.querySelectorAll<HTMLElement>(".step")];

const open = (index: number) => editor.postMessage({ step: index });

/** A step and its row of the picture light up together. */
const light = (step: HTMLElement, isOn: boolean) => {
  step.classList.toggle("now", isOn);
  document.getElementById(step.dataset.row ?? "")?.classList.toggle("now", isOn);
};

steps.forEach((step, index) => {
  step.tabIndex = 0;
  step.title = step.querySelector(".text")?.textContent ?? ""; // the panel may be too narrow for it
  for (const type of ["focus", "pointerenter"]) step.addEventListener(type, () => light(step, true));
  for (const type of ["blur", "pointerleave"]) step.addEventListener(type, () => light(step, false));
  step.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") open(index);
    else if (event.key === "ArrowDown" || event.key === "n") steps[index + 1]?.focus();
    else if (event.key === "ArrowUp" || event.key === "p") steps[index - 1]?.focus();
    else return;
    event.preventDefault();
  });
});

// The picture's rows are as high as the steps beside it.
document.querySelector(".witness")?.addEventListener("click", (event) => {
  const { clientY } = event as MouseEvent;
  const index = steps.findIndex((step) => {
    const { top, bottom } = step.getBoundingClientRect();
    return top <= clientY && clientY < bottom;
  });
  if (index < 0) return;
  steps[index].focus({ preventScroll: true });
  open(index);
});
