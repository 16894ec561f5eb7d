import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { stdio } from "../../../src/transport/stdio.ts";
import { isRunning } from "../../support/processes.ts";
import { listenTo, shakeHands } from "../../support/transports.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** A server that is a script for Node. */
function scripted(code: string, options: Parameters<typeof stdio>[0] = {}) {
  return stdio({ launchArgs: [process.execPath, "-e", code], ...options });
}

const pidIn = (message: string): number => Number(/pid (\d+)/.exec(message)?.[1]);

it.skipIf(process.platform === "win32")(
  "a program that a repository plants under a relative path isn't started in that repository",
  async () => {
    await using repository = await temporaryDirectory("repository-");
    await writeFile(join(repository.path, "server"), "#!/bin/sh\ncat\n", { mode: 0o755 });
    const planted = stdio({ launchArgs: ["./server"], cwd: repository.path });
    const started = planted.connect(new AbortController().signal);
    await expect(started).rejects.toThrow("it doesn't exist");
  },
);

describe("bytes before a message on its line", () => {
  it.each([
    ["bracketed paste is switched on", "\\u001b[?2004h"],
    ["a byte order mark", "\\ufeff"],
    ["a shell's banner without an end of line", "Welcome to this machine! "],
    ["white space", " \\t"],
  ])("%s: the message is read, and they are skipped", async (_what, junk) => {
    const line = '{"id":1,"result":{"text":"\\u001b{ glued }"}}';
    const code = `process.stdout.write("${junk}" + ${JSON.stringify(line)} + "\\n")`;
    const { got, transport } = await listenTo(scripted(code));
    expect(await got(1)).toEqual([line]);
    await transport.close();
  });

  it("nothing is removed from inside a line, and a line without a message is passed on", async () => {
    const lines = ["no message", "[1]", '{"a":1}', '{"a":1}trailing', '{"a"\u001b[0m:1}'];
    const code = `for (const line of ${JSON.stringify(lines)}) console.log(line)`;
    const { got, transport } = await listenTo(scripted(code));
    expect(await got(lines.length)).toEqual(lines);
    await transport.close();
  });

  it("are quoted, escaped and cut, until the handshake is complete", async () => {
    const code = `
      console.log("\\u001b[31m" + "x".repeat(1000));
      console.log("\\u202e\\ufeff" + '{"id":1}');
      console.log('{"half');
      process.stdin.once("data", () => console.log("after"));`;
    const { got, transport } = await listenTo(scripted(code));
    await got(3);
    const quoted = `"\\x1b[31m${"x".repeat(192)}… (1005 characters)", "\\u{202e}\\u{feff}", "{"half"`;
    expect(transport.noise).toBe(quoted);
    shakeHands(transport);
    await got(4);
    expect(transport.noise).toBe(quoted);
    await transport.close();
  });
});

describe("a line that is too long", () => {
  const flood = (bytes: number, end = "") => `
    process.stdin.once("data", () => {
      process.stdout.write(${JSON.stringify('{"id":1}\n')});
      process.stdin.once("data", () => {
        for (let sent = 0; sent < ${bytes}; sent += 65536) process.stdout.write("x".repeat(65536));
        process.stdout.write("${end}");
      });
    });`;

  it.each([
    ["that has ended", "\\n"],
    ["that never ends", ""],
  ])("%s ends the transport with the reason, and the server", async (_what, end) => {
    const endpoint = scripted(flood(4 * 2 ** 20, end), { maxMessageBytes: 2 ** 20 });
    const { closed, got, messages, ends, transport } = await listenTo(endpoint);
    transport.send("initialize");
    await got(1);
    transport.send("initialized");
    const { message } = await closed;
    expect(message).toContain("(stdio) sent a message of more than 1048576 bytes");
    expect(message).toContain("maxMessageBytes");
    await transport.close();
    expect([messages.length, ends()]).toEqual([1, 1]);
  });

  it("isn't an error up to the limit", async () => {
    const code = `
      process.stdin.once("data", () => console.log('{"id":1}'));
      process.stdin.on("end", () => process.stdout.write("x".repeat(${2 ** 21}) + "\\n"));`;
    const { got, transport } = await listenTo(scripted(code, { maxMessageBytes: 2 ** 21 }));
    transport.send("initialize");
    await got(1);
    transport.send("initialized");
    await transport.close();
    expect((await got(2))[1]?.length).toBe(2 ** 21);
  });
});

describe("a server that sends messages before the handshake is complete", () => {
  it.each([
    ["one line without an end", '"x".repeat(65536)'],
    ["many lines", '("x".repeat(1023) + "\\n").repeat(64)'],
  ])(
    "%s: more than 1 MiB ends the transport",
    async (_what, chunk) => {
      const code = `setInterval(() => process.stdout.write(${chunk}), 0); process.stdin.resume();`;
      const { closed, transport } = await listenTo(scripted(code));
      transport.send("initialize");
      const { message } = await closed;
      expect(message).toContain("more than 1048576 bytes before it answered initialize");
      await transport.close();
    },
    60_000,
  );
});

describe("an error of the layer above", () => {
  it("ends the transport and the server, but not the process", async () => {
    const code = "console.log('{}'); console.error('pid ' + process.pid); process.stdin.resume()";
    const { closed, transport } = await listenTo(scripted(code), () => {
      throw new Error("can't be handled");
    });
    expect((await closed).message).toMatch(
      /^The connection to stdio was closed.*can't be handled$/,
    );
    await transport.close();
  });
});

describe("a server that closes its input", () => {
  it("ends, since nothing more can be sent to it", async () => {
    const code = `require("fs").closeSync(0); console.log("{}"); setInterval(() => {}, 1000);`;
    const { closed, got, transport } = await listenTo(scripted(code));
    await got(1);
    transport.send("x".repeat(2 ** 20));
    const { message } = await closed;
    expect(message).toMatch(/was ended by SIG(TERM|KILL)/);
    await waitUntil("it is gone", () => !isRunning(pidIn(message)));
  });
});
