/** The command line as a process. That what it makes works is shown by `npm run test:create`. */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../bin/create-runar-ts.js", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "create-runar-ts-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

function create(args: string[], userAgent = "npm/10.0.0 node/v20.0.0") {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: place,
    encoding: "utf8",
    env: { ...process.env, npm_config_user_agent: userAgent },
  });
}

const read = (...parts: string[]) => readFileSync(join(place, ...parts), "utf8");
const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(new URL(`../../${folder}/package.json`, import.meta.url), "utf8"));

describe("create-runar-ts", () => {
  it("creates a complete project and prints the next steps", () => {
    const { status, stdout, stderr } = create(["my-app"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(
      "my-app is there. Next:\n\n  cd my-app\n  npm install\n  npm test\n  npm start\n",
    );
    expect(readdirSync(join(place, "my-app")).sort()).toEqual([
      ".dockerignore",
      ".gitignore",
      "Dockerfile",
      "README.md",
      "package.json",
      "src",
      "tsconfig.json",
    ]);
    expect(readdirSync(join(place, "my-app", "src")).sort()).toEqual([
      "greeter.test.ts",
      "greeter.ts",
      "main.ts",
    ]);
    for (const file of ["README.md", "package.json", "Dockerfile", "src/main.ts"]) {
      expect(read("my-app", file)).not.toContain("{{");
    }
  });

  it("depends on its own release of runar-ts and on the tools of this repository", () => {
    create(["versions"]);
    const { version } = manifestOf("create");
    const { devDependencies } = manifestOf(".");
    expect(JSON.parse(read("versions", "package.json"))).toMatchObject({
      dependencies: { "runar-ts": `^${version}` },
      devDependencies: {
        "@types/node": devDependencies["@types/node"],
        typescript: devDependencies.typescript,
      },
    });
    expect(manifestOf("sdk").version).toBe(version);
  });

  it.each([
    ["shop", "shop"],
    ["My Shop!", "my-shop-"],
    ["_private", "private"],
    ["деньги", "my-app"],
    ["a/nested/place", "place"],
  ])("turns the folder %s into a valid npm name", (folder, name) => {
    expect(create([folder]).status).toBe(0);
    expect(JSON.parse(read(folder, "package.json")).name).toBe(name);
  });

  it("accepts an empty folder or repository and refuses any other", () => {
    mkdirSync(join(place, "cloned", ".git"), { recursive: true });
    expect(create(["cloned"]).status).toBe(0);
    const again = create(["cloned"]);
    expect(again).toMatchObject({ status: 2, stdout: "" });
    expect(again.stderr).toMatch(/^cloned is not empty\n\nusage: /);
    writeFileSync(join(place, "file"), "");
    expect(create(["file"]).stderr).toMatch(/^file is a file\n/);
  });

  it("prints the next steps for the package manager that runs it", () => {
    const steps = (folder: string, userAgent: string) =>
      create([folder], userAgent).stdout.split("\n  ").slice(2).join(", ").trim();
    expect(steps("with-pnpm", "pnpm/9.0.0 npm/? node/v20.0.0")).toBe(
      "pnpm install, pnpm test, pnpm start",
    );
    expect(steps("with-bun", "bun/1.2.0")).toBe("bun install, bun run test, bun run start");
    expect(steps("by-hand", "")).toBe("npm install, npm test, npm start");
  });

  it("refuses invalid arguments and prints its usage", () => {
    expect(create([])).toMatchObject({ status: 2, stdout: "" });
    expect(create([]).stderr).toMatch(/^expected the name of a folder, got 0 names\n\nusage: /);
    expect(create(["a", "b"]).stderr).toMatch(/got 2 names/);
    expect(create(["--tempalte"]).stderr).toMatch(/^Unknown option '--tempalte'/);
  });

  it("prints its usage and its version", () => {
    expect(create(["--help"])).toMatchObject({ status: 0, stderr: "" });
    expect(create(["-h"]).stdout).toMatch(/^usage: npm create runar-ts <folder>\n/);
    expect(create(["--version"]).stdout).toBe(`${manifestOf("create").version}\n`);
  });
});
