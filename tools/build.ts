/** `npm run build`: the web app, when it is not up to date. */
import { buildWeb } from './web/build.ts'

const started = performance.now()
const isNew = await buildWeb()
const seconds = ((performance.now() - started) / 1000).toFixed(1)
if (isNew) console.log(`built the web app in ${seconds} s`)
