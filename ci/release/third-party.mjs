// The file of a published package that names the packages whose code is inside, with their licences.
import { fs, path } from "zx";

export const THIRD_PARTY_LICENSES = "THIRD-PARTY-LICENSES";

const LICENSE_FILE = /^licen[cs]e(\.(md|txt))?$/i;
const HEADING = /^## (?<name>\S+) (?<version>\S+) \((?<license>.+)\)$/gm;

async function sectionOf(folder) {
  const { name, version, license } = await fs.readJson(path.join(folder, "package.json"));
  const file = (await fs.readdir(folder)).find((one) => LICENSE_FILE.test(one));
  if (file === undefined) throw new Error(`${name}: the package has no file with its licence`);
  const text = await fs.readFile(path.join(folder, file), "utf8");
  return `## ${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}

/**
 * @param folders those of the packages
 * @returns the text of the file; an error when a package has no licence
 */
export async function thirdPartyLicenses(folders) {
  const sections = await Promise.all(folders.map(sectionOf));
  return ["Code of these packages is in this one.\n", ...sections].join("\n");
}

/** The packages that such a file names: `{ name, version, license }`. */
export function thirdPartyPackages(text) {
  return [...text.matchAll(HEADING)].map(({ groups }) => ({ ...groups }));
}
