import { EventEmitter, once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type Handler, toNodeHandler } from "../../../src/web/index.ts";

/** The status of a request that doesn't reach a loopback address, and the URLs that the handler gets. */
async function requested(host: string, url = "/public") {
  const urls: string[] = [];
  const handler = async ({ url }: Request) => {
    urls.push(url);
    return new Response();
  };
  const incoming = { method: "GET", url, headers: { host }, complete: true };
  const socket = { localAddress: "10.0.0.1" };
  const status = await new Promise<number>((resolve) => {
    const outgoing = new EventEmitter();
    const writeHead = (code: number) => Object.assign(outgoing, { end: () => resolve(code) });
    const listener = toNodeHandler(Object.assign(handler, { origins: [] }) as unknown as Handler);
    listener({ ...incoming, socket } as never, Object.assign(outgoing, { writeHead }) as never);
  });
  return { status, urls };
}

test("a host that contains a path or a query, which would replace the request's own, is refused", async () => {
  for (const host of ["", "a/threads/1?", "a/threads/1#", "a\\threads\\1?", "a?b", "user@a"]) {
    expect([host, await requested(host)]).toEqual([host, { status: 400, urls: [] }]);
  }
  expect(await requested("a:1")).toEqual({ status: 200, urls: ["http://a:1/public"] });
});

test("a path that means another one than a router in front has checked is refused", async () => {
  const paths = ["/public/../api", "/public/%2e%2e/api", "/public/.%2E/api", "/public\\..\\api"];
  for (const path of [...paths, "/public/./api", "/public/..", "/public#/api"]) {
    expect([path, await requested("a", path)]).toEqual([path, { status: 400, urls: [] }]);
  }
  for (const path of ["/public/...", "/public//x", "/a%20b?c=/../d", "/%7Ex?c=\\"]) {
    expect(await requested("a", path)).toMatchObject({ status: 200 });
  }
});

test("a request over HTTP/2 is for the host in its :authority", async () => {
  const urls: string[] = [];
  const handler = async ({ url, method }: Request) => {
    urls.push(`${method} ${url}`);
    return new Response("yes");
  };
  const origins = ["http://app.test"];
  const listener = toNodeHandler(Object.assign(handler, { origins }) as unknown as Handler);
  const server = createServer(listener as never).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async (headers: object) => {
    const stream = session.request({ ":path": "/api", ...headers });
    stream.resume().end();
    const [{ ":status": status }] = await once(stream, "response");
    return status;
  };
  expect(await ask({ ":authority": "app.test", ":method": "POST" })).toBe(200);
  expect(await ask({ ":authority": "other.test" })).toBe(403);
  expect(await ask({ ":authority": "app.test", host: "localhost" })).toBe(403);
  expect(urls).toEqual(["POST http://app.test/api"]);
  session.close();
  server.close();
});
