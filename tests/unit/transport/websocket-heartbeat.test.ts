import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setImmediate as nextIteration } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { websocket } from "../../../src/index.ts";
import { frame, header, startRawWebSocket } from "../../support/raw-websocket.ts";
import { type Listened, listenTo } from "../../support/transports.ts";

const MIB = 2 ** 20;
const HEARTBEAT_MS = 20_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** A connection to a peer that never answers a ping. */
async function connected() {
  let peer: Duplex | undefined;
  const server = await startRawWebSocket((socket) => {
    peer = socket;
  });
  const listened = await listenTo(websocket(server.url));
  return { peer: peer as Duplex, listened, [Symbol.asyncDispose]: () => close(server, listened) };
}

async function close(server: AsyncDisposable, { transport }: Listened): Promise<void> {
  await server[Symbol.asyncDispose]();
  await transport.close();
}

/** Advances the time to the next ping, and waits for its effects. */
async function beat(): Promise<void> {
  vi.advanceTimersByTime(HEARTBEAT_MS);
  await nextIteration();
  await nextIteration();
}

describe("a peer that answers no ping", () => {
  test("counts as lost if nothing else shows that it is alive", async () => {
    await using connection = await connected();
    await beat();
    await beat();
    await connection.listened.closed;
    expect(connection.listened.ends()).toBe(1);
  });

  test("is there while a large message from it arrives slowly", async () => {
    await using connection = await connected();
    const { peer, listened } = connection;
    const text = "x".repeat(5);
    peer.write(header(text.length));
    for (const byte of text) {
      const read = new Promise((resolve) => peer.write(byte, resolve));
      await read;
      await nextIteration();
      await beat();
      expect(listened.ends()).toBe(0);
    }
    expect(await listened.got(1)).toEqual([text]);
  });

  test("is there while it takes a large message slowly", async () => {
    await using connection = await connected();
    const { peer, listened } = connection;
    listened.transport.send("x".repeat(50 * MIB));
    let taken = 0;
    for (let goal = 8 * MIB; goal <= 40 * MIB; goal += 8 * MIB) {
      while (taken < goal) {
        const chunk: Buffer | null = peer.read();
        if (chunk) taken += chunk.length;
        else await once(peer, "readable");
      }
      await nextIteration();
      await beat();
      expect(listened.ends()).toBe(0);
    }
    await beat();
    await beat();
    expect(listened.ends()).toBe(1);
  });

  test("is alive if its data hasn't been read yet because the program was busy", async () => {
    await using connection = await connected();
    await beat();
    connection.peer.write(frame("{}"));
    // Before it is read.
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(await connection.listened.got(1)).toEqual(["{}"]);
    await nextIteration();
    expect(connection.listened.ends()).toBe(0);
  });
});
