import path from "node:path";
import vm from "node:vm";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** The timeline's code as one script for browsers. */
async function bundled(): Promise<string> {
  const input = path.join(root, "src/timeline/index.ts");
  const bundle = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife", name: "timeline", minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual([]);
  return output[0].code;
}

test("the timeline runs with browser APIs only", async () => {
  const code = await bundled();
  expect(code).not.toMatch(/node:|\brequire\(|\bprocess\.|\bBuffer\b/);
  const tasks: (() => void)[] = [];
  const context = vm.createContext({ setTimeout: (run: () => void) => tasks.push(run) });
  vm.runInContext(code, context);
  const result = vm.runInContext(
    `const one = new timeline.Timeline("t");
     let calls = 0;
     one.subscribe(() => calls++);
     const item = { type: "agentMessage", id: "m", text: "hi" };
     one.apply({ method: "item/completed", params: { threadId: "t", turnId: "u", item } });
     () => [calls, timeline.toText(one.snapshot), timeline.toMarkdown(one.snapshot).length > 0]`,
    context,
  );
  for (const task of tasks) task();
  expect([...result()]).toEqual([1, "== t\n\n= Turn u · running\n\nCodex\n  hi\n", true]);
});
