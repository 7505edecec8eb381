"use strict";

// The page on which a sheet is filled in: each touch goes into the draft on this phone (sheet-draft.js), the rows and
// the sums show it at once. Without a script, or where the phone keeps no draft, the forms of the page do the same.

(() => {
  const settings = JSON.parse(document.getElementById("draft-settings").textContent);
  const words = settings.words;
  const form = document.getElementById("sheet-form");
  const rows = document.getElementById("rows");
  const state = document.getElementById("draft-state") || document.createElement("p");
  const handIn = document.getElementById("hand-in");
  const dialog = document.getElementById("line-dialog");
  const top = form && form.querySelector(".sheet-top");
  const touched = new Set();

  if (!SheetDraft.works()) {
    state.textContent = words["no room"];
    return;
  }
  const draft = new SheetDraft(settings);
  const saved = new SavedLines(settings);

  // ---- small things

  const rowOf = (number) => document.getElementById(`m${number}`);
  const numberOf = (row) => row.id.slice(1);
  const nameOf = (row) => row.querySelector("strong").textContent;
  const listOf = () => (rows ? Array.from(rows.querySelectorAll("li[id]")) : []);

  // ---- what stands on a row: the program's line, and over it what is typed here

  const serverLine = (row) => (row.dataset.line ? JSON.parse(row.dataset.line) : null);

  let typedHere = draft.all(); // read anew each time that anything changes

  function shownLine(row) {
    const typed = typedHere[numberOf(row)];
    return typed ? { ...typed, isHere: true } : serverLine(row);
  }

  const counts = (line) => line && !line.undo && !(line.isHere && line.state);
  function actButton(act, text, look) {
    const className = `btn ${look || "btn-outline-secondary"}`;
    const made = make("button", { type: "button", className, textContent: text });
    made.dataset.act = act;
    return made;
  }

  // The receipt on the phone is the program's to make: the form is posted to another page, script or not.
  function receiptButton(row) {
    const made = make("button", { className: "btn btn-outline-primary", name: "member", value: numberOf(row) });
    made.formAction = settings.door;
    made.textContent = words["give receipt"];
    return made;
  }

  // The row as the program wrote it, before anything is drawn over it.
  function asWritten(row) {
    const [did, act] = [".did", ".do"].map((part) => Array.from(row.querySelector(part).childNodes));
    row.kept ||= { did, act, line: row.dataset.line };
  }

  function drawRow(row) {
    const line = shownLine(row);
    asWritten(row);
    const look = JSON.stringify(line);
    if (row.look === look || (row.look === undefined && look === "null")) {
      return;
    }
    row.look = look;
    const [did, act] = [row.querySelector(".did"), row.querySelector(".do")];
    const held = act.contains(document.activeElement) ? document.activeElement.dataset.act || "" : null;
    row.classList.toggle("to-decide", Boolean(line && line.isHere && line.state));
    if (row.dataset.line === row.kept.line && !(line && line.isHere)) {
      did.replaceChildren(...row.kept.did);
      act.replaceChildren(...row.kept.act);
    } else if (line && line.isHere && line.state) {
      drawDecision(row, line, did, act);
    } else {
      did.replaceChildren(...(line ? didParts(line) : []));
      act.replaceChildren(...actParts(row, line));
    }
    if (held !== null) {
      const next = act.querySelector(`[data-act="${held}"]`) || act.querySelector("button, a");
      next.focus({ preventScroll: true }); // the button that was touched is gone
    }
  }

  function didParts(line) {
    const parts = [make("span", { textContent: line.undo ? words["taken off"] : lineWords(line, words) })];
    if (line.isHere) {
      parts.push(" ", make("span", { className: "badge text-bg-secondary", textContent: words.here }));
    }
    return parts;
  }

  function actParts(row, line) {
    if (line && !line.undo) {
      const receipt = line.isHere || line.book ? [] : [receiptButton(row)];
      return [...receipt, actButton("undo", words.undo), actButton("edit", words.edit)];
    }
    const owed = satang(row.dataset.owed) + satang(row.dataset.fee);
    const parts = [actButton("edit", words.other)];
    if (row.dataset.first) {
      const first = { baht: baht(satang(row.dataset.first)), day: dayWords(row.dataset.firstDay, words.months) };
      parts.unshift(actButton("first", fill(words.first, first), "btn-primary"));
    } else if (owed) {
      parts.unshift(actButton("pay", `${words["paid in full"]} ${baht(owed)}`, "btn-primary"));
    }
    return parts;
  }

  // Refused, or changed on another device meanwhile: both stand there, and she decides.
  function drawDecision(row, line, did, act) {
    const both = { there: lineWords(line.now, words), here: lineWords(line, words) };
    const text = line.state === "changed" ? fill(words.changed, both) : fill(words.refused, { why: line.why });
    const typed = line.state === "changed" ? [] : [make("span", { textContent: lineWords(line, words), className: "d-block" })];
    did.replaceChildren(...typed, make("span", { textContent: text, className: "why" }));
    const choices =
      line.state === "changed"
        ? [actButton("forget", words["keep that"]), actButton("mine", words["take mine"])]
        : [actButton("again", words.again), ...(row.id ? [actButton("edit", words.edit)] : []), actButton("forget", words.forget)];
    act.replaceChildren(...(settings.is_open ? choices : [actButton("forget", words.forget)]));
  }

  // Lines of members who are in no row of this page: moved, hidden, or the sheet was handed in.
  function drawRest() {
    const section = document.getElementById("draft-rest");
    const rest = Object.entries(typedHere).filter(([number]) => !rowOf(number));
    section.hidden = !rest.length;
    section.querySelector("ul").replaceChildren(
      ...rest.map(([number, line]) => {
        const item = make("li", {}, make("strong", { textContent: fill(words["of whom"], { name: line.name, number }) }));
        const [did, act] = [make("div", { className: "did" }), make("div", { className: "do" })];
        item.dataset.rest = number;
        item.append(did, act);
        if (line.state) {
          drawDecision(item, line, did, act);
        } else {
          did.append(...didParts({ ...line, isHere: true }));
        }
        return item;
      }),
    );
  }

  function drawTotals() {
    const totals = document.getElementById("totals");
    if (!totals || !rows) {
      return;
    }
    const all = listOf();
    let [left, cash] = [0, 0];
    for (const row of all) {
      const line = shownLine(row);
      const paid = counts(line) ? line : null;
      cash += paid ? sum(paid) : 0;
      left += satang(row.dataset.owed) > 0 && (!paid || satang(paid.amount) < satang(row.dataset.owed)) ? 1 : 0;
      row.hidden = hides(row, counts(line));
    }
    totals.textContent = fill(words.totals, { left, members: all.length + settings.away, cash: baht(cash) });
    handIn.hidden = !all.some((row) => counts(shownLine(row)));
  }

  function drawState() {
    const { waiting, toDecide } = draft.counts();
    const offline = draft.trouble || (navigator.onLine ? "" : "offline");
    let name = waiting ? offline || "sending" : draft.trouble === "offline" ? "offline" : "";
    name = !name && draft.hasSaved && !toDecide ? "saved" : name;
    const parts = name ? [fill(words[name], { count: waiting })] : [];
    if (name === "signed out") {
      parts.push(" ", make("a", { href: `${settings.login}?next=${encodeURIComponent(settings.here)}`, textContent: words["sign in"] }));
    }
    if (name === "stale" || name === "another user") {
      parts.push(" ", make("a", { href: settings.here, textContent: words["open anew"] }));
    }
    if (toDecide) {
      parts.push(" ", fill(words["to decide"], { count: toDecide }));
    }
    state.replaceChildren(...parts);
    state.className = !parts.length ? "" : name === "saved" || name === "sending" ? "calm" : "heed";
  }

  function draw() {
    typedHere = draft.all();
    listOf().forEach(drawRow);
    drawRest();
    drawTotals();
    drawState();
  }

  draft.addEventListener("change", draw);
  function showSaved(number, line) {
    const row = rowOf(number);
    if (row && line) {
      row.dataset.line = JSON.stringify(line);
    } else if (row) {
      delete row.dataset.line;
    }
  }

  draft.addEventListener("answer", ({ detail }) => {
    showSaved(detail.n, detail.now);
    saved.add(detail.n, detail.now);
  });

  // ---- the day and the receipt over the rows

  const topDay = () => {
    const [day, month, year] = ["day", "month", "year"].map((part) => latin(form.elements[`date_${part}`].value.trim()));
    return readDay(Number(day), Number(month), Number(year) - 543);
  };

  const book = () => (form.elements.book ? form.elements.book.value : "");

  function takeNumber() {
    const number = Number(latin(form.elements.number.value));
    return Number.isInteger(number) && number > 0 ? number : null;
  }

  // What is wrong with a number of a book, or "". A slip of the finger is told at once, before the next one follows it.
  function wrongNumber(label, number) {
    const last = settings.last_numbers[label];
    const wrong = last && number > last ? fill(words["behind the book"], { book: label, last }) : "";
    return label && !number ? words["wrong number"] : wrong;
  }

  // After a number was used the next one is proposed, never below one that is on this phone already.
  function nextNumber(after) {
    form.elements.number.value = after + 1;
    keepTop();
  }

  function keepTop() {
    const parts = ["day", "month", "year"].map((part) => form.elements[`date_${part}`].value);
    foldTop();
    draft.keepTop({ today: todayNow(), parts, book: book(), no: form.elements.number ? form.elements.number.value : "" });
  }

  // The program's today; a page that was kept overnight goes on with the phone's calendar.
  function todayNow() {
    const nights = Math.round((startOfDay(Date.now()) - startOfDay(settings.loaded)) / 86_400_000);
    const day = new Date(`${settings.today}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + Math.max(nights, 0));
    return day.toISOString().slice(0, 10);
  }

  function restoreTop() {
    const { top } = draft.read();
    if (top && top.today === todayNow()) {
      ["day", "month", "year"].forEach((part, place) => (form.elements[`date_${part}`].value = top.parts[place]));
      if (form.elements.book && Array.from(form.elements.book.options).some((one) => one.value === top.book)) {
        form.elements.book.value = top.book;
      }
    }
    passUsedNumbers();
    foldTop(true);
  }

  // The program's next number may be on this phone already.
  function passUsedNumbers() {
    for (const line of Object.values(draft.all())) {
      if (book() && line.book === book() && line.no >= takeNumber()) {
        form.elements.number.value = line.no + 1;
      }
    }
  }

  // The day and the receipt stand in the heading of their box, which can stay folded then.
  function foldTop(fold) {
    const day = topDay();
    const paper = book() ? ` · ${fill(words.receipt, { number: `${book()}/${form.elements.number.value}` })}` : "";
    top.querySelector("summary").textContent = day ? fill(words.top, { day: dayWords(day, words.months) }) + paper : words["wrong day"];
    top.open = !day || (top.open && !fold);
  }

  // ---- acts

  function write(row, typed) {
    const before = serverLine(row);
    const sending = draft.read().sending;
    const seen = before ? before.stamp : "";
    const line = { name: nameOf(row), fee: "0.00", book: "", no: null, payer: "", undo: false, seen, ...typed };
    touched.add(numberOf(row));
    const isOnItsWay = sending && sending.lines[numberOf(row)];
    if (line.undo && !before && !isOnItsWay) {
      draft.forget(numberOf(row));
    } else {
      draft.put(numberOf(row), line);
    }
  }

  function payInFull(row, amount, fee, onDay) {
    const day = onDay || topDay();
    const paper = book();
    const number = paper ? takeNumber() : null;
    const wrong = day ? wrongNumber(paper, number) : words["wrong day"];
    if (wrong) {
      say(wrong);
      return;
    }
    write(row, { amount, fee, day, book: paper, no: number });
    if (paper) {
      nextNumber(number);
    }
  }

  function say(text) {
    state.className = "heed";
    state.textContent = text;
    top.open = true;
  }

  const acts = {
    pay: (row) => payInFull(row, row.dataset.owed, row.dataset.fee || "0.00"),
    first: (row) => payInFull(row, row.dataset.first, "0.00", row.dataset.firstDay),
    undo: (row) => {
      const line = shownLine(row);
      write(row, { undo: true, amount: "", day: settings.today });
      if (line && line.book && line.book === book() && takeNumber() === line.no + 1) {
        nextNumber(line.no - 1); // the paper was not written either
      }
    },
    edit: (row) => openDialog(row),
    again: (row) => draft.put(numberOf(row), typedHere[numberOf(row)]),
    forget: (row) => {
      const { now } = typedHere[numberOf(row)];
      if (now !== undefined) {
        row.dataset.line = now ? JSON.stringify(now) : "";
      }
      draft.forget(numberOf(row));
    },
    mine: (row) => {
      const line = typedHere[numberOf(row)];
      draft.put(numberOf(row), { ...line, seen: line.now ? line.now.stamp : "" });
    },
  };

  function actOn(row, name) {
    try {
      acts[name](row);
    } catch (full) {
      say(words["no room"]); // the phone's storage is full: nothing was written, the row shows so
      throw full;
    }
  }

  // The same for a line in no row of this page, which cannot be typed anew here.
  function actOnRest(number, name) {
    const line = typedHere[number];
    if (name === "forget") {
      draft.forget(number);
    } else {
      draft.put(number, name === "mine" ? { ...line, seen: line.now ? line.now.stamp : "" } : line);
    }
  }

  document.addEventListener("click", (event) => {
    const touchedButton = event.target.closest("[data-act]");
    const rest = touchedButton && touchedButton.closest("[data-rest]");
    if (rest) {
      actOnRest(rest.dataset.rest, touchedButton.dataset.act);
    } else if (touchedButton) {
      actOn(touchedButton.closest("li"), touchedButton.dataset.act);
    }
    const edit = event.target.closest("#rows a[href^='?edit=']");
    if (edit) {
      event.preventDefault();
      openDialog(edit.closest("li"));
    }
  });

  // ---- one line typed

  let editing = null;

  function openDialog(row) {
    const line = shownLine(row);
    const stands = line && !line.undo ? line : null;
    editing = { row, day: stands ? stands.day : topDay(), book: stands ? stands.book : book() };
    dialog.querySelector("#line-name").textContent = nameOf(row);
    dialog.querySelector("#line-day").textContent = editing.day ? dayWords(editing.day, words.months) : "";
    const owed = satang(row.dataset.owed) ? row.dataset.owed : "";
    setBox("amount", stands ? stands.amount : owed);
    setBox("fee", stands ? stands.fee : row.dataset.fee || "");
    setBox("payer", stands ? stands.payer : "");
    dialog.querySelector("#line-fee-part").hidden = !row.dataset.fee && !(stands && satang(stands.fee));
    if (box("number")) {
      setBox("number", stands ? stands.no || "" : takeNumber() || "");
      dialog.querySelector("#line-number-part").hidden = !editing.book;
      dialog.querySelector("#line-book").textContent = editing.book;
    }
    offerOthers(row);
    dialog.querySelector("#line-error").textContent = "";
    dialog.showModal();
    box("amount").select();
  }

  const box = (name) => dialog.querySelector(`#line-${name}`);
  const setBox = (name, value) => (box(name).value = value);

  // Those of the same house who owe something and have not paid.
  function offerOthers(row) {
    const house = row.dataset.house;
    const others = house ? listOf().filter((one) => one.dataset.house === house && one !== row) : [];
    const owing = others.filter((one) => satang(one.dataset.owed) && !counts(shownLine(one)));
    const ticks = owing.map((one) => {
      const tick = make("input", { type: "checkbox", className: "form-check-input", value: numberOf(one) });
      const owed = baht(satang(one.dataset.owed) + satang(one.dataset.fee));
      return make("label", { className: "form-check" }, tick, ` ${nameOf(one)} – ${owed}`);
    });
    dialog.querySelector("#line-others").hidden = !ticks.length;
    dialog.querySelector("#line-ticks").replaceChildren(...ticks);
  }

  function writeDialog() {
    const amount = readBaht(box("amount").value || "0");
    const fee = readBaht(box("fee").value || "0");
    const number = editing.book ? Number(latin(box("number").value)) : null;
    const wrong = !editing.day
      ? words["wrong day"]
      : amount === null || fee === null || satang(amount) + satang(fee) === 0
        ? words["wrong amount"]
        : wrongNumber(editing.book, Number.isInteger(number) && number > 0 ? number : null);
    if (wrong) {
      box("error").textContent = wrong;
      return false;
    }
    const others = Array.from(dialog.querySelectorAll("#line-others input:checked"), (tick) => rowOf(tick.value));
    const payer = box("payer").value.trim() || (others.length ? nameOf(editing.row) : "");
    const shared = { day: editing.day, book: editing.book, no: number, payer };
    write(editing.row, { ...shared, amount, fee });
    others.forEach((row) => write(row, { ...shared, amount: row.dataset.owed, fee: row.dataset.fee || "0.00" }));
    if (number && number >= takeNumber() && editing.book === book()) {
      nextNumber(number);
    }
    return true;
  }

  // ---- finding and hiding rows

  const find = document.getElementById("find");
  const showPaid = document.getElementById("show-paid");

  function hides(row, isPaid) {
    const wanted = find.value.trim().toLowerCase();
    if (wanted) {
      return !row.querySelector(".who").textContent.toLowerCase().includes(wanted);
    }
    return isPaid && !showPaid.checked && !touched.has(numberOf(row)) && `#${row.id}` !== location.hash;
  }

  // ---- beginning

  function beginFilling() {
    form.addEventListener("submit", (event) => {
      const pressed = event.submitter;
      if (pressed && pressed.name === "member") {
        return;
      }
      event.preventDefault();
      if (pressed && pressed.name in acts) {
        actOn(pressed.closest("li"), pressed.name);
      }
    });
    form.querySelector("[name=keep]").hidden = true;
    top.addEventListener("change", keepTop);
    form.elements.book?.addEventListener("change", () => {
      form.elements.number.value = settings.next_numbers[book()] || "";
      passUsedNumbers();
      keepTop();
    });
    document.querySelector(".sheet-find").hidden = false;
    find.addEventListener("input", drawTotals);
    find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    showPaid.addEventListener("change", drawTotals);
    dialog.querySelector("form").addEventListener("submit", (event) => {
      if (event.submitter?.value !== "cancel" && !writeDialog()) {
        event.preventDefault();
      }
    });
    listOf().forEach(asWritten);
    Object.entries(saved.read()).forEach(([number, line]) => showSaved(number, line));
    restoreTop();
  }

  // Handing in waits until the last touch has arrived, then goes on by itself.
  let goesOn = false;
  const isAllSaved = () => !Object.keys(draft.all()).length;

  handIn?.addEventListener("click", async (event) => {
    if (isAllSaved()) {
      return;
    }
    event.preventDefault();
    goesOn = true;
    await draft.send();
    if (goesOn && !draft.busy && !isAllSaved()) {
      goesOn = false;
      state.prepend(`${words["not yet"]} `);
    }
  });

  draft.addEventListener("change", () => {
    if (goesOn && isAllSaved()) {
      goesOn = false;
      location.assign(handIn.href);
    }
  });

  if (form) {
    beginFilling();
    window.addEventListener("load", () => keepPage(settings).catch(() => {})); // the draft is kept all the same
  }
  draw();
  draft.send();
})();
