import { randomUUID } from "node:crypto";
import { appendFile, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { BareClient } from "./bare-client.mjs";
import { appServer } from "./server.mjs";

/**
 * Creates a stored thread with this many turns. Two turns are run; the second one's lines in
 * the thread's file are then repeated for each further turn, with new ids and ordinals, because ten
 * thousand real turns would take an hour. Then the server counts them.
 */
export async function growThread(home, turns) {
  const threadId = await withServer(home, async (client) => {
    const id = await client.startThread();
    for (let turn = 0; turn < 2; turn++) await client.runTurn(id, "Have a look at it.");
    return id;
  });
  const file = await rolloutOf(home);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  await appendFile(file, copies(lines, turns - 2));
  const counted = await withServer(home, (client) => countTurns(client, threadId));
  if (counted !== turns) throw new Error(`the server sees ${counted} turns instead of ${turns}`);
  return threadId;
}

async function withServer(home, use) {
  const client = await BareClient.start({ ...appServer, env: home.env, cwd: home.path });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function rolloutOf(home) {
  const sessions = path.join(home.path, "sessions");
  const files = await readdir(sessions, { recursive: true });
  return path.join(
    sessions,
    files.find((file) => file.endsWith(".jsonl")),
  );
}

function copies(lines, count) {
  const start = lines.findLastIndex((line) => line.includes('"task_started"'));
  const turn = lines.slice(start);
  const ids = new Set(turn.join().match(/(?<="(?:turn_id|id)":")[^"]+/g));
  let ordinal = lines.length;
  let text = "";
  for (let copy = 0; copy < count; copy++) {
    const fresh = new Map([...ids].map((id) => [id, renewed(id)]));
    for (const line of turn) {
      text += line
        .replace(/"[^"]+"/g, (found) => fresh.get(found.slice(1, -1)) ?? found)
        .replace(/"ordinal":\d+/, () => `"ordinal":${ordinal++}`);
      text += "\n";
    }
  }
  return text;
}

/** Another id of the same kind, in quotes. */
function renewed(id) {
  return `"${id.slice(0, -12)}${randomUUID().slice(-12)}"`;
}

async function countTurns(client, threadId) {
  // The server reads new lines of the file when it resumes the thread.
  await client.request("thread/resume", { threadId, excludeTurns: true });
  let count = 0;
  let cursor = null;
  do {
    const page = await client.request("thread/turns/list", { threadId, cursor, limit: 100 });
    count += page.data.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return count;
}
