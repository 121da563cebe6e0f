// Giving: the form, and the way from it to the checkout. Comfort only: without it the form posts
// itself, and the server redirects to the checkout. Every sentence comes from the page's HTML and the
// server's answers, so that there is one place to translate.

import { API_LANGUAGE, ask, find, recall, remember } from "./asking.js";

document.documentElement.classList.add("scripted");
startGiving(find("#give"));

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
  const headers = { ...API_LANGUAGE, "Content-Type": "application/json", "Idempotency-Key": key };
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

/** A random UUID, version 4; `crypto.randomUUID` is missing on a home network's plain http. */
function randomUuid() {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}
