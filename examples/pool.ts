// A service for many users on one machine. Each user has their own home, and three users share two servers.
import { copyFile, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { CodexPool } from "codex-app-server/pool";

/** Every user gets the settings of this service, but has their own logins, threads and skills. */
const settings = path.join(process.env.CODEX_HOME ?? path.join(homedir(), ".codex"), "config.toml");

await using pool = new CodexPool({
  home: "homes",
  maxServers: 2,
  idleMs: 5 * 60_000,
  codex: async (_user, home) => {
    await copyFile(settings, path.join(home, "config.toml"));
    // The home's name is safe, no matter what the user's name contains.
    const cwd = path.resolve("workspaces", path.basename(home));
    await mkdir(cwd, { recursive: true });
    return { cwd, approvals: "decline" };
  },
});

/** The id of each user's thread. A real service would store it in its database. */
const threads = new Map<string, string>();

function ask(user: string, question: string): Promise<string> {
  return pool.use(
    user,
    async (codex) => {
      const known = threads.get(user);
      const thread = await (known ? codex.threadResume(known) : codex.threadStart());
      threads.set(user, thread.id);
      return (await thread.run(question)).throwIfFailed().text;
    },
    { timeoutMs: 60_000 },
  );
}

const users = ["ada", "bob", "../cy"];
await Promise.all(users.map((user) => ask(user, `My name is ${user}.`)));
for (const user of users) console.log(`${user}: ${await ask(user, "What is my name?")}`);

const { servers, waiting } = pool.status;
console.log(`${servers} servers for ${users.length} users, ${waiting} waiting`);
