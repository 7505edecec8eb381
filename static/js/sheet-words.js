"use strict";

// Small things that the page of a sheet shares: sums in satang, days of the Buddhist era, what a line says.

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
const satang = (text) => Math.round(Number(text || 0) * 100);
const baht = (count) => (count / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });

const latin = (text) => text.replace(/[๐-๙]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0x0e50 + 48));

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function dayWords(iso, months) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${day} ${months[month - 1]} ${year + 543}`;
}

// What people type for a sum: Thai digits, commas and spaces are read. Null where it is no sum.
function readBaht(text) {
  const plain = latin(text).replace(/[\s,฿]/g, "");
  return /^\d{1,9}(\.\d{1,2})?$/.test(plain) ? (satang(plain) / 100).toFixed(2) : null;
}

// The day as in ISO 8601, null where there is no such day.
function readDay(day, month, year) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = year > 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? date.toISOString().slice(0, 10) : null;
}

// Midnight in Thailand before a moment, in milliseconds.
const startOfDay = (time) => Math.floor((time + 7 * 3_600_000) / 86_400_000) * 86_400_000;

const sum = (line) => satang(line.amount) + satang(line.fee);

// What a line says: the sum, the day, the receipt, who paid.
function lineWords(line, words) {
  if (!line || line.undo) {
    return words["nothing there"];
  }
  const parts = [fill(words.paid, { amount: baht(sum(line)), day: dayWords(line.day, words.months) })];
  if (satang(line.fee)) {
    parts.push(fill(words.fee, { amount: baht(satang(line.fee)) }));
  }
  if (line.book) {
    parts.push(fill(words.receipt, { number: `${line.book}/${line.no}` }));
  }
  if (line.payer) {
    parts.push(fill(words.payer, { name: line.payer }));
  }
  return parts.join(" · ");
}
