"use strict";

// The menu is a <details>: folded on a phone, open on a wide screen.
const wide = window.matchMedia("(min-width: 62em)");
const unfold = () => {
  for (const menu of document.querySelectorAll("details[data-open-when-wide]")) {
    menu.open = wide.matches;
  }
};
unfold();
wide.addEventListener("change", unfold);

// A click beside the user's menu, or Escape, folds it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.user-menu[open]")) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.user-menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// <button type="button" data-print>: print this page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});

// A page for visitors comes after every signing out: nothing that a user could open without network stays then.
if (!document.querySelector("details.user-menu") && "caches" in window) {
  caches.delete("sheet-pages");
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("sheet-saved:"))) {
    localStorage.removeItem(key);
  }
}

// What Back brings from memory, with all that was typed, is asked for anew when somebody signed out since.
const SIGNED_OUT = "signed-out";
if (document.querySelector("details.user-menu")) {
  const before = localStorage.getItem(SIGNED_OUT);
  addEventListener("pageshow", (event) => {
    if (event.persisted && localStorage.getItem(SIGNED_OUT) !== before) {
      document.documentElement.hidden = true;
      location.reload();
    }
  });
} else {
  localStorage.setItem(SIGNED_OUT, Date.now());
}
