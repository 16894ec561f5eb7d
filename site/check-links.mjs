// Every link of the built site must lead to one of its pages or files, and to an id in that page;
// every link into the repository must lead to a file there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./links.mjs";
import { root } from "./pages.mjs";

const dist = path.join(import.meta.dirname, ".vitepress/dist");
const base = process.env.SITE_BASE ?? "/";
const origin = "https://site.invalid";

const pages = new Map(
  readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .map((file) => [file.replaceAll(path.sep, "/"), readFileSync(path.join(dist, file), "utf8")]),
);
const ids = new Map([...pages].map(([file, html]) => [file, new Set(valuesOf(html, "id"))]));
const broken = [];
let count = 0;

for (const [file, html] of pages) {
  const address = new URL(`${base}${file}`, origin);
  for (const link of new Set([...valuesOf(html, "href"), ...valuesOf(html, "src")])) {
    count++;
    if (!leadsSomewhere(link, address)) broken.push(`${file}: ${link}`);
  }
}

for (const line of broken) console.error(line);
console.log(`${count} links on ${pages.size} pages: ${broken.length} broken`);
if (broken.length > 0 || count < pages.size) process.exitCode = 1;

function leadsSomewhere(link, from) {
  const url = new URL(link, from);
  if (repository && link.startsWith(`${repository}/`)) {
    const [, file] = /\/(?:blob|tree|edit)\/main\/([^#]*)/.exec(link) ?? [];
    return file === undefined || existsSync(path.join(root, file));
  }
  if (url.origin !== origin) return /^https:|^data:/.test(link);
  if (!url.pathname.startsWith(base)) return false;
  const target = decodeURI(url.pathname.slice(base.length));
  const page = [target, `${target}.html`, path.posix.join(target, "index.html")].find((file) =>
    pages.has(file),
  );
  if (page === undefined) return target !== "" && existsSync(path.join(dist, target));
  return url.hash === "" || ids.get(page).has(decodeURIComponent(url.hash.slice(1)));
}

/** The values of an attribute in the page's elements. */
function valuesOf(html, attribute) {
  const found = html.matchAll(new RegExp(`<[^>]*?\\s${attribute}="([^"]*)"`, "g"));
  return [...found].map(([, value]) => value.replaceAll("&amp;", "&"));
}
