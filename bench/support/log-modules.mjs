// For `node --import`: prints the URL of every module file that is loaded after it.
import { writeSync } from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

if (isMainThread) register(import.meta.url);

export async function load(url, context, nextLoad) {
  if (url.startsWith("file:")) writeSync(1, `${url}\n`);
  return nextLoad(url, context);
}
