import { describe, expect, it } from "vitest";
import { blocksOf } from "../../../inspector/ui/markdown-blocks.ts";
import { INLINE_MARK } from "../../../inspector/ui/markdown-inline.ts";
import { rpcError } from "../../../src/errors/rpc-errors.ts";
import type { CodexWarning } from "../../../src/errors/warning.ts";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import { lastWords } from "../../../src/process/last-words.ts";
import { parseListen, reportedAddress } from "../../../src/process/listen-address.ts";
import { hasHiddenCharacters, textSection } from "../../../src/requests/sections.ts";
import { classify } from "../../../src/rpc/messages.ts";
import { readMetadata } from "../../../src/session/handshake.ts";
import { ServerWarnings } from "../../../src/session/server-warnings.ts";
import { Strays } from "../../../src/session/strays.ts";
import { mayNameSecret } from "../../../src/text/secret-names.ts";
import { safeLines, safeMessage } from "../../../src/text/secrets.ts";
import type { VisibleText } from "../../../src/text/visible.ts";
import { isBeforeFirstTurn } from "../../../src/thread/history.ts";
import { discover } from "../../../src/thread/missed-turns.ts";
import { isOlder } from "../../../src/thread/server-version.ts";
import { DeltaRun } from "../../../src/trace/delta-run.ts";
import { LineSplitter } from "../../../src/transport/lines.ts";
import { shownAddress } from "../../../src/transport/shown-url.ts";
import { mediaTypeOf } from "../../../src/web/media-type.ts";
import { fakeClient, turnStarted } from "../../support/fake.ts";
import { expectLinear } from "../../support/growth.ts";

const quietly = (run: () => unknown) => {
  try {
    run();
  } catch {
    // Only the time counts.
  }
};

describe("takes time that grows with the length", () => {
  it.each<[string, (text: string) => unknown]>([
    ["the message of an error", safeMessage],
    ["a message that is too long for one", (text) => safeMessage(text.repeat(20))],
    ["the end of stderr", (text) => lastWords(safeLines(text.match(/.{1,8192}/gs) ?? []))],
    ["an error of the server", (text) => rpcError("m", { code: -32600, message: text })],
    [
      "an answer to initialize",
      (text) => quietly(() => readMetadata({ userAgent: text, serverInfo: { name: text } })),
    ],
    ["the version of a server", (text) => isOlder(text, "0.1.0")],
    ["a line with an address", (text) => quietly(() => reportedAddress(text, "ws://127.0.0.1:0"))],
    ["an address", (text) => [parseListen(`ws://${text}`), shownAddress(text)]],
    ["the name of a header", mayNameSecret],
    [
      "the detail of a request",
      (text) => {
        const escaped = text.replaceAll("a", "\\") as VisibleText;
        const section = { ...textSection("subject", "", ""), label: escaped, text: escaped };
        return [section, { ...section, format: "json" } as const].map(hasHiddenCharacters);
      },
    ],
    ["a message that fits nowhere", (text) => new Strays(() => {}).add("it is odd", text)],
    [
      "a warning of the server",
      (text) => {
        const warn = (warning: CodexWarning) => void warning.message;
        new ServerWarnings(warn).see({ method: "warning", params: { message: text } });
      },
    ],
    [
      "the server's reason for having no history",
      (text) => {
        const message = text.replaceAll("a", "rollout at ");
        return isBeforeFirstTurn(rpcError("m", { code: -32600, message }));
      },
    ],
    ["the type of an image", (text) => mediaTypeOf(text.replaceAll("a", ".a?").concat("\n"))],
    ["a block of Markdown", (text) => [blocksOf(text), blocksOf(`* ${text}\rx`)]],
    ["a mark in Markdown", (text) => INLINE_MARK.exec(text)],
    [
      "the line of a delta, for a trace",
      (text) => {
        const members = text.slice(0, text.length / 4).replaceAll("a", '"itemId":"x",');
        return DeltaRun.of(`{"method":"item/a","params":{${members}`, () => true);
      },
    ],
    ["a list of turns that were missed", (text) => showMissed(text.length)],
    ["framing", (text) => cut(Buffer.from(text))],
    ["telling messages apart", (text) => [classify(text), classify(JSON.stringify([text]))]],
    [
      "the answer of a model",
      (text) => {
        const schema = { type: "object", properties: { a: { type: "string" } } };
        return prepareOutput(schema, { strict: false }).parse(JSON.stringify({ a: text }));
      },
    ],
  ])("%s", (_name, run) => {
    expectLinear(run);
  });
});

function showMissed(count: number): void {
  const listed = Array.from({ length: count / 2 }, (_, index) => {
    return { id: `u${index}`, rootTurnId: "root", status: "completed", items: [] };
  });
  const turns = { areShown: true, knows: () => false, get: () => undefined, find: () => undefined };
  const thread = { family: {}, turns, starts: {}, shown: { newest: null } };
  discover(thread as never, listed as never, { connection: {} as never, hasEnded: () => true });
}

function cut(bytes: Buffer): void {
  const splitter = new LineSplitter(() => {});
  for (let at = 0; at < bytes.length; at += 1_000) splitter.push(bytes.subarray(at, at + 1_000));
  splitter.end();
}

it("an interrupt reads no more of the server's refusal than it needs", async () => {
  const { codex, server } = fakeClient();
  const thread = await codex.threadStart();
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  server.notify(...turnStarted("t1", "u1"));
  const turn = await starting;
  const interrupting = turn.interrupt();
  const request = await server.request("turn/interrupt");
  const before = process.cpuUsage();
  request.fail(-32600, `thread broken: ${"expected active turn id ".repeat(50_000)}`);
  await interrupting;
  const { user } = process.cpuUsage(before);
  expect(user / 1000).toBeLessThan(5_000);
  await codex.close();
});
