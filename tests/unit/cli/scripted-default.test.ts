import { describe, expect, it } from "vitest";
import { SANDBOX_BROKEN, scriptedDefault } from "../../../src/cli/scripted-default.ts";
import { ModelRequest } from "../../../src/testing/model-request.ts";
import { Draft, type Part } from "../../../src/testing/part.ts";

type Outputs = Readonly<Record<string, string>>;

/** The calls and the text of the model's answer to a prompt and to the outputs so far. */
function answer(prompt: string, outputs: Outputs = {}) {
  const input = [
    { type: "message", role: "user", content: [{ type: "input_text", text: prompt }] },
    ...Object.entries(outputs).map(([call_id, output]) => ({
      type: "function_call_output",
      call_id,
      output,
    })),
  ];
  const request = new ModelRequest({
    index: 0,
    headers: {},
    body: { input },
    signal: new AbortController().signal,
    ended: Promise.resolve("answered"),
  });
  const steps = [...(scriptedDefault(request) as Part).steps(new Draft())] as { item?: unknown }[];
  const items = steps
    .filter((step) => (step as { type?: string }).type === "response.output_item.done")
    .map(({ item }) => item as Record<string, string> & { content?: { text: string }[] });
  return {
    calls: items
      .filter(({ arguments: args }) => args)
      .map((item) => JSON.parse(String(item.arguments))),
    patch: items.find(({ name }) => name === "apply_patch")?.input,
    text: items.flatMap(({ content }) => content?.map(({ text }) => text) ?? []).join(""),
  };
}

const ran = (output: string, code = 0) =>
  `Wall time: 0.1 seconds\nProcess exited with code ${code}\nOutput:\n${output}`;
const prompt = "List the files here and say what this project is";

describe("asked for the project", () => {
  it("lists, reads and answers, one step after another", () => {
    expect(answer(prompt).calls).toEqual([{ cmd: "ls", login: false }]);
    const list = ran("README.md\nsrc\npackage.json\n");
    expect(answer(prompt, { list }).calls.map(({ cmd }) => cmd)).toEqual([
      "cat README.md",
      "cat package.json",
    ]);
    const readme = ran("# Kettle\n\nIt boils.\nOutput:\nsteam");
    const told = answer(prompt, {
      list,
      "read-README.md": readme,
      "read-package.json": ran('{"name": "kettle"}'),
    });
    expect(told.calls).toEqual([]);
    expect(told.text).toContain("3 entries here: README.md, src, package.json.");
    expect(told.text).toContain("Its README.md says: It boils. Output: steam");
  });

  it("asks to leave a sandbox that doesn't work", () => {
    const list = ran("bwrap: Creating new namespace failed\n", 1);
    const escalated = { sandbox_permissions: "require_escalated", justification: SANDBOX_BROKEN };
    expect(answer(prompt, { list }).calls).toMatchObject([{ cmd: "ls", ...escalated }]);
    const again = { list, "list-again": ran("go.mod\n") };
    expect(answer(prompt, again).calls).toMatchObject([{ cmd: "cat go.mod", ...escalated }]);
    const refused = { list, "list-again": "exec_command failed: Rejected" };
    expect(answer(prompt, refused).text).toContain("couldn't list the files here");
  });

  it("reports what went wrong with the listing", () => {
    const told = answer(prompt, { list: ran("ls: no permission\n", 2) });
    expect(told.text).toBe("I couldn't list the files here:\n\nls: no permission");
  });
});

describe("asked to write a file", () => {
  const list = ran("old.txt\n");

  it.each([
    ["Write a file notes.txt", "notes.txt"],
    ["please create the file a-b.md here", "a-b.md"],
  ])("%s", (asked, name) => {
    expect(answer(asked, { list }).patch).toContain(`*** Add File: ${name}\n+`);
    expect(answer(asked, { list, write: "Success. Updated" }).text).toBe(`I wrote ${name}.`);
    expect(answer(asked, { list, write: "no" }).text).toBe(`I didn't write ${name}: no`);
  });

  it("doesn't change existing files or files elsewhere", () => {
    expect(answer("write a file old.txt", { list }).patch).toBeUndefined();
    expect(answer("write a file ../../x.txt", { list }).patch).toBeUndefined();
    expect(answer("write a file /etc/x.txt", { list }).patch).toBeUndefined();
  });
});

it("answers anything else without running anything", () => {
  const { calls, text } = answer("Good morning; rm -rf $HOME");
  expect(calls).toEqual([]);
  expect(text).toMatch(/^You said: Good morning; rm -rf \$HOME\n\nI am a script/);
});
