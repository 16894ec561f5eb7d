import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Codex, proxy, type WebSocketOptions, websocket } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";

const SECRET = "hunter2hunter2";

const carriers: [string, string, WebSocketOptions][] = [
  ["a token", "", { token: SECRET }],
  ["a token provider", "", { tokenProvider: () => SECRET }],
  ["an Authorization header", "", { headers: { authorization: `Basic ${SECRET}` } }],
  ["a cookie", "", { headers: { Cookie: `session=${SECRET}` } }],
  ["an API key", "", { headers: { "x-api-key": SECRET } }],
  ["another header that carries a key", "", { headers: { "X-Auth-Token": SECRET } }],
  ["a user and a password", `me:${SECRET}@`, {}],
  ["a user alone", `${SECRET}@`, {}],
  ["a token in the query", `?access_token=${SECRET}`, {}],
  ["a key in the query", `?a=b&apiKey=${SECRET}`, {}],
];

function address(scheme: string, host: string, part: string): string {
  return part.startsWith("?") ? `${scheme}://${host}/${part}` : `${scheme}://${part}${host}/`;
}

describe.each(carriers)("%s", (_what, part, options) => {
  it("aren't sent over a network unencrypted, unless that is allowed", () => {
    const make = () => websocket(address("ws", "example.test:4500", part), options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(/would be sent to example\.test unencrypted/);
    expect(make).not.toThrow(SECRET);
    const allowed = { ...options, allowInsecureToken: true };
    websocket(address("ws", "example.test:4500", part), allowed);
  });

  it.each(["127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"])("may go to %s", (host) => {
    websocket(address("ws", host, part), options);
  });

  it("can be sent over wss://, and appears in no name, error or output of the endpoint", async () => {
    websocket(address("wss", "example.test", part), options);
    const endpoint = websocket(address("ws", "127.0.0.1:1", part), options);
    expect(endpoint.name).not.toContain(SECRET);
    expect(inspect(endpoint, { depth: 9, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(endpoint)).not.toContain(SECRET);
    const error = await failureOf(endpoint.connect(new AbortController().signal));
    expect(error.message).toMatch(/ws:\/\/.*127\.0\.0\.1:1.*ECONNREFUSED/);
    expect(inspect(error, { depth: 9 })).not.toContain(SECRET);
  });
});

it.each(["127.0.0.1.example.test", "localhost.example.test", "10.0.0.1", "0.0.0.0", "[::2]"])(
  "%s is another machine",
  (host) => {
    expect(() => websocket(`ws://${host}:1`, { token: SECRET })).toThrow(/unencrypted/);
  },
);

it.each<[string, unknown, unknown, string]>([
  [
    "two Authorization headers",
    "ws://127.0.0.1:1",
    { token: "a", headers: { Authorization: "b" } },
    "set the Authorization header: pass only one",
  ],
  [
    "a token and a user",
    "ws://u:p@127.0.0.1:1",
    { token: "a" },
    "set the Authorization header: pass only one",
  ],
  [
    "a token with a new line",
    "ws://127.0.0.1:1",
    { token: `${SECRET}\n` },
    "token must consist of visible ASCII",
  ],
  [
    "a token of other characters",
    "ws://127.0.0.1:1",
    { token: `${SECRET}é` },
    "token must consist of visible ASCII",
  ],
  ["an empty token", "ws://127.0.0.1:1", { token: "" }, "token must consist of visible ASCII"],
  [
    "a token of another type",
    "ws://127.0.0.1:1",
    { token: 12345 },
    "websocket option token must be a string, not number",
  ],
  [
    "a header of another type",
    "ws://127.0.0.1:1",
    { headers: { "x-a": 12345 } },
    'headers["x-a"] must be a string, not number',
  ],
  [
    "a header with a new line",
    "ws://127.0.0.1:1",
    { headers: { "x-a": `${SECRET}\r\nb: c` } },
    `"x-a" in headers isn't a valid HTTP header`,
  ],
  [
    "a header with a bad name",
    "ws://127.0.0.1:1",
    { headers: { "x a": SECRET } },
    `"x a" in headers isn't a valid HTTP header`,
  ],
  [
    "a token provider of the wrong type",
    "ws://127.0.0.1:1",
    { tokenProvider: SECRET },
    "tokenProvider must be a function",
  ],
  [
    "an option that does not exist",
    "ws://127.0.0.1:1",
    { tokn: SECRET },
    'websocket has no option "tokn"',
  ],
  [
    "another scheme",
    `http://me:${SECRET}@x.test/?token=${SECRET}`,
    {},
    "must begin with ws:// or wss://, not http://***@x.test/?token=***",
  ],
  [
    "no URL",
    `//me:${SECRET}@x.test/?token=${SECRET}`,
    {},
    "must begin with ws:// or wss://, not //***@x.test/?***",
  ],
  ["a fragment", "ws://127.0.0.1:1/#x", {}, "must not have a fragment"],
])("%s: a TypeError that quotes no secret", (_what, url, options, message) => {
  const make = () => websocket(url as string, options as WebSocketOptions);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(message);
  expect(make).not.toThrow(SECRET);
});

it.each([["with\na newline"], [""], [undefined], [7]])(
  "a token provider that returns %j makes the call fail",
  async (token) => {
    const transport = websocket("ws://127.0.0.1:1", { tokenProvider: () => token as string });
    await using codex = new Codex({ transport });
    expect((await failureOf(codex.connect())).message).toMatch(/tokenProvider must (be|consist)/);
  },
);

it.each([
  [{ sock: "" }, 'proxy option sock must be a non-empty string, not ""'],
  [{ env: { A: 5 } }, 'proxy option env["A"] must be a string, not number'],
  [{ env: { A: `${SECRET}\0` } }, 'proxy option env["A"] must not contain a NUL character'],
  [{ socket: "/s" }, 'proxy has no option "socket"'],
])("proxy(%j) is a TypeError that names it", (options, message) => {
  expect(() => proxy(options as object)).toThrow(TypeError);
  expect(() => proxy(options as object)).toThrow(message);
});
