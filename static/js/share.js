"use strict";

// <button data-share="ADDRESS">: the phone's own way to share; where it has none, the link is copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) {
    return;
  }
  const answer = document.querySelector("[data-share-answer]");
  try {
    if (navigator.share) {
      await navigator.share({ title: button.dataset.shareTitle, url: button.dataset.share });
    } else {
      await navigator.clipboard.writeText(button.dataset.share);
      answer.textContent = button.dataset.copied;
    }
  } catch {
    // she has changed her mind, or neither is allowed here: the address stands below
  }
});
