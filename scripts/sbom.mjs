// node scripts/sbom.mjs FILE
// Writes the bill of materials of a release (CycloneDX): every package that is installed, with its
// version and digest, from the lock file. Fails if it isn't complete.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("Name the file to write: node scripts/sbom.mjs FILE");

const { name, version, dependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
const direct = Object.entries(dependencies).map(([one, wanted]) => `${one}@${wanted}`);
const sbom = installedOnly(fullSbom());
writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
console.log(`${file}: ${name}@${version} and ${sbom.components.length} packages`);

function fullSbom() {
  const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
  const options = { cwd: root, encoding: "utf8", shell: process.platform === "win32" };
  return JSON.parse(execFileSync("npm", args, { ...options, maxBuffer: 2 ** 26 }));
}

/**
 * The runtime dependencies and their dependencies. npm's own `--omit=dev` omits a dependency
 * that is also one of a development dependency.
 */
function installedOnly({ metadata, components, dependencies: edges, ...rest }) {
  const leadsTo = new Map(edges.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const installed = new Set(direct);
  for (const ref of installed) {
    for (const next of leadsTo.get(ref) ?? []) installed.add(next);
  }
  const kept = components.filter((one) => installed.has(one["bom-ref"]));
  const missing = [...installed].filter((ref) => !kept.some((one) => one["bom-ref"] === ref));
  if (missing.length > 0) throw new Error(`The lock file lacks ${missing.join(", ")}`);
  const unchecked = kept.filter(({ hashes }) => !hashes?.length);
  if (unchecked.length > 0) {
    throw new Error(`No digest of ${unchecked.map((one) => one["bom-ref"]).join(", ")}`);
  }
  // npm names the package by its folder.
  const component = { ...metadata.component, name };
  return {
    ...rest,
    metadata: { ...metadata, component },
    components: kept,
    dependencies: [
      { ref: component["bom-ref"], dependsOn: direct },
      ...edges.filter(({ ref }) => installed.has(ref)),
    ],
  };
}
