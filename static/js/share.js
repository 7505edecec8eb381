"use strict";

// <button data-share="ADDRESS"> or <button data-share-text="WORDS">: the phone's own way to share; where it has none,
// the link or the words are copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share], [data-share-text]");
  if (!button) {
    return;
  }
  const { share: address, shareText: words } = button.dataset;
  const answer = document.querySelector("[data-share-answer]");
  try {
    if (navigator.share) {
      await navigator.share({ title: button.dataset.shareTitle, ...(words ? { text: words } : { url: address }) });
    } else {
      await navigator.clipboard.writeText(words || address);
      answer.textContent = button.dataset.copied;
    }
  } catch {
    // she has changed her mind, or neither is allowed here: the address stands below
  }
});
