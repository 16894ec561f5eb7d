import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";

const root = path.resolve(import.meta.dirname, "../..");
const examples = path.join(root, "examples");

/** The chat's server, once the examples are compiled. */
export const chatServer = path.join(examples, "dist/chat/server.js");

/** The server of the chat in React, once the examples are compiled. */
export const reactChatServer = path.join(examples, "dist/react-chat/server.js");

/** The server of the chat with `useChat`, once its page is bundled too. */
export const useChatServer = path.join(examples, "dist/use-chat/server.js");

/** Type-checks the page of the chat with `useChat`, and bundles it. */
export async function bundleUseChat(): Promise<void> {
  const folder = path.join(examples, "use-chat");
  await promisify(execFile)(process.execPath, [typescript(), "-p", folder], { cwd: root });
  const bundle = await rolldown({
    input: path.join(folder, "page.tsx"),
    platform: "browser",
    // Libraries contain directives for frameworks that this bundle doesn't use.
    logLevel: "silent",
    transform: { define: { "process.env.NODE_ENV": '"production"' }, jsx: "react-jsx" },
  });
  await bundle.write({ file: path.join(path.dirname(useChatServer), "page.js") });
  await bundle.close();
}

function typescript(): string {
  const main = createRequire(import.meta.url).resolve("typescript/package.json");
  return path.join(path.dirname(main), "bin/tsc");
}

export async function compileExamples(): Promise<void> {
  for (const project of [examples, path.join(examples, "react-chat")]) {
    await promisify(execFile)(process.execPath, [typescript(), "-p", project], { cwd: root });
  }
  const page = path.join(path.dirname(chatServer), "index.html");
  await copyFile(path.join(examples, "chat/index.html"), page);
}
