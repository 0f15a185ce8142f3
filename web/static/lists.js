// Lists work without this file: it shows what is found while one types, instead of after "Show".
"use strict";

const PAUSE_MS = 200;
let waiting = 0;
let asked = null;

const addressOf = (form) => {
  const said = new URLSearchParams();
  const columns = [];
  for (const [name, value] of new FormData(form)) {
    if (name === "columns") columns.push(value);
    else if (value) said.append(name, value);
  }
  const usual = [...form.querySelectorAll("[name=columns]")].filter((box) => box.defaultChecked).map((box) => box.value);
  const kept = new URLSearchParams(location.search).getAll("columns").length > 0;
  if (columns.length && (kept || columns.join() !== usual.join())) said.set("columns", columns.join(","));
  const query = said.toString().replaceAll("%2C", ",");
  return form.action.split("?")[0] + (query ? `?${query}` : "");
};

// The newest question wins; the answer to an older one is not waited for.
async function show(address, into) {
  if (asked) asked.abort();
  asked = new AbortController();
  const region = document.getElementById(into);
  region.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(into);
    if (!answer.ok || !fresh) return location.assign(address);
    region.replaceChildren(...fresh.childNodes);
    region.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") region.removeAttribute("aria-busy");
  }
}

function ask(form, now) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const address = addressOf(form);
    if (address === location.href) return;
    if (now) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    show(address, form.dataset.liveList);
  }, now ? 0 : PAUSE_MS);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-live-list]");
  if (form && event.target.matches("input[type=search]")) ask(form, false);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live-list]");
  if (form && !event.target.matches("input[type=search]")) ask(form, true);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-live-list]");
  if (!form) return;
  event.preventDefault();
  ask(form, true);
});

window.addEventListener("popstate", () => location.reload());
