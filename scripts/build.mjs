// Builds dist/: the program by tsc, one file a source file, and the report's page, style and client.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOrThrow } from './setup.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program that npm installed. */
export function runPackage(entry, args) {
  runOrThrow(process.execPath, [join(ROOT, 'node_modules', entry), ...args])
}

export async function build() {
  // Imported here, as a bare clone has no packages before the set-up has run.
  const { buildReportClient } = await import('./build-report-client.mjs')
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
  runPackage('typescript/bin/tsc', ['-p', 'tsconfig.json'])
  await buildReportClient(join(ROOT, 'dist', 'report'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
