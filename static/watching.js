// Watching: how a donation stands, until that is final. Comfort only: without it the page refreshes
// itself. What was paid is the server's word, and every sentence comes from its HTML and its answers.

import { API_LANGUAGE, Trouble, ask, find, forget } from "./asking.js";

const PACE_MS = 5_000;
const HIDDEN_PACE_MS = 15_000;
const AFTER_ERRORS_MS = [5_000, 15_000, 60_000];
const PATIENCE_MS = 10 * 60_000;

// Announces a sentence once; the region stays where it is, or screen readers would not notice.
const say = (sentence) => { find("#live").textContent = sentence; };

document.documentElement.classList.add("scripted");
startWatching(find("main[data-donation]"));

/** Asks the server how the donation stands until that is final, and shows every change. */
async function startWatching(main) {
  let errors = 0, notBefore = 0, since = Date.now(), wake;

  const isOpen = () => main.dataset.terminal === "false";
  const pause = (ms) => new Promise((resolve) => {
    wake = resolve;
    if (ms < Infinity) setTimeout(resolve, ms);
  });
  // Somebody is here: patience begins again. Waking a tab fires several of these at once.
  const nudge = () => {
    if (document.hidden || Date.now() < notBefore) return;
    since = Date.now();
    wake?.();
  };
  document.addEventListener("visibilitychange", nudge);
  for (const event of ["pageshow", "focus", "online"]) window.addEventListener(event, nudge);
  const pressed = { "check-again": nudge, "pass-on": passOn, print: () => window.print() };
  document.addEventListener("click", (event) => pressed[event.target.id]?.(event));

  (main.querySelector(".saved") ?? main.querySelector("h1")).focus();
  while (isOpen()) {
    const wait = await look();
    if (!isOpen()) break;
    const patient = Date.now() - since < PATIENCE_MS;
    find("#patience").hidden = patient;
    await pause(patient ? wait : Infinity);
  }
  forget();

  /** One question; gives the wait before the next, in milliseconds. */
  async function look() {
    notBefore = Date.now() + 1_000;
    try {
      const { name } = await (await ask(main.dataset.ask, { headers: API_LANGUAGE })).json();
      if (name !== main.dataset.status) await redraw();
      errors = 0;
      trouble(null);
      return document.hidden ? HIDDEN_PACE_MS : PACE_MS;
    } catch ({ status, retryAfterMs = 0 }) {
      notBefore = Math.max(notBefore, Date.now() + retryAfterMs);
      trouble(status ? "busy" : "offline");
      return Math.max(AFTER_ERRORS_MS[Math.min(errors++, 2)], retryAfterMs);
    }
  }

  /** The server draws every state, so the new one is fetched whole and put in place. */
  async function redraw() {
    const html = await (await ask(location.href)).text();
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const next = fresh.querySelector("main[data-donation]");
    if (!next) throw new Trouble();
    const focused = main.contains(document.activeElement) ? document.activeElement : null;
    const words = main.querySelector("#words");
    const place = next.querySelector("#words");
    main.replaceWith(next);
    main = next;
    // What the supporter just ticked there is not saved yet, so this part stays; a payment unfolds it.
    place?.replaceWith(words);
    words.open ||= place?.open;
    document.title = fresh.title;
    if (focused) (main.contains(focused) ? focused : main.querySelector("h1")).focus();
    say(main.querySelector(".sentence").textContent);
  }

  function trouble(kind) {
    const place = find("#trouble");
    const sentence = place.dataset[kind] ?? "";
    if (place.textContent === sentence) return;
    Object.assign(place, { textContent: sentence, hidden: !kind });
    say(sentence);
  }
}

/** Hands on the page's address, never the donation's; where nothing can, the link just leads there. */
async function passOn(event) {
  const { href, dataset } = event.target;
  event.preventDefault();
  try {
    if (navigator.share) return await navigator.share({ url: href });
    await navigator.clipboard.writeText(href);
    event.target.textContent = dataset.copied;
    say(dataset.copied);
  } catch ({ name }) {
    // That would be a person who closed the device's own dialog.
    if (name !== "AbortError") location.assign(href);
  }
}
