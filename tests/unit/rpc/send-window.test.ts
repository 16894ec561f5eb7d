import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connected, lost, outcomeOf, range } from "./two-arrays.ts";

/** A connection whose calls are named by their method. */
function window() {
  const { transport, connection, seen } = connected();
  const idOf = (method: string) => {
    const found = transport.messages.findLast((message) => message.method === method);
    if (found?.id === undefined) throw new Error(`${method} was not sent`);
    return found.id;
  };
  return {
    transport,
    connection,
    seen,
    call: (method: string, options = {}) => outcomeOf(connection.call(method, {}, options)),
    fill: () => range(64).map((n) => outcomeOf(connection.call(`long${n}`, {}))),
    answer: (method: string, result: unknown = {}) =>
      transport.receive({ id: idOf(method), result }),
    refuse: (method: string, code = -32001) =>
      transport.receive({ id: idOf(method), error: { code, message: "no" } }),
    sent: () => transport.messages.map(({ method }) => method),
    /** The calls that were sent since the last check. */
    news: () => transport.sent.splice(0).map((text) => JSON.parse(text).method as string),
    probes: () => transport.messages.filter(({ method }) => method === "ping"),
  };
}

describe("the window of unread requests", () => {
  it("holds 64, however they are answered", () => {
    const { call, sent, answer } = window();
    for (const n of range(100)) call(`m${n}`);
    expect(sent()).toEqual(range(64).map((n) => `m${n}`));
    answer("m0");
    expect(sent()).toHaveLength(65);
    answer("m2");
    expect(sent()).toHaveLength(67);
    answer("m1");
    expect(sent()).toHaveLength(67);
  });

  it("moves beyond everything that was sent before the answered request", () => {
    const { call, fill, sent, answer, news } = window();
    fill();
    for (const n of range(200)) call(`m${n}`);
    answer("long63");
    expect(sent()).toHaveLength(128);
    answer("m0");
    expect(sent()).toHaveLength(129);
    news();
    for (const n of range(63)) expect(() => answer(`long${n}`)).toThrow("was not sent");
  });

  it("counts requests that the server hasn't read, not those that it is working on", () => {
    const { call, sent, answer } = window();
    for (const n of range(1_000)) {
      call(`long${n}`);
      call(`quick${n}`);
      answer(`quick${n}`);
    }
    expect(sent()).toHaveLength(2_000);
  });

  it("is not moved by a request that the server was too busy for", () => {
    const { call, fill, sent, refuse, answer } = window();
    fill();
    for (const n of range(100)) call(`m${n}`);
    refuse("long63");
    expect(sent()).toHaveLength(65);
    refuse("long0", -32600);
    expect(sent()).toHaveLength(66);
    answer("long62");
    expect(sent()).toHaveLength(128);
  });

  it("is not held by a call whose caller gave up before it was sent, or that could not be sent", () => {
    const { call, fill, sent, answer, transport, connection } = window();
    fill();
    const controller = new AbortController();
    call("dropped", { signal: controller.signal });
    transport.maxChars = 100;
    connection.call("refused", "x".repeat(100)).catch(() => {});
    call("next");
    controller.abort();
    answer("long63");
    expect(sent().slice(64)).toEqual(["next"]);
  });
});

describe("urgent calls", () => {
  it("are sent before all waiting calls, in their order", () => {
    const { call, fill, sent, answer } = window();
    fill();
    call("waiting");
    const urgent = range(40).map((n) => `urgent${n}`);
    for (const method of urgent) call(method, { urgent: true });
    expect(sent().slice(64)).toEqual(urgent.slice(0, 32));
    answer("long3");
    expect(sent().slice(96)).toEqual(urgent.slice(32, 36));
    answer("urgent31");
    expect(sent().slice(100)).toEqual([...urgent.slice(36), "waiting"]);
  });

  it("can be given up while they wait", () => {
    const { call, fill, sent, answer } = window();
    fill();
    for (const n of range(32)) call(`urgent${n}`, { urgent: true });
    const controller = new AbortController();
    call("dropped", { urgent: true, signal: controller.signal });
    call("last", { urgent: true });
    controller.abort();
    answer("urgent31");
    expect(sent().slice(96)).toEqual(["last"]);
  });
});

describe("answers to the server", () => {
  it("don't wait", () => {
    const { fill, call, connection, news } = window();
    fill();
    call("waiting");
    news();
    connection.send('{"id":0,"method":"answer"}');
    expect(news()).toEqual(["answer"]);
  });
});

describe("the probe", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("shows that 64 long requests were read, and lets the others go", () => {
    const { call, fill, answer, sent, probes, seen } = window();
    fill();
    for (const n of range(100)) call(`m${n}`);
    vi.advanceTimersByTime(19);
    expect(sent()).toHaveLength(64);
    vi.advanceTimersByTime(1);
    expect(probes()).toEqual([{ id: 165, method: "ping", params: { n: 1 } }]);
    answer("ping");
    expect(sent().slice(65)).toEqual(range(64).map((n) => `m${n}`));
    expect(seen).toEqual([]);
  });

  it("shows that also when it is answered with an error", () => {
    const { call, fill, refuse, sent, seen } = window();
    fill();
    call("next");
    vi.advanceTimersByTime(20);
    refuse("ping", -32601);
    expect(sent().at(-1)).toBe("next");
    expect(seen).toEqual([]);
  });

  it("is not sent when nothing waits, and leaves no timer", () => {
    const { fill, call, answer, news, probes } = window();
    fill();
    expect(vi.getTimerCount()).toBe(0);
    call("next");
    expect(vi.getTimerCount()).toBe(1);
    answer("long0");
    expect(vi.getTimerCount()).toBe(0);
    news();
    vi.advanceTimersByTime(60_000);
    expect(probes()).toEqual([]);
  });

  it("leaves no timer when the callers give up or the connection ends", () => {
    const { fill, call, transport } = window();
    fill();
    const controller = new AbortController();
    call("next", { signal: controller.signal });
    call("urgent", { signal: controller.signal, urgent: true });
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    expect(vi.getTimerCount()).toBe(0);
    call("next");
    expect(vi.getTimerCount()).toBe(1);
    transport.end(lost());
    expect(vi.getTimerCount()).toBe(0);
  });

  it("isn't sent while the server is reading", () => {
    const { call, answer, probes } = window();
    for (const n of range(1_000)) call(`m${n}`);
    for (const n of range(900)) {
      vi.advanceTimersByTime(15);
      answer(`m${n}`);
    }
    expect(probes()).toEqual([]);
    vi.advanceTimersByTime(40);
    expect(probes()).toHaveLength(1);
  });

  it("is sent one at a time", () => {
    const { call, fill, probes } = window();
    fill();
    call("next");
    vi.advanceTimersByTime(9_000);
    expect(probes()).toHaveLength(1);
  });

  it("counts as lost when it has no answer for ten seconds", () => {
    const { call, fill, transport, probes, sent, seen } = window();
    fill();
    call("next");
    vi.advanceTimersByTime(20 + 10_000);
    expect(probes()).toHaveLength(2);
    transport.receive({ id: probes()[0]?.id, result: {} });
    expect(sent().at(-1)).toBe("ping");
    transport.receive({ id: probes()[1]?.id, result: {} });
    expect(sent().at(-1)).toBe("next");
    expect(seen).toEqual([]);
  });

  it("is sent with increasing delays to a silent server, and doesn't take the slot of an urgent call", () => {
    const { call, fill, probes, news } = window();
    fill();
    call("next");
    vi.advanceTimersByTime(24 * 3_600_000);
    expect(probes().length).toBeGreaterThan(100);
    expect(probes().length).toBeLessThan(200);
    news();
    for (const n of range(40)) call(`urgent${n}`, { urgent: true });
    expect(news()).toHaveLength(31);
  });

  it("is repeated with increasing delays while the server is too busy for it", () => {
    const { call, fill, refuse, probes } = window();
    fill();
    call("next");
    const times: number[] = [];
    const start = Date.now();
    for (let ms = 0; ms < 60_000; ms += 10) {
      vi.advanceTimersByTime(10);
      if (probes().length === times.length) continue;
      times.push(Date.now() - start);
      refuse("ping");
    }
    const waits = times.slice(1).map((time, n) => time - (times[n] ?? 0));
    expect(waits.slice(0, 7)).toEqual([40, 80, 160, 320, 640, 1_280, 2_560]);
    expect(new Set(waits.slice(7))).toEqual(new Set([5_000]));
  });

  it("is soon sent again after the server has read more", () => {
    const { call, fill, refuse, answer, probes, news } = window();
    fill();
    for (const n of range(200)) call(`m${n}`);
    for (const wait of [20, 40, 80, 160]) {
      vi.advanceTimersByTime(wait);
      refuse("ping");
    }
    vi.advanceTimersByTime(320);
    answer("ping");
    news();
    vi.advanceTimersByTime(20);
    expect(probes()).toHaveLength(1);
  });

  it("rejects nothing when the transport refuses it or the connection ends", () => {
    const { call, fill, transport, seen } = window();
    fill();
    const next = call("next");
    transport.maxChars = 5;
    vi.advanceTimersByTime(20);
    transport.maxChars = 1_000;
    vi.advanceTimersByTime(40);
    transport.end(lost());
    expect(seen).toEqual([]);
    expect(next).toEqual({});
  });
});

it("50,000 requests to a server that answers inside the send cause no recursion", async () => {
  const { transport, connection } = connected();
  const calls = range(50_000).map(() => connection.call("a", {}));
  transport.sent.push = (text) => {
    transport.receive({ id: JSON.parse(text).id, result: 1 });
    return 0;
  };
  for (const id of range(64)) transport.receive({ id: id + 1, result: 1 });
  expect(await Promise.all(calls)).toEqual(range(50_000).map(() => 1));
});
