// One supporter's visit: a program of its own, an empty browser, and at the end of the test a look
// at what no page may ever do: complain on the console, break its own policy (Chromium says so on
// the console), open a dialog, or ask a third party for anything.

import assert from "node:assert/strict";
import { after } from "node:test";
import { startDemo, startServe } from "./bagel.mjs";
import { launch, phone } from "./chromium.mjs";

const browser = await launch();
after(() => browser.close());

const HERE = /^(http:\/\/(localhost|127\.0\.0\.1):|about:|data:)/;

/**
 * Gives `bagel` (see bagel.mjs), a `page`, and `another(options)`, a page on another device.
 * Options are Playwright's, and: `settings` starts `bagel serve` with them instead of the demo, under
 * `path`, with `cards` if told; `expect` is a pattern of console errors that belong to the test;
 * `keepsPages` and `fonts` start a browser of its own (see chromium.mjs).
 */
export async function visit(t, { settings, path, cards, expect, keepsPages, fonts, ...options } = {}) {
  const bagel = await (settings ? startServe(settings, { path, cards }) : startDemo());
  const visitors = keepsPages || fonts ? await launch({ keepsPages, fonts }) : browser;
  const contexts = [];
  const faults = [];
  const another = async (more) => {
    const context = await visitors.newContext({ viewport: phone, reducedMotion: "reduce", ...options, ...more });
    contexts.push(context);
    watch(context, (fault) => { if (!expect?.test(fault)) faults.push(fault); });
    await context.clock.install();
    return context.newPage();
  };
  t.after(async () => {
    for (const context of contexts) await context.close();
    if (visitors !== browser) await visitors.close();
    await bagel.stop();
    assert.deepEqual(faults, [], "what no page may do");
  });
  return { bagel, another, page: await another() };
}

function watch(context, fault) {
  context.setDefaultTimeout(15_000);
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) fault(message.text());
  });
  context.on("weberror", (error) => fault(String(error.error())));
  context.on("dialog", (dialog) => {
    fault(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  context.on("request", (request) => {
    if (!HERE.test(request.url())) fault(`third party: ${request.url()}`);
  });
}
