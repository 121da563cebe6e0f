// Asking the server, and what one tab remembers: shared by giving and watching.

const ANSWER_MS = 15_000;

// For the API alone: the page knows its language by its address, and by what the browser asks for.
export const API_LANGUAGE = { "Accept-Language": document.documentElement.lang };
export const find = (selector) => document.querySelector(selector);

/** No answer, or with a status the server's refusal: {status, code, sentence, retryAfterMs}. */
export class Trouble extends Error {
  constructor(facts) { super(); Object.assign(this, facts); }
}

export async function ask(url, options) {
  // Older browsers have no such signal, and wait as long as they like.
  const signal = AbortSignal.timeout?.(ANSWER_MS);
  const answer = await fetch(url, { signal, ...options }).catch(() => { throw new Trouble(); });
  if (answer.ok) return answer;
  const { code, error } = await answer.json().catch(() => ({}));
  const retryAfterMs = 1_000 * Number(answer.headers.get("Retry-After")) || 0;
  throw new Trouble({ status: answer.status, code, sentence: error, retryAfterMs });
}

// Storage may be forbidden; then a reload forgets, and the donation's own page still knows.
export function remember(id) { try { sessionStorage.setItem("donation", id); } catch { /* forbidden */ } }
export function recall() { try { return sessionStorage.getItem("donation"); } catch { return null; } }
export function forget() { try { sessionStorage.removeItem("donation"); } catch { /* forbidden */ } }
