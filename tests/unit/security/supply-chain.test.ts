import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const manifest = JSON.parse(read("package.json"));

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

test("runtime dependencies have exact versions", () => {
  for (const version of Object.values(manifest.dependencies)) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

test("the package is published with provenance, and with its security policy", () => {
  expect(manifest.publishConfig).toEqual({ access: "public", provenance: true });
  expect(manifest.files).toContain("SECURITY.md");
  expect(manifest.scripts).not.toHaveProperty("postinstall");
});

/** A development dependency. npm asks before it runs the script, and BullMQ works without it. */
const WITH_INSTALL_SCRIPT = ["node_modules/msgpackr-extract"];

test("the lock file has a digest of every package, no address, and no install script that is needed", () => {
  const packages: Readonly<Record<string, Locked>> = JSON.parse(read("package-lock.json")).packages;
  const { "": own, ...others } = packages;
  expect(own).toMatchObject({ dependencies: manifest.dependencies });
  for (const [name, { resolved, integrity, hasInstallScript }] of Object.entries(others)) {
    const script = WITH_INSTALL_SCRIPT.includes(name) ? true : undefined;
    expect([name, resolved, hasInstallScript]).toEqual([name, undefined, script]);
    expect(integrity).toMatch(/^sha512-/);
  }
});

test("the SBOM of a release names every package of an installation, with its digest", async () => {
  await using folder = await temporaryDirectory("sbom-");
  const file = path.join(folder.path, "sbom.json");
  await promisify(execFile)(process.execPath, [path.join(root, "scripts/sbom.mjs"), file]);
  const { components, metadata } = JSON.parse(readFileSync(file, "utf8"));
  const names = components.map((one: { "bom-ref": string }) => one["bom-ref"]);
  const direct = Object.entries(manifest.dependencies).map(
    ([name, version]) => `${name}@${version}`,
  );
  expect(names).toEqual(expect.arrayContaining(direct));
  expect(names).not.toContainEqual(expect.stringContaining("vitest"));
  expect(metadata.component.name).toBe(manifest.name);
  for (const { hashes } of components) expect(hashes).toHaveLength(1);
});

describe("the workflows", () => {
  const workflows = readdirSync(path.join(root, ".github/workflows"));

  test.each(workflows)("%s gives its jobs no more than they need", (file) => {
    const text = read(`.github/workflows/${file}`);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text).not.toMatch(/pull_request_target|write-all|NPM_TOKEN|NODE_AUTH_TOKEN|secrets\./);
    const checkouts = text.split("actions/checkout@").length - 1;
    expect(text.split("persist-credentials: false").length - 1).toBe(checkouts);
    // Values that others can choose, such as the name of a branch, never become part of a script.
    expect(text).not.toMatch(/run:.*\$\{\{/);
  });

  test("the job that may publish runs no code of the repository", () => {
    const text = read(".github/workflows/release.yml");
    const publish = /\n {2}publish:\n.*?(?=\n {2}\w+:\n)/s.exec(text)?.[0] ?? "";
    expect(publish).toContain("id-token: write");
    expect(publish).toMatch(/npm publish .*--provenance/);
    expect(publish).not.toMatch(/checkout|npm (?:ci|install|run|test)/);
    expect(text.split("id-token: write")).toHaveLength(2);
  });

  test("there is a scan, and tests on three systems and three versions of Node", () => {
    expect(read(".github/workflows/codeql.yml")).toContain("javascript-typescript");
    const ci = read(".github/workflows/ci.yml");
    expect(ci).toContain("os: [ubuntu-latest, macos-latest, windows-latest]");
    expect(ci).toContain("node: [20, 22, 24]");
  });
});
