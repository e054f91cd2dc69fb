#!/usr/bin/env node
// The launcher: run, flush, exit code. It never calls process.exit, which would cut piped output short.
import { readFileSync } from 'node:fs'

const argv = process.argv.slice(2)

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
  // Answered here, as loading oclif alone takes longer than starting Node.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`dala/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
} else {
  const { main } = await import('../dist/main.js')
  process.exitCode = await main(argv, import.meta.url)
}
