import { describe, it } from "vitest";
import { wrap } from "../../../src/cli/cells.ts";
import { describeProject } from "../../../src/cli/describe-project.ts";
import { inFrame, questionRows } from "../../../src/cli/question-rows.ts";
import { reportError } from "../../../src/cli/report-error.ts";
import { scriptedDefault } from "../../../src/cli/scripted-default.ts";
import { exactLines, outputLine, outputText, plain, shortened } from "../../../src/cli/text.ts";
import { Transcript } from "../../../src/cli/transcript.ts";
import type { Notification } from "../../../src/index.ts";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import type { ModelRequest } from "../../../src/testing/index.ts";
import { unwrapShell } from "../../../src/text/shell-words.ts";
import { expectLinear } from "../../support/growth.ts";

/** Shows an item in which every text is hostile, from its start to its end. */
function showItem(item: object): void {
  const transcript = new Transcript("/project", plain);
  for (const method of ["item/started", "item/completed"]) {
    transcript.accept({ method, params: { item: { id: "i", ...item } } } as Notification);
  }
  transcript.activity;
}

const call = { status: "completed", durationMs: 1, result: null, error: null };

describe("takes time linear in the length", () => {
  it.each<[string, (text: string) => unknown]>([
    [
      "a command and its output",
      (text) =>
        showItem({
          type: "commandExecution",
          command: text,
          cwd: text,
          status: text,
          aggregatedOutput: text,
          exitCode: null,
          durationMs: null,
        }),
    ],
    ["a wrapped command", (text) => unwrapShell(`bash -lc ${text}`)],
    [
      "changed files",
      (text) =>
        showItem({
          type: "fileChange",
          changes: [{ path: text, kind: { type: "update", move_path: text }, diff: text }],
          status: text,
        }),
    ],
    [
      "a tool's call",
      (text) =>
        showItem({
          type: "mcpToolCall",
          server: text,
          tool: text,
          arguments: { [text]: text },
          ...call,
          error: { message: text },
        }),
    ],
    ["a plan", (text) => showItem({ type: "plan", text })],
    ["reasoning", (text) => showItem({ type: "reasoning", summary: [text] })],
    ["another item", (text) => showItem({ type: text, text })],
    ["a message", (text) => showItem({ type: "agentMessage", text })],
    ["lines", (text) => shortened(exactLines(text))],
    ["one line", outputLine],
    ["rows", (text) => wrap(outputText(text), 40)],
    ["an error", (text) => reportError(new Error(text))],
    ["a README", (text) => describeProject(["README.md"], [{ name: "README.md", text }])],
    [
      "a manifest",
      (text) =>
        describeProject(
          ["x"],
          [
            { name: "README.md", text: "" },
            { name: "package.json", text },
          ],
        ),
    ],
    [
      "a prompt of the scripted model",
      (userText) => scriptedDefault({ userText, outputs: new Map() } as unknown as ModelRequest),
    ],
    [
      "a request",
      (text) => {
        const params = { reason: text, command: text, cwd: text, [text]: text };
        const { title, sections } = describeRequest(
          "item/commandExecution/requestApproval",
          params,
        );
        questionRows(inFrame(title), sections, [], { columns: 80, paint: plain });
      },
    ],
  ])("%s", (_name, run) => {
    expectLinear(run);
  });
});
