import { describe, expect, it } from "vitest";
import type { CodexWarning } from "../../../src/errors/warning.ts";
import { NotificationHub } from "../../../src/session/hub.ts";

const METHOD = "brand/new";

function newHub() {
  const warnings: CodexWarning[] = [];
  const hub = new NotificationHub((warning) => warnings.push(warning));
  return { hub, warnings, publish: (params: unknown) => hub.publish({ method: METHOD, params }) };
}

describe("listeners", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const unreadable = Object.defineProperty(new Error(), "message", {
    get: () => {
      throw new Error("no");
    },
  });

  it.each([
    ["an error", new Error("x")],
    ["undefined", undefined],
    ["a symbol", Symbol("x")],
    ["an object without a prototype", Object.create(null)],
    ["an object that can't become a string", { toString: null, valueOf: null }],
    ["a revoked proxy", revoked.proxy],
    ["an error whose message can't be read", unreadable],
  ])("that throw %s cause a warning, and don't stop others", (_what, cause) => {
    const { hub, warnings, publish } = newHub();
    const heard: unknown[] = [];
    hub.on(METHOD, () => {
      throw cause;
    });
    hub.on(METHOD, (params) => heard.push(params));
    publish(1);
    expect(heard).toEqual([1]);
    expect(warnings.map(({ code }) => code)).toEqual(["LISTENER_FAILED"]);
    expect(warnings[0]?.cause === cause).toBe(true);
  });

  it("that reject cause a warning, and leave no unhandled rejection", async () => {
    const { hub, warnings, publish } = newHub();
    const cause = new Error("late");
    hub.on(METHOD, async () => {
      await Promise.resolve();
      throw cause;
    });
    publish(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toMatchObject([{ code: "LISTENER_FAILED", cause }]);
  });

  it("that subscribe again from within get the next notification, and cause no endless loop", () => {
    const { hub, publish } = newHub();
    const heard: unknown[] = [];
    const once = () => {
      const listening = hub.on(METHOD, (params) => {
        heard.push(params);
        listening[Symbol.dispose]();
        once();
      });
    };
    once();
    publish(1);
    publish(2);
    expect(heard).toEqual([1, 2]);
  });

  it("that another one has removed get nothing more", () => {
    const { hub, publish } = newHub();
    const heard: unknown[] = [];
    hub.on(METHOD, () => second[Symbol.dispose]());
    const second = hub.on(METHOD, (params) => heard.push(params));
    publish(1);
    expect(heard).toEqual([]);
  });

  it("are wanted while there are any, and disposing twice removes only one", () => {
    const { hub } = newHub();
    const first = hub.on(METHOD, () => {});
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(hub.wants(METHOD)).toBe(false);
    const second = hub.on(METHOD, () => {});
    first[Symbol.dispose]();
    expect(hub.wants(METHOD)).toBe(true);
    second[Symbol.dispose]();
    expect(hub.wants(METHOD)).toBe(false);
  });
});

describe("an iterator of all notifications", () => {
  it.each(["return", "throw"] as const)(
    "ends immediately with %s, and so do pending calls",
    async (how) => {
      const { hub, publish } = newHub();
      const all = hub.notifications();
      const waiting = [all.next(), all.next()];
      await all[how](undefined).catch(() => {});
      const done = { value: undefined, done: true };
      expect(await Promise.all(waiting)).toEqual([done, done]);
      expect(hub.wants(METHOD)).toBe(false);
      publish(1);
      expect(await all.next()).toEqual(done);
    },
  );

  it("yields what arrives after its creation, even in the middle of a text", async () => {
    const { hub } = newHub();
    const method = "item/agentMessage/delta";
    const delta = (text: string) => ({ method, params: { itemId: "m", delta: text } });
    const first = hub.notifications();
    hub.publish(delta("a"));
    const second = hub.notifications();
    hub.publish(delta("b"));
    expect((await second.next()).value).toEqual(delta("b"));
    expect((await first.next()).value).toEqual(delta("a"));
    expect((await first.next()).value).toEqual(delta("b"));
  });
});
