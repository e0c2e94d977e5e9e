// Sections of pages that commands write: what stands between `<!-- name -->` and `<!-- /name -->`.
import { fs } from "zx";

async function split(page, name) {
  const text = await fs.readFile(page, "utf8");
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`${page} has no section ${name}`);
  return { before: text.slice(0, from), section: text.slice(from, to), after: text.slice(to) };
}

export async function readSection(page, name) {
  const { section } = await split(page, name);
  return section;
}

export async function writeSection(page, name, section) {
  const { before, after } = await split(page, name);
  await fs.writeFile(page, `${before}${section}${after}`);
}
