// Writes a picture of every state into screenshots/: on a phone and a desktop, light and dark, and
// right to left. Nothing on them is made up: each state is reached as people reach it.
// Run: npm run screenshots [-- words of a file's name, such as: paid phone dark]

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startServe } from "./bagel.mjs";
import { desktop, launch, phone } from "./chromium.mjs";
import { everyScene, exhaust, still } from "./states.mjs";

const folder = fileURLToPath(new URL("screenshots/", import.meta.url));
const wanted = process.argv.slice(2);
const story = { name: "Grace", message: "Thank you for the parser talk. It saved my week!" };
const settings = {
  BAGEL_NAME: "Ada",
  BAGEL_BIO: "I write small programs that last, and bake on Sundays.",
  BAGEL_THANKS: "You keep the oven warm. Thank you!",
  BAGEL_GITHUB: "ada",
  BAGEL_WEBSITE: "https://ada.example",
  // Enough for every state, and soon used up for the last.
  BAGEL_CHECKOUT_PER_MINUTE: "30",
  BAGEL_STATUS_PER_MINUTE: "600",
};
const LOOKS = { en: [[phone, "light"], [phone, "dark"], [desktop, "light"], [desktop, "dark"]], ar: [[phone, "light"], [desktop, "light"]] };

const bagel = await startServe(settings, { cards: true });
const browser = await launch();
try {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ reducedMotion: "reduce" });
  await still(page);
  const states = await ways();
  for (const [state, arrive] of Object.entries(states)) {
    for (const language of Object.keys(LOOKS)) {
      if (!files(state, language).some(isWanted)) continue;
      await arrive(page, `?lang=${language}`);
      for (const [place, file] of files(state, language).entries()) if (isWanted(file)) await paint(page, file, LOOKS[language][place]);
    }
  }
} finally {
  await browser.close();
  await bagel.stop();
}

/** How a page comes to each state, given what its address says of the language. */
async function ways() {
  const at = (address) => (page, query) => page.goto(address + query);
  const donations = Object.entries(await everyScene(bagel, story)).map(([scene, address]) => [scene, at(address)]);
  const form = at(`${bagel.page}/`);
  return {
    choose: form,
    error: async (page, query) => {
      await form(page, query);
      await page.check("#amount-other");
      await page.fill("#custom_amount", "0.05");
      await page.click("button[type=submit]");
    },
    ...Object.fromEntries(donations),
    "not-found-404": at(`${bagel.page}/thanks/nobody`),
    "stand-in": async (page) => page.goto(`${bagel.standIn}/pay/${(await bagel.intents())[0].id}`),
    "too-fast-429": async (page, query) => {
      await form(page, query);
      await exhaust(bagel);
      await page.evaluate(() => document.querySelector("#give").submit());
      await page.waitForURL("**/api/checkout*");
    },
  };
}

function files(state, language) {
  return LOOKS[language].map(([device, scheme]) => `${state}-${device === phone ? "phone" : "desktop"}-${scheme}${language === "ar" ? "-rtl" : ""}.png`);
}

function isWanted(file) {
  return wanted.every((word) => file.includes(word));
}

async function paint(page, file, [viewport, colorScheme]) {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  // The button that waits at the lower edge would lie across the middle of a long picture.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...viewport, height: Math.max(viewport.height, height) });
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  await page.screenshot({ path: folder + file, fullPage: true });
}
