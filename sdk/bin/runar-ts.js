#!/usr/bin/env node
// The program of `npx runar-ts`.
import "../dist/cli/main.js";
