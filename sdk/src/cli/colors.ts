/** The colours of each output stream: picocolors would decide for both, and colour pipes in CI. */

import picocolors from "picocolors";
import { hasColors } from "../platform/colors.js";

/** For what is written to the standard output. */
export const colors = picocolors.createColors(hasColors(process.stdout));

/** For what is written to the standard error stream. */
export const errorColors = picocolors.createColors(hasColors(process.stderr));
