#!/usr/bin/env node
// The program of `npm create runar-ts`.
import "../dist/main.js";
