import { buildFixtureAddon } from "./addon.mjs";
import { buildTestPeer } from "./test-peer.mjs";
console.log(await buildFixtureAddon());
console.log(await buildTestPeer());
