import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** A module of the package without an entry point; `file` is relative to the repository. */
export async function internal(file) {
  const input = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const bundle = await rolldown({ input, platform: "node", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
