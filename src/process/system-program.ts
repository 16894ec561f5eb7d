import { join, posix, win32 } from "node:path";
import { isFile } from "./native-binary.ts";

/**
 * The absolute path of a program of the operating system; undefined if it doesn't exist. A bare
 * name would be looked up on PATH, and on Windows in the working directory first.
 */
export function systemProgram(
  name: "ps" | "taskkill",
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform !== "win32") {
    return ["/bin", "/usr/bin"].map((folder) => posix.join(folder, name)).find(isFile);
  }
  return [systemRoot(env), "C:\\Windows"]
    .map((root) => join(root, "System32", `${name}.exe`))
    .find(isFile);
}

function systemRoot(env: NodeJS.ProcessEnv): string {
  const root = Object.entries(env).find(([name]) => name.toUpperCase() === "SYSTEMROOT")?.[1];
  return root !== undefined && win32.isAbsolute(root) ? root : "C:\\Windows";
}
