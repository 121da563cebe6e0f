// The supporter's side of a donation, and comfort only: without it the form posts itself, the server
// redirects to the checkout, and the status page refreshes. What was paid is the server's word, and
// every sentence comes from its HTML and its answers, so that there is one place to translate.

const PACE_MS = 5_000;
const HIDDEN_PACE_MS = 15_000;
const AFTER_ERRORS_MS = [5_000, 15_000, 60_000];
const PATIENCE_MS = 10 * 60_000;
const ANSWER_MS = 15_000;

// For the API alone: the page knows its language by its address, and by what the browser asks for.
const SPOKEN = { "Accept-Language": document.documentElement.lang };
const find = (selector) => document.querySelector(selector);
// Announces a sentence once; the region stays where it is, or screen readers would not notice.
const say = (sentence) => { find("#live").textContent = sentence; };

document.documentElement.classList.add("scripted");
const form = find("#give");
const donation = find("main[data-donation]");
if (form) startGiving(form);
if (donation) startWatching(donation);

// ---- Giving -------------------------------------------------------------------------------

function startGiving(form) {
  const { elements: fields, dataset: words } = form;
  const button = form.querySelector("button[type=submit]");
  let busy = false;
  let sent = {};

  describe();
  form.addEventListener("input", (event) => {
    // A tap on "Other" goes on to its box; arrow keys stay among the choices.
    if (event.target.matches("#amount-other:not(:focus-visible)")) fields.custom_amount.focus();
    const wrong = find("[aria-invalid]");
    if (wrong?.closest("#amount") ? chosenAmount(form) : wrong === event.target) clearProblem(words);
    describe();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    give();
  });
  // Fires on the first load and again when the browser brings the page back from its cache.
  window.addEventListener("pageshow", () => {
    const pending = recall();
    if (!pending) sent = {};
    find("#resume").hidden = !pending;
    find("#resume a").href = words.thanks + pending;
    setBusy(false);
  });

  async function give() {
    if (busy) return;
    clearProblem(words);
    const amount = chosenAmount(form);
    if (!amount) return showProblem(form, "amount", words.sayAmount);
    // Browsers allow a new tab only inside the click, so it opens before anything is awaited.
    const tab = openTab(words.sayOpening);
    setBusy(true);
    // One key for one filled form: pressing twice is one donation, changing anything is another.
    const order = orderOf(form, amount);
    if (order !== sent.order) sent = { order, key: randomUuid() };
    try {
      leave(tab, await createCheckout(form.action, sent));
    } catch (problem) {
      tab?.close();
      setBusy(false);
      if (/^(outcome_unknown|idempotency_key)/.test(problem.code)) sent = {};
      const field = ["amount", "name", "message"].find((name) => problem.code?.startsWith(name));
      showProblem(form, field, problem.sentence ?? words.sayUnreachable);
    }
  }

  /** The donation's own page, left behind here, has a plain link to the checkout as well. */
  function leave(tab, { checkout_url, intent_id }) {
    remember(intent_id);
    if (!tab || tab.closed) return location.assign(checkout_url);
    tab.location.replace(checkout_url);
    location.assign(words.thanks + intent_id);
  }

  function setBusy(now) {
    busy = now;
    button.setAttribute("aria-disabled", String(now));
    describe();
  }

  function describe() {
    const amount = chosenAmount(form);
    const label = amount && words.sayGive.replace("{amount}", () => inMoney(amount, words));
    const text = busy ? words.sayOpening : label || button.dataset.label;
    if (button.textContent !== text) button.textContent = text;
    countLetters(fields.message, words);
  }
}

/** The filled form as the API takes it; what the page does not offer is left out. */
function orderOf(form, amount) {
  const { name, message, provider, show_name, show_message, show_amount } = form.elements;
  return JSON.stringify({
    amount, name: name.value, message: message.value, provider: provider?.value,
    show_name: show_name?.checked, show_message: show_message?.checked, show_amount: show_amount?.checked,
  });
}

async function createCheckout(url, { order, key }) {
  const headers = { ...SPOKEN, "Content-Type": "application/json", "Idempotency-Key": key };
  return (await ask(url, { method: "POST", headers, body: order })).json();
}

/** The new tab, already saying what is going on; null where the browser opens none. */
function openTab(sentence) {
  try {
    const tab = window.open("", "_blank");
    // Some apps' browsers have one window only, and give this one.
    if (tab === window) return null;
    tab.opener = null;
    tab.document.title = sentence;
    tab.document.body.textContent = sentence;
    return tab;
  } catch {
    return null;
  }
}

// ---- The amount ---------------------------------------------------------------------------

/** The chosen amount as the API takes it ("5.00"), or null when it cannot be taken. */
function chosenAmount(form) {
  const { amount, custom_amount } = form.elements;
  const { min, max } = form.dataset;
  const read = readAmount(amount.value === "other" ? custom_amount.value : amount.value, form.dataset);
  return read && Number(read) >= Number(min) && Number(read) <= Number(max) ? read : null;
}

/** "$5", "5,00", "５", "1 000" → "5.00", as the server reads it. "1,000" is refused, not guessed at. */
function readAmount(typed, { decimals, symbol }) {
  const plain = typed.trim().replace(/[０-９٠-٩۰-۹]/g, (digit) => digit.codePointAt(0) & 15).replace(/[,，．٫]/g, ".");
  const parts = plain.split(symbol);
  const bare = parts.length === 2 && parts.includes("") ? parts.join("").trim() : plain;
  const [, whole, cents = ""] = bare.match(/^(\d{1,9}|\d{1,3}(?:\s\d{3})+)(?:\.(\d+))?$/) ?? [];
  if (!whole || cents.length > decimals) return null;
  return (decimals > 0 ? `${whole}.${cents.padEnd(decimals, "0")}` : whole).replace(/\s/g, "");
}

function inMoney(amount, { decimals, money }) {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return money.replace("{n}", Number(amount).toLocaleString(document.documentElement.lang, digits));
}

// ---- Saying what is wrong -------------------------------------------------------------------

function showProblem(form, field, sentence) {
  const link = find("#problem a");
  link.textContent = sentence;
  link.removeAttribute("href");
  if (field) {
    const other = field === "amount" && form.elements.amount.value === "other";
    const input = other ? form.elements.custom_amount : find(`#${field} input`) ?? find(`#${field}`);
    link.href = `#${input.id}`;
    input.setAttribute("aria-invalid", "true");
    Object.assign(find(`#${field}-problem`), { textContent: sentence, hidden: false });
  }
  document.title = form.dataset.sayProblem + document.title;
  find("#problem").hidden = false;
  find("#problem").focus();
}

function clearProblem({ sayProblem }) {
  find("#problem").hidden = true;
  for (const sentence of document.querySelectorAll(".at-field")) sentence.hidden = true;
  for (const input of document.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  document.title = document.title.replace(sayProblem, "");
}

function countLetters(message, { sayLeft, sayOver }) {
  const left = message.dataset.max - [...message.value.trim()].length;
  const hint = find("#message-left");
  hint.textContent = (left < 0 ? sayOver : sayLeft).replace("{n}", Math.abs(left));
  hint.classList.toggle("over", left < 0);
}

// ---- Watching -------------------------------------------------------------------------------

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
      const { name } = await (await ask(main.dataset.ask, { headers: SPOKEN })).json();
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

// ---- Asking, remembering ----------------------------------------------------------------------

/** No answer, or with a status the server's refusal: {status, code, sentence, retryAfterMs}. */
class Trouble extends Error {
  constructor(facts) { super(); Object.assign(this, facts); }
}

async function ask(url, options) {
  // Older browsers have no such signal, and wait as long as they like.
  const signal = AbortSignal.timeout?.(ANSWER_MS);
  const answer = await fetch(url, { signal, ...options }).catch(() => { throw new Trouble(); });
  if (answer.ok) return answer;
  const { code, error } = await answer.json().catch(() => ({}));
  const retryAfterMs = 1_000 * Number(answer.headers.get("Retry-After")) || 0;
  throw new Trouble({ status: answer.status, code, sentence: error, retryAfterMs });
}

/** A random UUID, version 4; `crypto.randomUUID` is missing on a home network's plain http. */
function randomUuid() {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}

// Storage may be forbidden; then a reload forgets, and the donation's own page still knows.
function remember(id) { try { sessionStorage.setItem("donation", id); } catch { /* forbidden */ } }
function recall() { try { return sessionStorage.getItem("donation"); } catch { return null; } }
function forget() { try { sessionStorage.removeItem("donation"); } catch { /* forbidden */ } }
