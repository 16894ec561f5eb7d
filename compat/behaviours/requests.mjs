import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { tool } from "codex-app-server";
import { command, functionCall, patch } from "codex-app-server/testing";

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" };
const PATCH = "*** Begin Patch\n*** Add File: hello.txt\n+hello\n*** End Patch\n";
const escaping = (cmd) => command(cmd, { escalate: "to see what happens" });

/** Runs a turn with these calls under these approvals. */
async function turnWith(stage, calls, approvals) {
  const scripted = await stage.start({ approvals, script: [...calls, "done"] });
  const thread = await scripted.codex.threadStart(ASKING);
  const result = await thread.run("do it");
  const outcomes = result.items.filter((item) => "status" in item);
  return { ...scripted, result, outcomes };
}

/** A tool that records what it is called with. */
function forecasts() {
  const calls = [];
  const forecast = tool({
    name: "forecast",
    description: "The weather in a city.",
    input: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
    execute: (input) => {
      calls.push(input);
      return `Sunny in ${input.city}`;
    },
  });
  return { calls, forecast };
}

export const requests = [
  {
    what: "a command is declined without a rule, and a warning says so",
    async run(stage) {
      const { result, outcomes, warnings, cwd } = await turnWith(
        stage,
        [escaping("touch made"), escaping("touch made")],
        undefined,
      );
      assert.deepEqual([result.status, result.text], ["completed", "done"]);
      assert.deepEqual(
        outcomes.map(({ type, status }) => `${type} ${status}`),
        ["commandExecution declined", "commandExecution declined"],
      );
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ["APPROVAL_DECLINED"],
      );
      assert(!existsSync(path.join(cwd, "made")));
    },
  },
  {
    what: "a rule sees a command and accepts it",
    async run(stage) {
      const asked = [];
      const rule = ({ command: line, reason }, { item }) => {
        asked.push({ line, reason, type: item?.type });
        return "accept";
      };
      const calls = [escaping("echo $((6 * 7)) | tee made")];
      const { outcomes, model, cwd } = await turnWith(stage, calls, { command: rule });
      assert.equal(asked.length, 1);
      assert.match(asked[0].line, /6 \* 7/);
      assert.equal(asked[0].reason, "to see what happens");
      assert.equal(asked[0].type, "commandExecution");
      assert.equal(outcomes[0].status, "completed");
      assert.equal(outcomes[0].exitCode, 0);
      assert.match(model.requests[1].lastOutput, /42/);
      assert(existsSync(path.join(cwd, "made")));
    },
  },
  {
    what: "answering an approval with `cancel` ends the turn as interrupted",
    async run(stage) {
      const { result } = await turnWith(stage, [escaping("touch made")], {
        command: () => "cancel",
      });
      assert.equal(result.status, "interrupted");
    },
  },
  {
    what: "a rule sees the diff of a file change, and declines or accepts it",
    async run(stage) {
      for (const decision of ["decline", "accept"]) {
        const asked = [];
        const rule = (_params, { item }) => {
          asked.push(item);
          return decision;
        };
        const { outcomes, cwd } = await turnWith(stage, [patch(PATCH)], { fileChange: rule });
        const changes = asked.map((item) => [item?.type, item?.changes[0].diff]);
        assert.deepEqual(changes, [["fileChange", "hello\n"]]);
        const accepted = decision === "accept";
        assert.equal(outcomes[0].status, accepted ? "completed" : "declined");
        assert.equal(existsSync(path.join(cwd, "hello.txt")), accepted);
      }
    },
  },
  {
    what: "tools of your program",
    async run(stage) {
      const { calls, forecast } = forecasts();
      const script = [functionCall("forecast", { city: "Oslo" }), "done"];
      const { codex, model } = await stage.start({ script });
      const thread = await codex.threadStart({ tools: [forecast] });
      assert.equal((await thread.run("weather?")).text, "done");
      assert.deepEqual(calls, [{ city: "Oslo" }]);
      assert(model.requests[0].tools.includes("forecast"));
      assert.equal(model.requests[1].lastOutput, "Sunny in Oslo");
    },
  },
  {
    what: "tools of a thread that another process resumes",
    async run(stage) {
      const { model, client } = await stage.home(["hello"]);
      const first = client();
      const started = await first.threadStart({ tools: [forecasts().forecast] });
      await started.run("hi");
      await first.close();
      const call = functionCall("forecast", { city: "Oslo" });
      model.enqueue(call, "without", call, "with");
      const second = client();
      assert.equal((await (await second.threadResume(started.id)).run("?")).text, "without");
      assert.match(model.requests.at(-1).lastOutput, /no tool named "forecast"/);
      await second.close();
      const { calls, forecast } = forecasts();
      const third = await client().threadResume(started.id, { tools: [forecast] });
      assert.equal((await third.run("?")).text, "with");
      assert.deepEqual(calls, [{ city: "Oslo" }]);
    },
  },
];
