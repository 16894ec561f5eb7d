import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Codex, LaunchError } from "../../../src/index.ts";
import { dial } from "../../../src/transport/dial.ts";
import type { Endpoint, Transport } from "../../../src/transport/transport.ts";
import { failureOf } from "../../support/e2e.ts";

const endpoint = (connect: Endpoint["connect"]): Endpoint => ({
  name: "odd",
  outlivesTransport: true,
  connect,
});

function transport(closed: () => void): Transport {
  return { listen: () => {}, send: () => {}, close: async () => closed() };
}

describe("an endpoint that ignores the signal", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is abandoned at the abort, and what it returns later is closed", async () => {
    let open = (_transport: Transport): void => {};
    const opening = new Promise<Transport>((resolve) => {
      open = resolve;
    });
    const controller = new AbortController();
    const dialing = failureOf(
      dial(
        endpoint(() => opening),
        controller.signal,
      ),
    );
    const reason = new Error("enough");
    controller.abort(reason);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await dialing).toBe(reason);
    const closed = vi.fn();
    open(transport(closed));
    await vi.advanceTimersByTimeAsync(0);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it("delays neither an aborted call nor close()", async () => {
    const codex = new Codex({ transport: endpoint(() => new Promise(() => {})) });
    const controller = new AbortController();
    const aborted = failureOf(codex.modelList({ signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(0);
    controller.abort(new Error("changed my mind"));
    expect((await aborted).message).toBe("changed my mind");
    const waiting = failureOf(codex.connect());
    const closing = codex.close();
    await vi.advanceTimersByTimeAsync(1_000);
    await closing;
    expect((await waiting).message).toBe("The client was closed");
  });
});

it("an endpoint may clean up before the abort is reported", async () => {
  let cleanedUp = false;
  const controller = new AbortController();
  const dialing = failureOf(
    dial(
      endpoint(async (signal) => {
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => setImmediate(resolve)),
        );
        cleanedUp = true;
        throw signal.reason;
      }),
      controller.signal,
    ),
  );
  controller.abort(new Error("enough"));
  expect((await dialing).message).toBe("enough");
  expect(cleanedUp).toBe(true);
});

it.each([[undefined], [{}], [{ listen() {}, send() {} }]])(
  "an endpoint that returns %o causes a LaunchError",
  async (given) => {
    const dialing = dial(
      endpoint(async () => given as never),
      new AbortController().signal,
    );
    const error = await failureOf(dialing);
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("The endpoint odd returned no transport");
  },
);
