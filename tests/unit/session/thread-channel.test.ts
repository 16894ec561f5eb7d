import { describe, expect, it } from "vitest";
import { ThreadChannel } from "../../../src/session/thread-channel.ts";
import { DeltaForm, type DeltaLine } from "../../../src/turn/delta-line.ts";

function delta(turnId: string): DeltaLine {
  const params = { threadId: "t1", turnId, itemId: "m1", delta: "x" };
  const text = JSON.stringify({ method: "item/agentMessage/delta", params });
  const line = DeltaForm.of(text)?.read(text);
  if (line === undefined) throw new Error(`This is no delta: ${text}`);
  return line;
}

async function withTurn() {
  const channel = new ThreadChannel("t1");
  const record = (await channel.acquire()).started("u1");
  return { channel, record };
}

describe("a delta that was not parsed", () => {
  it("reaches its turn, and shows that the turn is not silent", async () => {
    const { channel, record } = await withTurn();
    record.countSilence();
    expect(channel.acceptLine(delta("u1"))).toBe(true);
    expect(record.countSilence()).toBe(1);
    expect((await record.read().next()).value).toEqual(delta("u1").notification());
  });

  it("is needed whole while notifications are kept back", async () => {
    const { channel } = await withTurn();
    const hold = channel.hold();
    expect(channel.acceptLine(delta("u1"))).toBe(false);
    channel.release(hold);
    expect(channel.acceptLine(delta("u1"))).toBe(true);
  });

  it("is needed whole while the model is being tried again, since it tells that it goes on", async () => {
    const { channel, record } = await withTurn();
    const error = { message: "Reconnecting" };
    record.accept({ method: "error", params: { willRetry: true, error } });
    expect(channel.acceptLine(delta("u1"))).toBe(false);
    record.accept(delta("u1").notification());
    expect(channel.acceptLine(delta("u1"))).toBe(true);
  });

  it("is needed whole after a gap, which may have torn its text", async () => {
    const { channel, record } = await withTurn();
    record.missed();
    expect(channel.acceptLine(delta("u1"))).toBe(false);
  });

  it("is needed whole while its turn may be the one that is being started", async () => {
    const channel = new ThreadChannel("t1");
    const slot = await channel.acquire();
    expect(channel.acceptLine(delta("u1"))).toBe(false);
    slot.release();
    expect(channel.acceptLine(delta("u1"))).toBe(true);
  });
});
