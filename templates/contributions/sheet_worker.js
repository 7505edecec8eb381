{% load static %}"use strict";

// Opens the sheet without network: the page as it came last (sheet.js keeps it), and the files that it needs. A page
// for visitors, which follows every signing out, throws the kept pages away (app.js).

const FILES = new URL("{% get_static_prefix %}", self.location).pathname;
const SHEET = /^\/money-in\/sheets\/[0-9]+\/[0-9]+\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" && event.request.method === "GET" && SHEET.test(pathname)) {
    event.respondWith(page(event.request, pathname));
  } else if (pathname.startsWith(FILES)) {
    event.respondWith(file(event.request));
  }
});

async function page(request, pathname) {
  try {
    return await fetch(request);
  } catch (noNetwork) {
    const kept = await caches.match(pathname, { cacheName: "sheet-pages" });
    if (kept) {
      return kept;
    }
    throw noNetwork;
  }
}

async function file(request) {
  const kept = await caches.match(request, { cacheName: "sheet-files", ignoreVary: true });
  return kept || fetch(request);
}
