// Where the two servers are, and how each contender starts them.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The native app-server of the package's own `@openai/codex`. */
export const codexBinary = nativeBinary();
export const appServer = { command: codexBinary, args: ["app-server", "--listen", "stdio://"] };

const replayScript = fileURLToPath(new URL("replay-server.mjs", import.meta.url));
export const replayServer = { command: process.execPath, args: [replayScript] };

function nativeBinary() {
  const wrapper = createRequire(import.meta.url).resolve("@openai/codex/package.json");
  const { platform, arch } = process;
  const manifest = createRequire(wrapper).resolve(`@openai/codex-${platform}-${arch}/package.json`);
  const vendor = join(dirname(manifest), "vendor");
  const [target] = readdirSync(vendor);
  return join(vendor, target, "bin", platform === "win32" ? "codex.exe" : "codex");
}
