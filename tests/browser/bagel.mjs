// Starts the real program and stops it when the tests of a file are over.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../../target/debug/bagel", import.meta.url));
const program = process.env.BAGEL_BIN ?? built;

/** `bagel demo`: the page and the stand-in provider, each on a free port. */
export async function startDemo() {
  const [port, standInPort] = [await freePort(), await freePort()];
  const demo = await start(["demo", "--port", port, "--stand-in-port", standInPort], {}, "Ctrl-C");
  return { ...demo, page: `http://localhost:${port}`, ...standIn(standInPort) };
}

/**
 * `bagel serve` with settings of its own and under a path, beside `bagel stand-in`; `cards` adds the
 * second provider.
 */
export async function startServe(settings, { path = "", cards = false } = {}) {
  const [port, standInPort] = [await freePort(), await freePort()];
  const page = `http://localhost:${port}${path}`;
  const webhooks = `${page}/webhooks/allscale`;
  const provider = await start(["stand-in", "--port", standInPort, "--webhook-url", webhooks], {}, "APP_SECRET=");
  const all = [...provider.said().matchAll(/^(ALLSCALE_\w+|ALCHEMY_PAY_\w+)=(.*)$/gm)].map((line) => line.slice(1));
  const store = Object.fromEntries(all.filter(([name]) => cards || name.startsWith("ALLSCALE")));
  const env = { ...store, BAGEL_BIND: `127.0.0.1:${port}`, BAGEL_PUBLIC_URL: page, ...settings };
  const server = await start(["serve"], env, "the page is on");
  const stop = () => Promise.all([server.stop(), provider.stop()]);
  return { stop, page, said: server.said, ...standIn(standInPort) };
}

/** The stand-in's levers: what it was asked for, and what it shall do wrong. */
function standIn(port) {
  const control = `http://127.0.0.1:${port}/control`;
  const post = (path, body) => fetch(control + path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return {
    standIn: `http://localhost:${port}`,
    intents: async () => (await fetch(`${control}/intents`)).json(),
    settled: async () => (await fetch(`${control}/settled`)).json(),
    releases: async () => (await fetch(`${control}/releases`)).json(),
    deliveries: async () => (await fetch(`${control}/deliveries`)).json(),
    fault: (fault) => post("/faults", JSON.stringify(fault)),
    clearFaults: () => fetch(`${control}/faults`, { method: "DELETE" }),
    act: (intent, action) => post(`/pay/${intent}/${action}`),
  };
}

/** Runs the program in an empty folder until it has said `ready`. */
async function start(args, env, ready) {
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`cargo build\` first, or set BAGEL_BIN.`);
  const folder = mkdtempSync(join(tmpdir(), "bagel-browser-"));
  const child = spawn(program, args.map(String), {
    cwd: folder,
    env: { PATH: process.env.PATH, TMPDIR: folder, RUST_LOG: "info", ...env },
  });
  const gone = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => { output += text; });
  await new Promise((resolve, reject) => {
    const listen = () => output.includes(ready) && resolve();
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    gone.then(() => reject(new Error(`bagel ${args.join(" ")} ended at once:\n${output}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true });
  };
  return { stop, said: () => output };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
