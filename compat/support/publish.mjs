import { readFile, writeFile } from "node:fs/promises";

const root = new URL("../../", import.meta.url);
const PLACE = /(?<=<!-- compat -->\n)[\s\S]*(?=<!-- \/compat -->)/;

/** Writes the table into `docs/compatibility.md`, and the summary into the README. */
export async function publish(table, summary) {
  await put("docs/compatibility.md", table);
  await put("README.md", summary);
}

async function put(name, markdown) {
  const page = new URL(name, root);
  const text = await readFile(page, "utf8");
  if (!PLACE.test(text)) throw new Error(`${name} has no place for the table`);
  await writeFile(
    page,
    text.replace(PLACE, () => `\n${markdown}\n\n`),
  );
}
