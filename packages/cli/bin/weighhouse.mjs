#!/usr/bin/env node
import { runOnNode26 } from './node-26.mjs'

await runOnNode26(new URL('../src/main.ts', import.meta.url).href)
