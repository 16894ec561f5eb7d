import path from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** An entry point's code as a page loads it. */
async function bundled(entry: string, external: string[] = []): Promise<string> {
  const input = path.join(root, entry);
  const bundle = await rolldown({ input, external, platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual(external);
  return output[0].code;
}

it.each([
  ["src/browser/index.ts", [], 15_000],
  ["src/react/index.ts", ["react"], 15_000],
])("%s needs no Node, and is small", async (entry, external, most) => {
  const code = await bundled(entry, external);
  expect(code).not.toMatch(/node:|\brequire\(|\bprocess\.|\bBuffer\b/);
  expect(gzipSync(code).byteLength).toBeLessThan(most);
});
