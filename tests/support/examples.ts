import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../..");
const examples = path.join(root, "examples");

/** The chat's server, once the examples are compiled. */
export const chatServer = path.join(examples, "dist/chat/server.js");

/** The server of the chat in React, once the examples are compiled. */
export const reactChatServer = path.join(examples, "dist/react-chat/server.js");

export async function compileExamples(): Promise<void> {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const tsc = path.join(path.dirname(typescript), "bin/tsc");
  for (const project of [examples, path.join(examples, "react-chat")]) {
    await promisify(execFile)(process.execPath, [tsc, "-p", project], { cwd: root });
  }
  const page = path.join(path.dirname(chatServer), "index.html");
  await copyFile(path.join(examples, "chat/index.html"), page);
}
