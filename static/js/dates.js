"use strict";

// The buttons Today and Yesterday of a date field fill its three boxes. The days stand on the buttons,
// because the server's day need not be this machine's. One listener serves fields that arrive later, too.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-thai-date] button[data-year]");
  if (!button) {
    return;
  }
  const boxes = button.closest("[data-thai-date]");
  for (const part of ["day", "month", "year"]) {
    const box = boxes.querySelector(`[data-part="${part}"]`);
    box.value = button.dataset[part];
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
