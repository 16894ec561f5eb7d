import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test } from "vitest";
import type { CodexWarning } from "../../../src/errors/warning.ts";
import { Fleet } from "../../../src/fleet/index.ts";
import { deferred } from "../../../src/util/deferred.ts";

/** No Redis listens on this port. */
const connection = "redis://127.0.0.1:1";
const fleets: Fleet[] = [];

afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()));
});

/** A fleet between two attempts to connect. */
async function unreachable(): Promise<Fleet> {
  const warned = deferred<void>();
  const fleet = new Fleet({ connection, onWarning: () => warned.resolve() });
  fleets.push(fleet);
  await warned.promise;
  await setImmediate();
  return fleet;
}

async function readAll(values: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of values);
}

type Call = (fleet: Fleet, options?: object) => Promise<unknown>;

const limited: readonly (readonly [name: string, call: Call])[] = [
  ["turn.run", (fleet, options) => fleet.turn("t").run(options)],
  ["turn.stream", (fleet, options) => readAll(fleet.turn("t").stream(options))],
  ["turn.timeline", (fleet, options) => fleet.turn("t").timeline(options)],
  ["turn.interrupt", (fleet, options) => fleet.turn("t").interrupt(options)],
  ["turn.steer", (fleet, options) => fleet.turn("t").steer("more", options)],
];
const unlimited: typeof limited = [
  ["run", (fleet) => fleet.run("hello")],
  ["status", (fleet) => fleet.status()],
  ["threads", (fleet) => fleet.threads()],
  ["schedule", (fleet) => fleet.schedule("s", { every: 1_000 }, "hello")],
  ["turn.phase", (fleet) => fleet.turn("t").phase()],
  ["requests.list", (fleet) => fleet.requests.list()],
];

test.each(limited)("%s ends at its limits while Redis can't be reached", async (_name, call) => {
  const fleet = await unreachable();
  await expect(call(fleet, { timeoutMs: 20 })).rejects.toThrow("within 20 ms");
  const reason = new Error("no longer needed");
  await expect(call(fleet, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([...limited, ...unlimited])(
  "%s rejects when the fleet is closed while Redis can't be reached",
  async (_name, call) => {
    const fleet = await unreachable();
    const calling = call(fleet);
    calling.catch(() => {});
    await setImmediate();
    await fleet.close();
    await expect(calling).rejects.toThrow();
  },
);

test.each([0, -1, 0.5, Number.NaN, "100"])(
  "a turn can't be repeated every %s milliseconds: it would never stop",
  async (every) => {
    const fleet = await unreachable();
    await expect(fleet.schedule("s", { every: every as number }, "hello")).rejects.toThrow(
      "schedule option repeat.every must be a whole number of milliseconds of at least 1",
    );
  },
);

test("a turn can't be delayed for ever", async () => {
  const fleet = await unreachable();
  const running = fleet.run("hello", { delayMs: Number.POSITIVE_INFINITY });
  await expect(running).rejects.toThrow("run option delayMs must be a number of milliseconds");
});

test("a Redis that closes connections at once is reported, with what to do", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.end("-DENIED Redis is running in protected mode\r\n", () => socket.destroy());
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const warned = deferred<CodexWarning>();
  const onWarning = (warning: CodexWarning) => warned.resolve(warning);
  fleets.push(new Fleet({ connection: `redis://127.0.0.1:${port}`, onWarning }));
  const { code, message } = await warned.promise;
  expect(code).toBe("FLEET_REDIS");
  expect(message).toContain("set a password");
});
