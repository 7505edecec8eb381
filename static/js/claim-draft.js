"use strict";

// The claim form on this phone: what is typed is kept here under the user's mark until the program has answered. A
// claim that was sent without network is sent when the network is back, with the same request id, so that it is entered
// once. Kept are the words and days of the form, never a file and no national ID.
//
// In storage, under claim-draft:<user>:<page>: {request, label, fields: [[name, value], …], waiting: "" | button}.
(() => {
  const element = document.getElementById("claim-draft-settings");
  const settings = JSON.parse(element.textContent);
  const words = settings.words;
  const prefix = `claim-draft:${settings.who}:`;
  const apart = new Set(["csrfmiddlewaretoken", "form_user", "kept_files", "who", "look", "draft"]);
  const SECONDS_TO_WAIT = 15;

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const make = (tag, given) => Object.assign(document.createElement(tag), given);

  // ---- the list of what waits on this phone, where a member is chosen

  function showList(section) {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    const rows = keys.map((key) => {
      const draft = read(key);
      const row = make("li");
      const link = make("a", { href: key.slice(prefix.length), textContent: draft.label });
      row.append(link, ` (${draft.waiting ? words.waits : words.begun})`);
      return row;
    });
    section.querySelector("ul").replaceChildren(...rows);
    section.hidden = !rows.length;
  }

  // A claim that is there needs no draft, by whatever way it came.
  function forgetSent(request) {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
      const draft = read(key);
      if (!draft || draft.request === request) {
        localStorage.removeItem(key);
      }
    }
  }

  const section = document.getElementById("claim-drafts");
  if (section) {
    showList(section);
  }
  const entered = document.getElementById("claim-entered");
  if (entered) {
    forgetSent(entered.dataset.request);
  }

  // ---- the form

  const key = prefix + location.pathname;
  let form = document.getElementById("claim-form");
  let busy = false;
  let timer = null;
  if (!form) {
    return;
  }

  const tell = (text) => {
    for (const state of document.querySelectorAll("#draft-state, #draft-state-below")) {
      state.textContent = text;
    }
  };

  const typed = () => Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !apart.has(name));

  function keep(waiting) {
    const draft = { request: form.elements.request_id.value, label: form.dataset.label, fields: typed(), waiting };
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch {
      tell(words["no room"]);
      return false;
    }
  }

  function fillIn(draft) {
    for (const control of form.querySelectorAll("input, select, textarea")) {
      if (apart.has(control.name) || control.type === "file") {
        continue;
      }
      const values = draft.fields.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = values.includes(control.value);
      } else if (values.length && control.name !== "visit") {
        control.value = values[0];
      } else if (values.length) {
        control.value ||= values[0]; // the visit that the page was opened from now, else that of the draft
      }
      if (control.type === "checkbox" ? control.checked : control.type === "text" && control.value) {
        control.closest("details")?.setAttribute("open", "");
      }
    }
  }

  // The cookie holds the token of now: a sign-in in another tab changes it.
  function csrfToken() {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? found[1] : form.elements.csrfmiddlewaretoken.value;
  }

  async function send(button) {
    if (busy) {
      return;
    }
    busy = true;
    clearTimeout(timer);
    keep(button);
    tell(words.sending);
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", csrfToken());
    data.set("who", settings.who);
    if (button === "draft") {
      data.set("draft", "1");
    }
    try {
      const options = { method: "POST", body: data, redirect: "manual", signal: AbortSignal.timeout(120_000) };
      await settle(await fetch(location.href, options), button);
    } catch {
      tell(navigator.onLine ? words.later : words.offline);
      timer = setTimeout(() => send(button), SECONDS_TO_WAIT * 1000);
    }
    busy = false;
  }

  async function settle(response, button) {
    const isAnswer = (response.headers.get("content-type") || "").startsWith("application/json");
    if (response.ok && isAnswer) {
      localStorage.removeItem(key);
      location.assign((await response.json()).claim);
    } else if (response.ok) {
      showAnswer(await response.text());
    } else if (response.type === "opaqueredirect") {
      sendPlainly(button); // signed out: the login comes over the form, which is kept
    } else if (response.status >= 500) {
      throw new Error(response.status);
    } else {
      keep("");
      tell(response.status === 409 ? words["another user"] : words.stale);
    }
  }

  // The form came back with what is to be corrected: it takes the place of the one on the page.
  function showAnswer(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const answer = page.querySelector("main");
    document.querySelector("main").replaceWith(answer);
    form = document.getElementById("claim-form");
    window.htmx && window.htmx.process(answer);
    listen();
    keep("");
    const fault = answer.querySelector(".alert-danger, .is-invalid, .invalid-feedback");
    fault && fault.scrollIntoView({ block: "center" });
  }

  function sendPlainly(button) {
    if (button === "draft") {
      form.append(make("input", { type: "hidden", name: "draft", value: "1" }));
    }
    form.submit();
  }

  function listen() {
    for (const name of ["input", "change"]) {
      form.addEventListener(name, () => {
        clearTimeout(timer); // what is still being changed is not sent by itself
        keep("");
      });
    }
    form.addEventListener("submit", (event) => {
      const name = event.submitter ? event.submitter.name : "";
      if (name !== "look") {
        event.preventDefault();
        send(name === "draft" ? "draft" : "submit");
      }
    });
  }

  const noReckoning = () => {
    document.getElementById("reckoning").textContent = words["reckoned when sent"];
  };
  document.addEventListener("htmx:sendError", noReckoning);
  window.addEventListener("online", () => {
    const draft = read(key);
    draft && draft.waiting && send(draft.waiting);
  });

  listen();
  const draft = read(key);
  if (form.hasAttribute("data-bound")) {
    keep("");
  } else if (draft) {
    fillIn(draft);
    tell(words.found);
    draft.waiting && send(draft.waiting);
  } else {
    tell(words.kept);
  }
})();
