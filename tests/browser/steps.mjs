// What a supporter does, in words the tests share.

/** Presses the button; gives the tab of the checkout once it is there. */
export async function give(page) {
  const opened = page.context().waitForEvent("page");
  await page.click("button[type=submit]");
  const checkout = await opened;
  await checkout.waitForURL(/\/(pay|checkout)\b/);
  await page.waitForURL("**/thanks/*");
  return checkout;
}

/** Presses a button of the stand-in's checkout. */
export function press(checkout, label) {
  return checkout.getByRole("button", { name: label, exact: true }).click();
}

/**
 * Waits until the donation's page shows a scene: waiting, on-chain, paid, cancelled, …
 * The page's clock runs ten times as fast meanwhile, so that its next look is soon.
 */
export async function scene(page, name) {
  await until(`the scene "${name}"`, async () => {
    if (await page.isVisible(`main.scene-${name}`)) return true;
    await page.context().clock.fastForward(500);
    return false;
  });
}

/** Waits until the stand-in has settled a payment. */
export function settled(bagel) {
  return until("the payment", async () => (await bagel.settled()).length > 0);
}

/** Asks again and again until `condition` holds; an error after 15 s. */
export async function until(what, condition) {
  const end = Date.now() + 15_000;
  while (!await condition()) {
    if (Date.now() > end) throw new Error(`${what} did not come within 15 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
