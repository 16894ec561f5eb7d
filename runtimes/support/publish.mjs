import { readFile, writeFile } from "node:fs/promises";

const PAGE = new URL("../../docs/runtimes.md", import.meta.url);
const PLACE = /(?<=<!-- runtimes -->\n)[\s\S]*(?=<!-- \/runtimes -->)/;

/** Writes the tables into `docs/runtimes.md`. */
export async function publish(tables) {
  const text = await readFile(PAGE, "utf8");
  if (!PLACE.test(text)) throw new Error("docs/runtimes.md has no place for the tables");
  await writeFile(
    PAGE,
    text.replace(PLACE, () => `\n${tables}\n\n`),
  );
}
