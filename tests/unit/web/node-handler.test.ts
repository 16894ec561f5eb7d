import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { type AddressInfo, connect } from "node:net";
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
  const server = createHttp2(listener as never).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
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

test("a refused request whose body doesn't end is cut off", async () => {
  const handler = Object.assign(async () => new Response(), { origins: [] }) as unknown as Handler;
  const listening = createServer(toNodeHandler(handler));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  for (const [path, host, status] of [
    ["/public/../api", "localhost", 400],
    ["/", "evil.example", 403],
  ] as const) {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", () => {});
    socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const sending = setInterval(() => socket.write("4\r\nbody\r\n"), 10);
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(sending);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer.toLowerCase()).toContain("connection: close");
  }
  listening.close();
});
