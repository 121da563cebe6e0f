// Every state a page can be in, each reached as people and providers reach it.

import { until } from "./steps.mjs";

/** Settings under which one visitor may go through all states. */
export const unhurried = { BAGEL_CHECKOUT_PER_MINUTE: "600", BAGEL_STATUS_PER_MINUTE: "600" };

/** What a payer does at which provider's checkout, for each scene of a donation's page. */
const ENDS = {
  waiting: ["allscale", null, "CREATED"],
  "on-chain": ["allscale", null, "ON_CHAIN"],
  paid: ["allscale", "pay", "CONFIRMED"],
  cancelled: ["allscale", "cancel", "CANCELED"],
  expired: ["allscale", "expire", "TIMEOUT"],
  refused: ["allscale", "reject", "REJECTED"],
  "under-paid": ["allscale", "underpay", "UNDERPAID"],
  "send-back": ["allscale", "send-back", "SEND_BACK"],
  failed: ["alchemy_pay", "fail", "FAILED"],
  review: ["alchemy_pay", "pay-other", "REVIEW"],
};

/**
 * Makes a donation for each scene; gives the addresses of their pages, `{waiting: "http://…", …}`.
 * `bagel` needs both providers. Whoever looks should keep the page from asking (see `still`).
 */
export async function everyScene(bagel, story = {}) {
  const addresses = {};
  for (const [scene, [provider, action, name]] of Object.entries(ENDS)) {
    const { intent_id, id } = await donate(bagel, { ...story, provider });
    if (scene === "on-chain") await bagel.fault({ call: "status", kind: { payload: 10 } });
    if (action) await bagel.act(id, action);
    await until(scene, async () => (await standing(bagel, intent_id)).name === name);
    await bagel.clearFaults();
    addresses[scene] = `${bagel.page}/thanks/${intent_id}`;
  }
  return { ...addresses, unknown: await unknown(bagel, story) };
}

/** A donation whose checkout was opened and never told of. */
async function unknown(bagel, story) {
  await bagel.fault({ call: "create", kind: "drop_after_commit", times: 1 });
  await checkout(bagel, story);
  const { order_id } = (await bagel.intents()).at(-1);
  return `${bagel.page}/thanks/${order_id}`;
}

async function donate(bagel, order) {
  const { intent_id, checkout_url } = await (await checkout(bagel, order)).json();
  // A card's order is known to its provider once the checkout is opened.
  if (order.provider === "alchemy_pay") await fetch(checkout_url);
  return { intent_id, id: (await bagel.intents()).find((intent) => intent.order_id === intent_id).id };
}

function checkout(bagel, order) {
  const headers = { "Content-Type": "application/json" };
  return fetch(`${bagel.page}/api/checkout`, { method: "POST", headers, body: JSON.stringify({ amount: 5, ...order }) });
}

async function standing(bagel, id) {
  return (await fetch(`${bagel.page}/api/status?intent_id=${id}`)).json();
}

/** Leaves the page's questions without an answer, so that a state that passes stays. */
export function still(page) {
  return page.route("**/api/status*", () => {});
}

/** Uses up what one visitor may ask for in a minute. */
export async function exhaust(bagel) {
  const order = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"amount": 5}' };
  const knock = () => fetch(`${bagel.page}/api/checkout`, order);
  while ((await knock()).status !== 429);
}
