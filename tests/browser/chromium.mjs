// Debian's Chromium, driven without a window.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { surroundings } from "./fonts.mjs";

const program = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
const quiet = ["background-networking", "component-update", "sync", "dev-shm-usage", "gpu", "quic"];

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };

/**
 * `keepsPages`: with the cache of pages that people's browsers have, and tests usually do without;
 * `fonts`: the set of fonts it sees (see fonts.mjs).
 */
export async function launch({ keepsPages = false, fonts } = {}) {
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: install Debian's package "chromium", or set CHROMIUM_BIN.`);
  }
  const switches = quiet.map((what) => `--disable-${what}`);
  const ignoreDefaultArgs = keepsPages ? ["--disable-back-forward-cache"] : [];
  return chromium.launch({ executablePath: program, ignoreDefaultArgs, args: ["--no-sandbox", "--no-first-run", ...switches], env: surroundings(fonts) });
}
