import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Codex, LaunchError, unixSocket } from "../../../src/index.ts";
import {
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";

let folder: TemporaryDirectory;
let servers: Server[];
beforeEach(async () => {
  folder = await temporaryDirectory("codex-owner-");
  servers = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers) server.close();
  await folder[Symbol.asyncDispose]();
});

const at = (...path: string[]) => join(folder.path, ...path);

/** It hangs up on every handshake: so that is what a client reports that dared to connect. */
async function listenOn(path: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

/** Makes this user another one than the owner of these files; only root can give them away. */
function give(...paths: string[]): void {
  if (process.getuid?.() === 0) for (const path of paths) chownSync(path, 12_345, 12_345);
  else vi.spyOn(process, "getuid").mockReturnValue(12_345);
}

async function refusal(path: string, options = {}): Promise<string> {
  const codex = new Codex({ transport: unixSocket(path, options) });
  const error = await failureOf(codex.connect());
  await codex.close();
  expect(error).toBeInstanceOf(LaunchError);
  return error.message;
}

const CONNECTED = "socket hang up";

describe("a socket that nobody listens on", () => {
  // The first WebSocket of a process loads the package for them, and meanwhile the socket fails.
  it("is an error of the call, and not an uncaught one of its stream", async () => {
    const left = at("left.sock");
    await listenOn(left);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    writeFileSync(left, "");
    expect(await refusal(left)).toMatch(/unix:\/\/.*left\.sock.*ECONNREFUSED.*Is it running there/);
    expect(await refusal(at("none.sock"))).toContain("ENOENT");
  });
});

describe("the owner of a socket", () => {
  it("one of this user is accepted, also through a link of this user", async () => {
    const path = await listenOn(at("s.sock"));
    symlinkSync(path, at("link.sock"));
    expect(await refusal(path)).toContain(CONNECTED);
    expect(await refusal(at("link.sock"))).toContain(CONNECTED);
  });

  it("one in a world-writable folder with the sticky bit is safe", async () => {
    mkdirSync(at("tmp"));
    chmodSync(at("tmp"), 0o1777);
    expect(await refusal(await listenOn(at("tmp", "s.sock")))).toContain(CONNECTED);
  });

  it("another user's socket is refused, unless that is allowed", async () => {
    const path = await listenOn(at("s.sock"));
    give(path);
    expect(await refusal(path)).toMatch(/isn't trusted: .* belongs to another user \(uid \d+/);
    expect(await refusal(path, { allowOtherOwner: true })).toContain(CONNECTED);
  });

  it("one in another user's folder is refused, by a link too", async () => {
    mkdirSync(at("theirs"));
    const path = await listenOn(at("theirs", "s.sock"));
    symlinkSync(at("theirs"), at("mine"));
    give(at("theirs"));
    expect(await refusal(path)).toContain("theirs belongs to another user");
    expect(await refusal(at("mine", "s.sock"))).toContain("belongs to another user");
  });

  it("one that every user can replace is refused", async () => {
    mkdirSync(at("open"));
    chmodSync(at("open"), 0o777);
    const path = await listenOn(at("open", "s.sock"));
    expect(await refusal(path)).toContain("open is a folder in which every user can replace files");
    rmSync(path);
  });
});

it.each([
  [["", {}], 'unixSocket option path must be a non-empty string, not ""'],
  [[5, {}], "unixSocket option path must be a non-empty string, not 5"],
  [["/s", { maxMesageBytes: 1 }], 'unixSocket has no option "maxMesageBytes"'],
  [["/s", { maxMessageBytes: 0 }], "maxMessageBytes must be a whole number of bytes from 1 to"],
  [["/s", { maxMessageBytes: 2 ** 30 }], "maxMessageBytes must be a whole number of bytes from 1"],
  [["/s", { allowOtherOwner: "yes" }], "allowOtherOwner must be a boolean"],
])("%j is a TypeError that says so", (args, message) => {
  expect(() => unixSocket(...(args as [string, object]))).toThrow(TypeError);
  expect(() => unixSocket(...(args as [string, object]))).toThrow(message);
});
