// Which files of the repository are pages of the site, at which addresses, and in which order.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { entryPoints } from "../scripts/entry-points.mjs";

export const root = path.dirname(import.meta.dirname);

/** Addresses of files that aren't in `docs`. */
const elsewhere = {
  "site/index.md": "index.md",
  "ARCHITECTURE.md": "architecture.md",
  "CHANGELOG.md": "changelog.md",
  "CONTRIBUTING.md": "contributing.md",
  "SECURITY.md": "security-policy.md",
};

/** The order of the sidebar. Pages of `docs` that aren't here come last in the group of their folder. */
const order = {
  Start: ["docs/guides/getting-started.md", "docs/guides/login.md", "docs/guides/options.md"],
  Guides: [
    "docs/guides/threads.md",
    "docs/guides/many-threads.md",
    "docs/guides/streaming.md",
    "docs/guides/timeline.md",
    "docs/guides/inputs.md",
    "docs/guides/structured-output.md",
    "docs/guides/tools.md",
    "docs/guides/approvals.md",
    "docs/guides/pending-requests.md",
    "docs/guides/ui-streams.md",
    "docs/guides/interrupting.md",
    "docs/guides/errors.md",
    "docs/guides/reconnecting.md",
    "docs/guides/shared-servers.md",
    "docs/guides/server.md",
    "docs/pool.md",
    "docs/fleet.md",
    "docs/guides/embedding.md",
    "docs/guides/requests.md",
    "docs/web.md",
    "docs/sync.md",
    "docs/testing.md",
    "docs/guides/debugging.md",
    "docs/guides/traces.md",
    "docs/inspector.md",
    "docs/guides/opentelemetry.md",
    "docs/guides/packaging.md",
    "docs/guides/codex-sdk.md",
    "docs/guides/python.md",
  ],
  Recipes: [
    "docs/recipes/chat.md",
    "docs/recipes/review-bot.md",
    "docs/recipes/batch.md",
    "docs/recipes/ci.md",
  ],
  Explanation: [
    "ARCHITECTURE.md",
    "docs/reliability.md",
    "docs/security.md",
    "docs/performance.md",
    "docs/compatibility.md",
    "docs/compatibility-codex-sdk.md",
  ],
  Project: ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
};
const groupOfFolder = { "docs/guides": "Guides", "docs/recipes": "Recipes", docs: "Explanation" };

/** The page of the site for a file of the repository; undefined if there is none. */
export function pageOf(file) {
  if (elsewhere[file]) return elsewhere[file];
  return /^(?:docs|site(?=\/reference))\/(.*\.md)$/.exec(file)?.[1];
}

/**
 * The inverse of `pageOf`; a file's own path is returned unchanged, because VitePress passes
 * either.
 */
export function fileOf(page) {
  if (existsSync(path.join(root, page))) return page;
  const [file] = Object.entries(elsewhere).find(([, address]) => address === page) ?? [];
  return file ?? `${existsSync(path.join(root, "docs", page)) ? "docs" : "site"}/${page}`;
}

export function guides() {
  const listed = Object.values(order).flat();
  const docs = markdownIn("docs").filter((file) => !listed.includes(file));
  return Object.entries(order).map(([text, files]) => {
    const others = docs.filter((file) => groupOfFolder[path.posix.dirname(file)] === text);
    const items = [...files, ...others].filter((file) => existsSync(path.join(root, file)));
    return { text, items: items.map(item) };
  });
}

const KINDS = ["classes", "errors", "functions", "interfaces", "type-aliases", "variables"];

/**
 * The sidebars of the reference, by the start of the address. Built from the folders that
 * `reference.mjs` writes: one per entry point, each with one per kind. Each sidebar shows the contents
 * of one entry point: a list of everything would be most of each page.
 */
export function reference() {
  const pages = markdownIn("site/reference").filter((file) => !file.includes("/protocol/"));
  const modules = entryPoints(root)
    .map(({ path: key }) => path.posix.join("site/reference/codex-app-server", key))
    .filter((folder) => existsSync(path.join(root, folder)));
  const protocol = markdownIn("site/reference/protocol").filter(
    (file) => !file.endsWith("/index.md"),
  );
  const sidebar = (shown) => [
    { text: "Tables", items: markdownIn("docs/reference").map(item) },
    ...modules.map((entry) => ({
      text: entry.replace("site/reference/", ""),
      link: linkOf(`${entry}/index.md`),
      items: entry === shown ? kindsOf(entry, pages) : undefined,
    })),
    {
      text: "The protocol",
      link: "/reference/protocol/",
      items: shown === "protocol" ? protocol.map(typesItem) : undefined,
    },
  ];
  return {
    "/reference/": sidebar(),
    "/reference/protocol/": sidebar("protocol"),
    ...Object.fromEntries(modules.map((entry) => [linkOf(`${entry}/index.md`), sidebar(entry)])),
  };
}

/** The contents of an entry point, by kind. */
function kindsOf(entry, pages) {
  const isError = (file) => /\/classes\/\w+(?:Error|Warning)\.md$/.test(file);
  const inKind = (kind) =>
    pages.filter((file) => {
      const folder = kind === "errors" ? "classes" : kind;
      if (path.posix.dirname(file) !== `${entry}/${folder}`) return false;
      return folder !== "classes" || isError(file) === (kind === "errors");
    });
  return KINDS.map((kind) => ({
    text: kind[0].toUpperCase() + kind.slice(1).replace("-", " "),
    collapsed: kind !== "classes" && kind !== "functions",
    items: inKind(kind).map((file) => ({
      text: path.posix.basename(file, ".md"),
      link: linkOf(file),
    })),
  })).filter(({ items }) => items.length > 0);
}

function item(file) {
  return { text: titleOf(file), link: linkOf(file) };
}

function typesItem(file) {
  return { text: `Types: ${path.posix.basename(file, ".md").toUpperCase()}`, link: linkOf(file) };
}

function linkOf(file) {
  return `/${pageOf(file).replace(/(?:(?<=^|\/)index)?\.md$/, "")}`;
}

function titleOf(file) {
  const [, title = file] = /^# (.*)$/m.exec(readFileSync(path.join(root, file), "utf8")) ?? [];
  return title.replaceAll("`", "");
}

/** The Markdown files in a folder, by name; none if the folder doesn't exist yet. */
function markdownIn(folder) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `${folder}/${file.replaceAll(path.sep, "/")}`)
    .sort();
}
