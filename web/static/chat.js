// The chat page works without this file: it only saves reloading. Regions are swapped by id from what the server
// renders, so that there is one way to draw a card.
"use strict";

const POLL_MS = 500;
const PATIENCE_MS = 120000;
let asking = 0;

const byId = (id) => document.getElementById(id);

function toEnd() {
  const log = byId("conversation");
  log.scrollTop = log.scrollHeight;
  // On a narrow screen the whole page scrolls, and the field to write in sticks to its lower edge.
  const last = log.querySelector(".turn:last-of-type");
  if (last && log.scrollHeight <= log.clientHeight) last.scrollIntoView({ block: "end" });
}

// Only what changed is replaced: a screen reader then says the new answer, not the whole conversation.
function takeOver(page) {
  const fresh = page.getElementById("conversation");
  const log = byId("conversation");
  let changed = false;
  const known = new Map([...log.children].map((turn) => [turn.id, turn]));
  for (const turn of [...fresh.children]) {
    const old = known.get(turn.id);
    if (old && old.outerHTML === turn.outerHTML) continue;
    if (turn.id && old) old.replaceWith(turn);
    else if (turn.id) log.append(turn);
    changed = true;
  }
  log.querySelectorAll(":scope > .empty").forEach((line) => log.querySelector(".turn") && line.remove());
  log.toggleAttribute("data-waiting", fresh.hasAttribute("data-waiting"));
  const latest = page.getElementById("latest");
  if (latest.innerHTML !== byId("latest").innerHTML) byId("latest").replaceWith(latest);
  if (changed) toEnd();
}

async function read(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function ask(until) {
  const mine = ++asking;
  while (mine === asking && Date.now() < until && byId("conversation").hasAttribute("data-waiting")) {
    await new Promise((done) => setTimeout(done, POLL_MS));
    const rep = new URLSearchParams({ rep: byId("rep").value });
    try {
      const answer = await fetch(`/chat/live?${rep}`, { headers: { accept: "text/html" } });
      if (answer.ok && mine === asking) takeOver(await read(answer));
    } catch {
      // The server is away for a moment; the next round asks again.
    }
  }
}

async function send(form, button) {
  const data = new FormData(form);
  if (button && button.name) data.set(button.name, button.value);
  form.querySelectorAll("button").forEach((one) => (one.disabled = true));
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(data),
      headers: { accept: "text/html" },
    });
    const page = await read(answer);
    if (!page.getElementById("conversation")) return location.reload();
    takeOver(page);
    byId("composer").replaceWith(page.getElementById("composer"));
    byId("text").focus();
    ask(Date.now() + PATIENCE_MS);
  } catch {
    form.querySelectorAll("button").forEach((one) => (one.disabled = false));
    alert("The server did not answer. Your words are still here; please try again.");
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-live]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
  // On a phone's keyboard Enter is the only way to a new line.
  const typing = !window.matchMedia("(pointer: coarse)").matches;
  if (event.target.id === "text" && event.key === "Enter" && plain && typing) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.submit();
});

document.addEventListener("click", (event) => {
  const example = event.target.closest("[data-say]");
  if (!example) return;
  event.preventDefault();
  byId("text").value = example.dataset.say;
  byId("text").focus();
});

document.querySelectorAll("[data-needless]").forEach((button) => (button.hidden = true));
toEnd();
ask(Date.now() + PATIENCE_MS);
