// Keeps the page of a hall screen and what it is made of, for a machine that starts without the net. Whether what was kept is
// too old to be shown is for the page itself to decide (board.js).
"use strict";

const KEPT = "gongkai-board-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" || url.pathname.startsWith("/static/")) {
    event.respondWith(freshOrKept(request));
  }
});

async function freshOrKept(request) {
  const kept = await caches.open(KEPT);
  const name = new URL(request.url).pathname;
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    const found = await kept.match(name);
    if (found) return found;
    throw error;
  }
  if (answer.ok) {
    await kept.put(name, answer.clone());
    return answer;
  }
  return (answer.status >= 500 && (await kept.match(name))) || answer;
}
