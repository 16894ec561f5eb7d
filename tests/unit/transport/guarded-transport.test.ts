import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInputError, TransportClosedError } from "../../../src/index.ts";
import {
  type GuardableTransport,
  GuardedTransport,
} from "../../../src/transport/guarded-transport.ts";
import type { TransportEvents } from "../../../src/transport/transport.ts";
import { listen } from "../../support/transports.ts";

/** A transport whose other end is controlled by the test. */
function faked(overrides: Partial<GuardableTransport> = {}) {
  const calls = { closed: 0, established: 0, sent: [] as string[] };
  let events: TransportEvents | undefined;
  const inner: GuardableTransport = {
    listen: (given) => {
      events = given;
    },
    send: (text) => void calls.sent.push(text),
    close: async () => void calls.closed++,
    established: () => void calls.established++,
    ...overrides,
  };
  const far = {
    message: (text: string) => events?.message(text),
    closed: (message: string) => events?.closed(new TransportClosedError(message)),
  };
  return { guarded: new GuardedTransport(inner, "ws://there"), calls, far };
}

describe("a message that the layer above can't handle", () => {
  it.each([
    ["an error", new RangeError("Maximum call stack size exceeded"), "Maximum call stack"],
    ["an object without a prototype", Object.create(null), "an object"],
    ["a symbol", Symbol("odd"), "Symbol(odd)"],
    ["undefined", undefined, "undefined"],
  ])("ends the transport with %s as its reason", async (_what, thrown, words) => {
    const { guarded, calls, far } = faked();
    const { closed, messages, ends } = listen(guarded, () => {
      throw thrown;
    });
    far.message("one");
    far.message("two");
    const reason = await closed;
    expect(reason).toBeInstanceOf(TransportClosedError);
    expect(reason.message).toMatch(/^The connection to ws:\/\/there was closed, because a message/);
    expect(reason.message).toContain(words);
    expect(reason.cause).toBe(thrown);
    far.closed("later");
    guarded.send("never sent");
    expect([messages, ends(), calls.closed, calls.sent]).toEqual([["one"], 1, 1, []]);
  });
});

it("ends the transport for a message of so many small values that they would exhaust the memory", async () => {
  const { guarded, calls, far } = faked();
  const { closed, messages } = listen(guarded);
  far.message(`[${"[],".repeat(4_900_000)}1]`);
  far.message(`["${"[],".repeat(5_100_000)}"]`);
  far.message(`[${"[],".repeat(5_100_000)}1]`);
  const reason = await closed;
  expect(reason).toBeInstanceOf(TransportClosedError);
  expect(reason.message).toBe(
    "The app-server (ws://there) sent a message with more than 10000000 values. The connection was closed",
  );
  expect([messages.length, calls.closed]).toEqual([2, 1]);
});

describe("an end that the layer above can't handle", () => {
  it("doesn't end the process", async () => {
    const { guarded, far } = faked();
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    guarded.listen({
      message: () => {},
      closed: () => {
        throw new Error("no end");
      },
    });
    far.closed("over");
    expect((await warned).message).toContain("no end");
  });
});

describe("the end", () => {
  it("is reported once, and nothing after it", async () => {
    const { guarded, far } = faked();
    const { closed, messages, ends } = listen(guarded);
    far.message("one");
    far.closed("over");
    far.closed("again");
    far.message("two");
    await guarded.close();
    expect([(await closed).message, messages, ends()]).toEqual(["over", ["one"], 1]);
  });

  it("is reported to a later listener", async () => {
    const { guarded } = faked();
    await guarded.close();
    expect((await listen(guarded).closed).message).toContain("was closed");
  });

  it("is reported even if the transport can't be opened", async () => {
    const { guarded, calls } = faked({
      listen: () => {
        throw new Error("deaf");
      },
    });
    expect((await listen(guarded).closed).message).toContain("couldn't be opened: deaf");
    expect(calls.closed).toBe(1);
  });
});

describe("sending", () => {
  it("throws for a message that is too large, and stays open", () => {
    const { guarded } = faked({
      send: () => {
        throw new InvalidInputError("too large");
      },
    });
    const { ends } = listen(guarded);
    expect(() => guarded.send("x")).toThrow(InvalidInputError);
    expect(ends()).toBe(0);
  });

  it("ends the transport for any other failure", async () => {
    const { guarded } = faked({
      send: () => {
        throw new Error("Invalid string length");
      },
    });
    const { closed } = listen(guarded);
    guarded.send("x");
    expect((await closed).message).toContain("sending failed: Invalid string length");
  });

  it("a second message means that the handshake is complete", () => {
    const { guarded, calls } = faked();
    listen(guarded);
    guarded.send("initialize");
    expect(calls.established).toBe(0);
    guarded.send("initialized");
    guarded.send("more");
    expect([calls.established, calls.sent.length]).toEqual([1, 3]);
  });
});

describe("close()", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("takes bounded time if the transport doesn't close", async () => {
    const { guarded } = faked({ close: () => new Promise(() => {}) });
    const { closed } = listen(guarded);
    const closing = guarded.close();
    await vi.advanceTimersByTimeAsync(10_000);
    await closing;
    expect((await closed).message).toBe("The connection to ws://there was closed");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("resolves even if the transport's own close rejects, and runs once", async () => {
    let closings = 0;
    const { guarded } = faked({
      close: async () => {
        closings++;
        throw new Error("stuck");
      },
    });
    const { closed } = listen(guarded);
    await Promise.all([guarded.close(), guarded.close()]);
    expect([(await closed).cause, closings]).toEqual([new Error("stuck"), 1]);
  });
});
