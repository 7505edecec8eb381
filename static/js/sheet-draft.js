"use strict";

// The draft of a collection sheet on this phone. What was typed is written here first, then sent in batches. A batch
// keeps its id until the program has answered: sent twice, it is taken once. The draft holds numbers of members, names
// and amounts. Its key names the user, so that another user of the phone neither sees nor sends it.
//
// In storage: {lines: {"12": line}, sending: null | {id, lines}, top: {…}}. A line: {name, amount, fee, day, book, no,
// payer, undo, seen, state, why, now}; `state` is empty while it waits, else "refused" or "changed".

const MOST_IN_A_BATCH = 50;
const SECONDS_TO_WAIT = [5, 10, 30, 60];

class SheetDraft extends EventTarget {
  constructor(settings) {
    super();
    this.settings = settings;
    this.key = `sheet-draft:${settings.who}:${settings.sheet}`;
    this.trouble = ""; // why the last attempt did not arrive
    this.busy = false;
    this.failures = 0;
    this.hasSaved = false;
    window.addEventListener("online", () => this.send());
    window.addEventListener("offline", () => this.fail("offline"));
    window.addEventListener("storage", (event) => event.key === this.key && this.tell());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
  }

  static works() {
    try {
      localStorage.setItem("sheet-draft:try", "1");
      localStorage.removeItem("sheet-draft:try");
      return true;
    } catch {
      return false;
    }
  }

  // ---- reading and writing the storage: another tab may have written meanwhile, so always anew

  read() {
    const empty = { lines: {}, sending: null, top: null };
    try {
      return { ...empty, ...JSON.parse(localStorage.getItem(this.key)) };
    } catch {
      return empty;
    }
  }

  change(how) {
    const data = this.read();
    const made = how(data);
    const isEmpty = !Object.keys(data.lines).length && !data.sending && !data.top;
    if (isEmpty) {
      localStorage.removeItem(this.key);
    } else {
      localStorage.setItem(this.key, JSON.stringify(data));
    }
    return made;
  }

  // What was typed and is not saved yet, by member number.
  all() {
    const { lines, sending } = this.read();
    return { ...(sending ? sending.lines : {}), ...lines };
  }

  put(number, line) {
    this.change((data) => {
      data.lines[number] = { ...line, state: "", why: "", now: undefined };
    });
    this.tell();
    this.send();
  }

  forget(number) {
    this.change((data) => delete data.lines[number]);
    this.tell();
  }

  keepTop(top) {
    this.change((data) => {
      data.top = top;
    });
  }

  counts() {
    const typed = Object.values(this.all());
    const toDecide = typed.filter((line) => line.state).length;
    return { waiting: typed.length - toDecide, toDecide };
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  // ---- sending

  async send() {
    if (this.busy) {
      return;
    }
    this.busy = true;
    let sending = this.nextBatch();
    while (sending) {
      this.tell();
      const trouble = await this.sendOne(sending);
      if (trouble) {
        this.busy = false;
        this.fail(trouble);
        return;
      }
      this.trouble = "";
      this.failures = 0;
      this.hasSaved = true;
      sending = this.nextBatch();
    }
    this.busy = false;
    this.tell();
  }

  // The batch on its way, or a new one of what waits; null where nothing does.
  nextBatch() {
    return this.change((data) => {
      const waiting = Object.keys(data.lines).filter((number) => !data.lines[number].state);
      if (!data.sending && waiting.length) {
        data.sending = { id: newId(), lines: {} };
        for (const number of waiting.slice(0, MOST_IN_A_BATCH)) {
          data.sending.lines[number] = data.lines[number];
          delete data.lines[number];
        }
      }
      return data.sending;
    });
  }

  // Why it did not arrive, or "" where it did.
  async sendOne(sending) {
    let response;
    try {
      response = await fetch(this.settings.send, {
        method: "POST",
        redirect: "manual", // to the login
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify({ id: sending.id, who: this.settings.who, lines: wireLines(sending.lines) }),
        signal: AbortSignal.timeout(20_000),
      });
      if (response.ok) {
        this.settle(sending, (await response.json()).lines);
        return "";
      }
    } catch {
      return navigator.onLine ? "later" : "offline";
    }
    if (response.type === "opaqueredirect" || response.status === 401) {
      return "signed out";
    }
    if (response.status === 400) {
      this.breakUp(sending);
      return "";
    }
    return { 403: "stale", 404: "stale", 409: "another user" }[response.status] || "later";
  }

  // The program's answer, line by line: what is saved leaves the draft, the rest comes back with its reason.
  settle(sending, answers) {
    this.change((data) => {
      if (!data.sending || data.sending.id !== sending.id) {
        return;
      }
      for (const answer of answers) {
        const typed = data.sending.lines[answer.n];
        const newer = data.lines[answer.n];
        const seen = answer.now ? answer.now.stamp : "";
        if (newer && !answer.unread && answer.state === "written") {
          newer.seen = seen;
        } else if (typed && !newer && answer.state === "again") {
          data.lines[answer.n] = { ...typed, state: "" };
        } else if (typed && !newer && answer.state !== "written") {
          const state = answer.state === "changed" ? "changed" : "refused";
          data.lines[answer.n] = { ...typed, state, why: answer.why, now: answer.now };
        }
      }
      const answered = new Set(answers.map((answer) => String(answer.n)));
      for (const [number, line] of Object.entries(data.sending.lines)) {
        if (!answered.has(number)) {
          data.lines[number] ||= { ...line, state: "refused", why: "" }; // nothing is lost in silence
        }
      }
      data.sending = null;
    });
    for (const answer of answers.filter((one) => !one.unread)) {
      this.dispatchEvent(new CustomEvent("answer", { detail: answer }));
    }
  }

  // A batch that cannot be read at all would stop everything behind it: its lines come back to be looked at.
  breakUp(sending) {
    this.change((data) => {
      for (const [number, line] of Object.entries(sending.lines)) {
        data.lines[number] ||= { ...line, state: "refused", why: "" };
      }
      data.sending = null;
    });
  }

  fail(trouble) {
    this.trouble = trouble;
    this.failures += 1;
    clearTimeout(this.timer);
    if (trouble === "later" || trouble === "offline") {
      const seconds = SECONDS_TO_WAIT[Math.min(this.failures, SECONDS_TO_WAIT.length) - 1];
      this.timer = setTimeout(() => this.send(), seconds * 1000);
    }
    this.tell();
  }
}

function wireLines(lines) {
  return Object.entries(lines).map(([number, line]) => ({
    n: Number(number),
    undo: Boolean(line.undo),
    amount: line.amount,
    fee: line.fee,
    day: line.day,
    book: line.book,
    no: line.no,
    payer: line.payer,
    seen: line.seen,
  }));
}

// The cookie holds the token of now: a sign-in in another tab changes it.
function csrfToken() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found ? found[1] : "";
}

// crypto.randomUUID is missing where the page comes without https.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Keeps this page and its files for a time without network. What came over the network once is not fetched again.
async function keepPage(settings) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) {
    return; // an old browser, or a page without https: then only what was typed is kept
  }
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const files = loaded.filter((name) => /\.(css|js|woff2|svg)$/.test(name));
  const kept = await caches.open("sheet-files");
  await Promise.all(files.map(async (name) => (await kept.match(name)) || kept.add(name)));
  for (const request of await kept.keys()) {
    if (!files.includes(request.url)) {
      await kept.delete(request); // of a version of the program that is gone
    }
  }
  const pages = await caches.open("sheet-pages");
  const page = await fetch(location.href, { cache: "force-cache", redirect: "manual" });
  if (page.ok) {
    settings.loaded = Number((await page.clone().text()).match(/"loaded": ([0-9]+)/)[1]);
    await pages.put(location.pathname, page);
  }
  await navigator.serviceWorker.register(settings.worker);
}

// What was saved since the page was loaded: the kept page does not show it yet. A newer page knows it all.
class SavedLines {
  constructor(settings) {
    this.settings = settings;
    this.key = `sheet-saved:${settings.who}:${settings.sheet}`;
  }

  read() {
    const kept = JSON.parse(localStorage.getItem(this.key) || "null");
    return kept && kept.loaded >= this.settings.loaded ? kept.lines : {};
  }

  add(number, line) {
    const lines = { ...this.read(), [number]: line };
    localStorage.setItem(this.key, JSON.stringify({ loaded: this.settings.loaded, lines }));
  }
}
