// `npm run bench -- [cli] [sample] [--write]`: measures and prints; with --write benchmarks/RESULTS.md is made anew.
import { writeFileSync } from 'node:fs'
import { build } from '../scripts/build.mjs'
import { benchCli } from './cli.mjs'
import { benchSample } from './sample.mjs'
import { machine } from './support.mjs'

const BENCHMARKS = { cli: benchCli, sample: benchSample }

const asked = process.argv.slice(2)
const write = asked.includes('--write')
const names = asked.filter((name) => name !== '--write')
const unknown = names.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exitCode = 2
} else {
  await build()
  const chosen = names.length === 0 ? Object.keys(BENCHMARKS) : names
  const parts = [`# Benchmarks\n\nMeasured by \`npm run bench -- --write\` on ${machine()}. Quote the ratios.`]
  for (const name of chosen) {
    const part = await BENCHMARKS[name]()
    console.log(`${part}\n`)
    parts.push(part)
  }
  if (write) writeFileSync(new URL('RESULTS.md', import.meta.url), `${parts.join('\n\n')}\n`)
}
// Tango keeps connections to the adb server that hold the process.
process.exit()
