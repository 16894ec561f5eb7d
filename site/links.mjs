// Links in the repository's Markdown lead to files; on the site they lead to pages, or to the file's
// page in the public repository.
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileOf, pageOf, root } from "./pages.mjs";

/** Where the repository is published; undefined if that isn't known. */
export const repository = repositoryUrl();

/** The id of a heading, the same as on GitHub, so that a link works in both places. */
export function slugify(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** A markdown-it plugin. */
export function siteLinks(md) {
  md.core.ruler.push("site-links", ({ tokens, env }) => {
    const unlinked = [];
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = target(token.attrGet("href"), fileOf(env.relativePath));
          unlinked.push(href === undefined);
          if (href === undefined) hide(token);
          else token.attrSet("href", href);
        }
        if (token.type === "link_close" && unlinked.pop()) hide(token);
      }
    }
  });
}

/** Where a link leads on the site; undefined for a file whose public address isn't known. */
function target(href, from) {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
  const [to, hash] = href.split("#");
  const file = path.posix.join(path.posix.dirname(from), decodeURI(to));
  if (!existsSync(path.join(root, file))) throw new Error(`${from}: ${href} doesn't exist`);
  const page = pageOf(file);
  const suffix = hash === undefined ? "" : `#${hash}`;
  if (page !== undefined) return `/${page}${suffix}`;
  if (repository === undefined) return undefined;
  const view = statSync(path.join(root, file)).isDirectory() ? "tree" : "blob";
  return `${repository}/${view}/main/${file}${suffix}`;
}

function hide(token) {
  token.type = "text";
  token.tag = "";
  token.nesting = 0;
  token.content = "";
}

function repositoryUrl() {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const declared = manifest.repository?.url?.replace(/^git\+/, "").replace(/\.git$/, "");
  return declared ?? (GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`);
}
