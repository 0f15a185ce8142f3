// Every page works without this file: it has keys of its own (/ j k ?), prints, and shows where one is on a narrow screen.
"use strict";

function search() {
  const field = document.querySelector("[data-key='/']");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function links() {
  const rows = [...document.querySelectorAll("main .list tbody tr, main .visits > li")];
  return rows.map((row) => row.querySelector("[data-row]") || row.querySelector("a")).filter(Boolean);
}

function move(by) {
  const all = links();
  if (!all.length) return false;
  const now = all.findIndex((one) => one.closest("tr, li").contains(document.activeElement));
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by));
  all[next].focus();
  return true;
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  return true;
}

const KEYS = { "/": search, j: () => move(1), k: () => move(-1), "?": help };

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select") || event.target.isContentEditable;
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (KEYS[event.key]?.()) event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
  for (const nav of document.querySelectorAll(".top nav, .tabs")) {
    const here = nav.querySelector("[aria-current]");
    if (here) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});
