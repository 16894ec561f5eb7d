import { writeFileSync } from "node:fs";
import path from "node:path";
import { sh } from "../support/shell.mjs";
import { tools } from "../support/tools.mjs";

const ESM = `
import { Codex, type CommandExecutionItem, type Notification, tool } from "codex-app-server";
import { CodexSync } from "codex-app-server/sync";
import { startScripted } from "codex-app-server/testing";
await using codex = new Codex({ approvals: { command: ({ command }) => command ? "accept" : "decline" } });
const thread = await codex.threadStart({ sandbox: "read-only" });
for await (const { method, params } of codex.notifications()) {
  if (method === "item/started" && params.item.type === "commandExecution") {
    const item: CommandExecutionItem = params.item;
    item.command satisfies string;
  }
}
for await (const event of (await thread.turn("x")).stream()) event satisfies Notification;
using sync = new CodexSync();
sync.threadStart().run("x").text satisfies string;
(await startScripted()).home satisfies string;
tool({ name: "t", description: "", input: {}, execute: () => "" });
`;
const COMMONJS = `
import { Codex } from "codex-app-server";
import { CodexSync } from "codex-app-server/sync";
import { startScripted } from "codex-app-server/testing";
const codex = new Codex();
codex.threadStart({ model: "m" }).then((thread) => thread.id satisfies string);
new CodexSync().close();
startScripted();
`;

/** How programs are compiled, by the name of the column. */
export const compilations = {
  "ES module, `nodenext`": { file: "main.mts", code: ESM, flags: ["nodenext", "nodenext"] },
  "ES module, `bundler`": { file: "main.mts", code: ESM, flags: ["esnext", "bundler"] },
  "CommonJS, `node16`": { file: "main.cts", code: COMMONJS, flags: ["node16", "node16"] },
  "CommonJS, `node10`": { file: "main.cts", code: COMMONJS, flags: ["commonjs", "node10"] },
};

export const compilers = ["5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "6.0"];

/** Compiles a program against the installed package in `cwd`, with its declarations checked too. */
export async function compile(version, { file, code, flags: [module, resolution] }, cwd) {
  const modules = await tools("typescript");
  writeFileSync(path.join(cwd, file), code);
  const deprecated = resolution === "node10" && version === "6.0" ? "6.0" : "5.0";
  await sh(
    process.execPath,
    [
      path.join(modules, `typescript-${version}/bin/tsc`),
      ...["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,esnext.disposable"],
      ...["--module", module, "--moduleResolution", resolution],
      ...["--ignoreDeprecations", deprecated, "--skipLibCheck", "false"],
      ...["--typeRoots", path.join(modules, "@types"), "--types", "node", file],
    ],
    { cwd },
  );
}
