import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Codex, LaunchError, proxy } from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";
import { commandLines } from "../../support/processes.ts";
import { startOnSocket } from "../../support/routes.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** The proxies of this process that reach this socket. */
function proxies(sock: string): number[] {
  return procTable.children(process.pid).filter((pid) => {
    const [line = ""] = commandLines(pid);
    return line.includes(" proxy ") && line.includes(sock);
  });
}

describe("the process of proxy()", () => {
  it("has exited when close() has resolved", async () => {
    await using served = await startOnSocket();
    const codex = new Codex({ transport: proxy({ sock: served.sock }) });
    await codex.connect();
    expect(proxies(served.sock)).toHaveLength(1);
    await codex.close();
    expect(proxies(served.sock)).toEqual([]);
  });

  it("exits soon after the server has died, even if nothing is sent", async () => {
    await using served = await startOnSocket();
    const codex = new Codex({ transport: proxy({ sock: served.sock }), reconnect: false });
    await codex.connect();
    await served.server.close();
    expect((await codex.closed)?.message).toContain("proxy");
    await waitUntil("the proxy is gone", () => proxies(served.sock).length === 0);
  }, 15_000);

  it("exits when nothing listens on the socket", async () => {
    const sock = "/tmp/nobody-listens-here.sock";
    await using codex = new Codex({ transport: proxy({ sock }) });
    expect(await failureOf(codex.connect())).toBeInstanceOf(LaunchError);
    expect(proxies(sock)).toEqual([]);
  });

  it("exits when a handshake that is never answered was aborted", async () => {
    await using folder = await temporaryDirectory("codex-sock-");
    const sock = join(folder.path, "s.sock");
    const silent = createServer((socket) => void socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(sock, resolve));
    const controller = new AbortController();
    const connecting = failureOf(proxy({ sock }).connect(controller.signal));
    await waitUntil("the proxy runs", () => proxies(sock).length === 1);
    controller.abort(new Error("enough"));
    expect((await connecting).message).toBe("enough");
    expect(proxies(sock)).toEqual([]);
    silent.close();
  });
});
