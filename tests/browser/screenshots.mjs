// Writes a picture of every state into screenshots/, on phone and desktop, light and dark.
// Run: node screenshots.mjs [words of a file name to keep …]

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startServe } from "./bagel.mjs";
import { desktop, launch, phone } from "./chromium.mjs";

const folder = fileURLToPath(new URL("screenshots/", import.meta.url));
const wanted = process.argv.slice(2);
const story = { name: "Grace", message: "Thank you for the parser talk. It saved my week!" };

const bagel = await startServe({
  BAGEL_NAME: "Ada",
  BAGEL_BIO: "I write small programs that last, and bake on Sundays.",
  BAGEL_GITHUB: "ada",
  BAGEL_WEBSITE: "https://ada.example",
  BAGEL_CHECKOUT_PER_MINUTE: "600",
  BAGEL_STATUS_PER_MINUTE: "600",
});
const browser = await launch();
try {
  await paintAll(await states());
} finally {
  await browser.close();
  await bagel.stop();
}

/** Each state's address and the HTML it had: some of them last only two seconds. */
async function states() {
  const after = async (action, status) => {
    const { id, order_id } = await donate();
    if (action) await fetch(`${bagel.standIn}/pay/${id}/${action}`, { method: "POST", redirect: "manual" });
    await until(async () => (await (await fetch(`${bagel.page}/api/status?intent_id=${order_id}`)).json()).name === status);
    return seen(`/thanks/${order_id}`);
  };
  const { id } = await donate();
  return {
    page: await seen("/"),
    error: await seen("/api/checkout", { amount: "other", custom_amount: "0.05", ...story }),
    waiting: await after(null, "CREATED"),
    "on-chain": await after("pay", "ON_CHAIN"),
    thanks: await after("pay", "CONFIRMED"),
    cancelled: await after("cancel", "CANCELED"),
    "under-paid": await after("underpay", "UNDERPAID"),
    "send-back": await after("send-back", "SEND_BACK"),
    "not-found": await seen("/thanks/nobody"),
    "stand-in": { address: `${bagel.standIn}/pay/${id}` },
  };
}

async function donate() {
  const body = JSON.stringify({ amount: 5, ...story });
  await fetch(`${bagel.page}/api/checkout`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return (await bagel.intents()).at(-1);
}

async function seen(path, form) {
  const headers = { Accept: "text/html" };
  const options = form ? { method: "POST", headers, body: new URLSearchParams(form) } : { headers };
  const html = await (await fetch(bagel.page + path, options)).text();
  return { address: bagel.page + path, html };
}

async function until(condition) {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function paintAll(states) {
  mkdirSync(folder, { recursive: true });
  for (const [device, viewport] of Object.entries({ phone, desktop })) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [name, state] of Object.entries(states)) {
        const file = `${name}-${device}-${colorScheme}.png`;
        if (wanted.every((word) => file.includes(word))) await paint(file, state, { viewport, colorScheme });
      }
    }
  }
}

/** Nobody answers the script, so that what is painted stays as it was. */
async function paint(file, { address, html }, options) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  await context.route("**/api/status*", () => {});
  if (html) await context.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  const page = await context.newPage();
  await page.goto(address);
  await page.screenshot({ path: folder + file, fullPage: true });
  await context.close();
}
