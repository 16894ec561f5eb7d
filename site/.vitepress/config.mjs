import path from "node:path";
import { defineConfig } from "vitepress";
import { repository, siteLinks, slugify } from "../links.mjs";
import { guides, pageOf, reference, root } from "../pages.mjs";
import { screenshots } from "../screenshots.mjs";

const site = path.dirname(import.meta.dirname);
const base = process.env.SITE_BASE ?? "/";

export default defineConfig({
  title: "codex-app-server",
  description: "TypeScript SDK for the Codex app-server",
  lang: "en",
  base,
  srcDir: root,
  srcExclude: ["README.md", "!(docs|site)/**/*.md", "site/!(reference)/**/*.md"],
  rewrites: (file) => pageOf(file) ?? file,
  cleanUrls: true,
  metaChunk: true, // otherwise each page would contain all sidebars
  ignoreDeadLinks: true, // check-links.mjs checks the pages as they were built, anchors too
  markdown: {
    anchor: { slugify },
    preConfig: siteLinks,
    config: screenshots,
  },
  vite: {
    build: { chunkSizeWarningLimit: 1000 }, // the search index, loaded when it is used
    publicDir: `${site}/public`,
    plugins: [{ name: "vue-of-the-site", enforce: "pre", resolveId: vueOfTheSite }],
  },
  head: [["link", { rel: "icon", href: `${base}logo.svg` }]],
  transformPageData({ relativePath, frontmatter }) {
    if (relativePath.startsWith("reference/")) frontmatter.editLink = false; // not in the repository
  },
  themeConfig: {
    logo: "/logo.svg",
    nav: [
      {
        text: "Guides",
        link: "/guides/getting-started",
        activeMatch: "^/(guides/|recipes/|sync|testing)",
      },
      { text: "Reference", link: "/reference/", activeMatch: "^/reference/" },
      {
        text: "Explanation",
        link: "/architecture",
        activeMatch: "^/(architecture|reliability|security|performance|compatibility)$",
      },
    ],
    sidebar: { ...reference(), "/": guides() },
    outline: [2, 3],
    search: {
      provider: "local",
      options: { _render: searchable },
    },
    socialLinks: repository ? [{ icon: "github", link: repository }] : [],
    editLink: repository && {
      pattern: `${repository}/edit/main/:path`,
      text: "Edit this page",
    },
    footer: { message: "Released under the Apache-2.0 licence." },
  },
});

/**
 * The text of a page to search: only the names of the protocol's types, because they are half of
 * all text.
 */
function searchable(source, env, md) {
  if (!/reference\/protocol\/.\.md$/.test(env.relativePath)) return md.render(source, env);
  return md.render(source.match(/^#+ .*$/gm).join("\n\n"), env);
}

/**
 * Resolves Vue from the site's dependencies: the pages are outside this folder, and would look in the package's dependencies.
 */
function vueOfTheSite(id, _importer, { ssr }) {
  return ssr && /^vue(?:\/server-renderer)?$/.test(id) ? { id, external: true } : undefined;
}
