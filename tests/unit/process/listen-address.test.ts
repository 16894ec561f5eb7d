import { describe, expect, test } from "vitest";
import { LaunchError } from "../../../src/index.ts";
import { localAddress, parseListen, reportedAddress } from "../../../src/process/listen-address.ts";

test.each([
  ["ws://127.0.0.1:0", { kind: "ws", host: "127.0.0.1", port: 0 }],
  ["ws://0.0.0.0:65535", { kind: "ws", host: "0.0.0.0", port: 65_535 }],
  ["ws://[::1]:4500", { kind: "ws", host: "[::1]", port: 4_500 }],
  ["unix:///a/b.sock", { kind: "unix", path: "/a/b.sock" }],
])("%s is an address", (listen, address) => {
  expect(parseListen(listen)).toEqual(address);
});

test.each([
  "ws://localhost:0",
  "ws://127.0.0.1",
  "ws://127.0.0.1:65536",
  "ws://127.0.0.1:0/path",
  "ws://::1:0",
  "ws://[127.0.0.1]:0",
  "wss://127.0.0.1:0",
  "stdio://",
  "unix://",
  "unix://relative.sock",
  "",
  undefined,
  5,
])("%j isn't an address", (listen) => {
  expect(parseListen(listen)).toBeUndefined();
});

describe("the line in which a server reports its address", () => {
  const listen = "ws://127.0.0.1:0";

  test("returns the address", () => {
    expect(reportedAddress("  listening on: ws://127.0.0.1:33081", listen)).toBe(
      "ws://127.0.0.1:33081",
    );
    const fixed = "ws://[::1]:4500";
    expect(reportedAddress(`  listening on: ${fixed}`, fixed)).toBe(fixed);
  });

  test.each([
    "codex app-server (WebSockets)",
    "  readyz: http://127.0.0.1:33081/readyz",
    "WARNING: in config.toml: listening on: ws://127.0.0.1:666",
    "  listening on: ws://127.0.0.1:666 or so",
  ])("other lines are ignored: %s", (line) => {
    expect(reportedAddress(line, listen)).toBeUndefined();
  });

  test.each([
    ["ws://evil.test:80", listen],
    ["ws://127.0.0.2:80", listen],
    ["wss://127.0.0.1:80", listen],
    ["ws://127.0.0.1:80@evil.test:80", listen],
    ["ws://127.0.0.1:0", listen],
    ["ws://127.0.0.1:81", "ws://127.0.0.1:80"],
    ["unix:///tmp/s", listen],
  ])("that names %s instead of %s is an error", (address, asked) => {
    expect(() => reportedAddress(`listening on: ${address}`, asked)).toThrow(LaunchError);
    expect(() => reportedAddress(`listening on: ${address}`, asked)).toThrow(
      address.replace(/[^/]*@/, "***@"),
    );
  });
});

test("a server that listens on all addresses is reached at the loopback address", () => {
  expect(localAddress("ws://0.0.0.0:4500")).toBe("ws://127.0.0.1:4500");
  expect(localAddress("ws://[::]:4500")).toBe("ws://[::1]:4500");
  expect(localAddress("ws://10.0.0.7:4500")).toBe("ws://10.0.0.7:4500");
});
