import { expect, test } from "vitest";
import { isLoopbackHost } from "../../../src/util/loopback-host.ts";

test("loopback hosts", () => {
  const hosts = ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"];
  expect(hosts.filter(isLoopbackHost)).toEqual(hosts);
  expect(
    ["127.0.0.1.x", "x127.0.0.1", "0.0.0.0", "[::]", "localhost.x"].filter(isLoopbackHost),
  ).toEqual([]);
});
