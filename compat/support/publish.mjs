import { readFile, writeFile } from "node:fs/promises";

const page = new URL("../../docs/compatibility.md", import.meta.url);
const TABLE = /(?<=<!-- compat -->\n)[\s\S]*(?=<!-- \/compat -->)/;

/** Puts the table into `docs/compatibility.md`. */
export async function publish(table) {
  const text = await readFile(page, "utf8");
  if (!TABLE.test(text)) throw new Error(`${page.pathname} has no place for the table`);
  await writeFile(
    page,
    text.replace(TABLE, () => `\n${table}\n\n`),
  );
}
