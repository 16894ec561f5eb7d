import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { sharedServer } from "../../../support/e2e.ts";
import { type Asked, ask, clientOf, ORIGIN, serveHandler } from "../../../support/handler.ts";

import { as, everything, usersHandlers } from "../../../support/users-handler.ts";

const server = sharedServer({ approvals: "ask" });
const { handlerForUsers, openHandler } = usersHandlers(server);

function fail(): never {
  throw new Error("no database");
}

describe("a request without a token", () => {
  it("gets nothing, and its body isn't read", async () => {
    const handler = handlerForUsers();
    const { id } = await clientOf(handler, as("alice")).threadStart();
    const paths: [string, Asked][] = [
      ...everything(id, "none"),
      ["/threads", {}],
      ["/threads", { body: {} }],
      ["/requests", {}],
      ["/events", {}],
    ];
    const wrong = [{}, as("mallory"), as(""), { authorization: "alice" }, { cookie: "alice" }];
    for (const [path, asked] of paths) {
      for (const headers of wrong) {
        const { status, body } = await ask(handler, path, { ...asked, headers });
        expect([status, body]).toEqual([
          403,
          { error: { code: "FORBIDDEN", message: "This request isn't allowed" } },
        ]);
      }
    }
    let read = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          read++;
          controller.enqueue(new Uint8Array(1_000));
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", body, duplex: "half", headers } as RequestInit;
    const response = await handler(new Request(`${ORIGIN}/threads`, init));
    expect([response.status, read]).toEqual([403, 0]);
  });

  it("is refused when authorize throws, or returns anything but true", async () => {
    const reported: unknown[] = [];
    const returned = [false, undefined, null, 1, "yes", {}, () => true];
    const answers = [
      () => {
        throw new Error("no database");
      },
      () => Promise.reject(new Error("no database")),
      ...returned.map((value) => () => value as boolean),
    ];
    for (const authorize of answers) {
      const handler = openHandler({ authorize, onError: (error) => reported.push(error) });
      expect((await ask(handler, "/threads")).status).toBe(403);
    }
    expect(reported).toEqual([new Error("no database"), new Error("no database")]);
  });

  it.each([
    ["throw", () => fail()],
    ["reject", async () => fail()],
  ])("is refused when authorize and onError %s", async (_how, failing) => {
    const handler = openHandler({ authorize: failing, onError: failing });
    expect((await ask(handler, "/threads")).status).toBe(403);
    await new Promise(setImmediate);
  });
});

describe("a page on another site", () => {
  it("can't use the handler, no matter what it sends", async () => {
    const handler = openHandler();
    const { id } = await clientOf(handler).threadStart();
    const foreign = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "" },
      { origin: "http://app.test.evil.example" },
      { origin: "http://app.test:81" },
      { origin: "file://app.test" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign) {
      for (const [path, asked] of everything(id, "none")) {
        const answer = await ask(handler, path, { ...asked, headers });
        expect(answer.body, path).toMatchObject({ error: { code: "FOREIGN_ORIGIN" } });
        expect([...answer.headers.keys()].filter((name) => /allow/.test(name))).toEqual([]);
      }
      const preflight = await ask(handler, "/threads", { method: "OPTIONS", headers });
      expect(preflight.status).toBe(403);
    }
    for (const headers of [{ origin: ORIGIN }, { origin: "https://app.test" }, {}]) {
      expect((await ask(handler, "/threads", { headers })).status).toBe(200);
    }
  });

  it("can't send a form in its user's name", async () => {
    const handler = openHandler();
    const { id } = await clientOf(handler).threadStart();
    const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];
    for (const type of [...types, "application/json-patch", "text/plain; application/json"]) {
      const path = `/threads/${id}/interrupt`;
      const answer = await ask(handler, path, { body: {}, headers: { "content-type": type } });
      expect([type, answer.status]).toEqual([type, 415]);
    }
  });

  it("can if the handler lists its origin", async () => {
    const origin = "https://app.example.com";
    const handler = openHandler({ origins: [origin] });
    const preflight = await ask(handler, "/threads", { method: "OPTIONS", headers: { origin } });
    expect(preflight.status).toBe(204);
    const answer = await ask(handler, "/threads", {
      headers: { origin, "sec-fetch-site": "cross-site" },
    });
    expect(answer.status).toBe(200);
    for (const { headers } of [preflight, answer]) {
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("vary")).toBe("Origin");
    }
    expect(() => openHandler({ origins: ["app.example.com"] })).toThrow("must list origins");
    expect(() => openHandler({ origins: ["https://app.example.com/"] })).toThrow("must list");
  });

  it("can't reach a server on this machine through its own host name", async () => {
    const handler = openHandler({ origins: ["https://app.example.com"] });
    await using served = await serveHandler(handler);
    const statusOf = (host: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(served.port, "127.0.0.1");
        socket.on("error", reject);
        socket.on("data", (data) => {
          resolve(data.toString().split("\r\n")[0] ?? "");
          socket.destroy();
        });
        socket.write(`GET /threads HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      });
    for (const host of ["evil.example", `evil.example:${served.port}`, "127.0.0.1.evil.example"]) {
      expect([host, await statusOf(host)]).toEqual([host, "HTTP/1.1 403 Forbidden"]);
    }
    for (const host of ["localhost:1", "127.0.0.1", "[::1]:3000", "app.example.com"]) {
      expect([host, await statusOf(host)]).toEqual([host, "HTTP/1.1 200 OK"]);
    }
    expect(await statusOf("bad host")).toBe("HTTP/1.1 403 Forbidden");
  });
});
