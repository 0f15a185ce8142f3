// Keeps a part of a page fresh while somebody looks at it. The server draws it; where nothing changed it says so (304).
"use strict";

const EVERY_MS = 30000;
const board = document.querySelector("[data-live-from]");
let tag = "";
let last = Date.now();

function open(part) {
  return new Set([...part.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
}

// What somebody is in the middle of is left alone: an open list stays open, a link that has the focus keeps it.
function takeOver(text) {
  const opened = open(board);
  const held = document.activeElement;
  const place = held && board.contains(held) ? held.getAttribute("href") : null;
  board.innerHTML = text;
  board.querySelectorAll("details > summary").forEach((one) => (one.parentNode.open = opened.has(one.textContent)));
  if (place) [...board.querySelectorAll("a")].find((one) => one.getAttribute("href") === place)?.focus();
}

async function refresh() {
  if (document.hidden) return;
  last = Date.now();
  try {
    const answer = await fetch(board.dataset.liveFrom, {
      cache: "no-store",
      headers: { accept: "text/html", ...(tag ? { "If-None-Match": tag } : {}) },
    });
    if (answer.redirected || answer.status === 401) return location.reload();
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") || "";
    takeOver(await answer.text());
  } catch {
    // The server is away for a moment; the next round asks again.
  }
}

if (board) {
  setInterval(refresh, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - last >= EVERY_MS) refresh();
  });
}
