// The browser that looks at the site: whichever Chromium the machine has, under its many names.
import { fs, path, which } from "zx";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where the systems that have no command for it keep one. */
const PLACES = {
  darwin: ["Google Chrome", "Chromium"].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"].flatMap(
    (program) =>
      [process.env.ProgramFiles, process.env["ProgramFiles(x86)"]]
        .filter((folder) => folder !== undefined)
        .map((folder) => path.join(folder, program)),
  ),
};

/** Its program: the one that CHROMIUM names, else what is installed. */
export async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named !== undefined) {
    if (await fs.pathExists(named)) return named;
    throw new Error(`CHROMIUM names ${named}, where nothing is.`);
  }
  for (const command of COMMANDS) {
    const program = await which(command, { nothrow: true });
    if (program !== null) return program;
  }
  for (const place of PLACES[process.platform] ?? []) {
    if (await fs.pathExists(place)) return place;
  }
  throw new Error(
    "The site is looked at in a browser, and there is neither Chromium nor Chrome. Install one " +
      "(apt-get install chromium), or name its program: CHROMIUM=/path/to/chrome",
  );
}
