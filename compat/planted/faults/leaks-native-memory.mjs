import { load } from "runar-ts-ffi";
import { end } from "../../kit.mjs";

const MEGABYTE = 1 << 20;

// Only the addon of the tests can lose memory on purpose.
function leak() {
  for (let i = 0; i < 32; i++) load().fixtureLeak(MEGABYTE);
  setTimeout(leak, 1);
}
leak();
await new Promise((resolve) => setTimeout(resolve, 60_000));
end();

// trace
// end
// exit 0
