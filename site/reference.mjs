// Writes reference/: the API from the docstrings, with a page per class, interface, type and
// function of every entry point in package.json; and the protocol, from the generated types.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Application } from "typedoc";
import { entryPoints } from "../scripts/entry-points.mjs";
import { protocolLinks, writeProtocol } from "./protocol.mjs";

const site = import.meta.dirname;
const root = path.dirname(site);
const out = path.join(site, "reference");
const { name } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** The source files of the entry points, by the name that programs import. */
const entries = Object.fromEntries(
  entryPoints(root).map(({ path: key, module }) => [
    path.posix.join(name, key),
    path.join(root, `src/${module}.ts`),
  ]),
);

rmSync(out, { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown"],
  name,
  entryPoints: Object.values(entries),
  basePath: path.join(root, "src"),
  outputs: [{ name: "markdown", path: out }],
  tsconfig: path.join(site, "tsconfig.json"),
  exclude: [path.join(root, "src/protocol/**")],
  externalSymbolLinkMappings: { [name]: protocolLinks() },
  skipErrorChecking: true, // `npx tsc` does
  validation: { notExported: false },
  logLevel: "Warn",
  treatWarningsAsErrors: true,
  readme: "none",
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  entryFileName: "index",
  modulesFileName: "index",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  expandParameters: true,
  parametersFormat: "table",
  typeDeclarationFormat: "table",
  pageTitleTemplates: {
    member: ({ name }) => name.split("\\<")[0],
    module: ({ name }) => name,
    index: () => "API reference",
  },
});
const project = await app.convert();
if (!project) throw new Error("TypeDoc failed");
for (const module of project.children) {
  const sources = [`${module.name}.ts`, `${module.name}/index.ts`].map((file) =>
    path.join(root, "src", file),
  );
  module.name = Object.keys(entries).find((key) => sources.includes(entries[key]));
}
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
writeFileSync(
  path.join(out, "index.md"),
  `# API reference

Everything that the package exports, and every type and method of the protocol.

| import from | what it is for |
| --- | --- |
${Object.keys(entries).map(row).join("\n")}

- [The protocol](protocol/index.md): every method and type of the app-server
- [Errors and warnings](../../docs/reference/errors.md): every class and code
`,
);
writeProtocol(path.join(out, "protocol"));

function row(entry) {
  const module = project.children.find(({ name }) => name === entry);
  const about = module.comment?.summary.map(({ text }) => text).join("");
  if (!about) throw new Error(`${entry} has no @module comment that says what it is for`);
  return `| [\`${entry}\`](${entry}/index.md) | ${about.replaceAll("\n", " ")} |`;
}
