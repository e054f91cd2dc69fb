// Builds dist/ (the program by tsc, one file a source file; the report's page, style and client) and
// oclif.manifest.json, with which oclif loads the one command that is run and not all of them.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOrThrow } from './setup.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program that npm installed. */
export function runPackage(entry, args) {
  runOrThrow(process.execPath, [join(ROOT, 'node_modules', entry), ...args])
}

async function writeManifest() {
  const { Plugin } = await import('@oclif/core')
  const plugin = new Plugin({ root: ROOT, ignoreManifest: true, errorOnManifestCreate: true })
  await plugin.load()
  writeFileSync(join(ROOT, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`)
}

export async function build() {
  // Imported here, as a bare clone has no packages before the set-up has run.
  const { buildReportClient } = await import('./build-report-client.mjs')
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
  runPackage('typescript/bin/tsc', ['-p', 'tsconfig.json'])
  await buildReportClient(join(ROOT, 'dist', 'report'))
  await writeManifest()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
