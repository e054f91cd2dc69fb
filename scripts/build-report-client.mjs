import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const templates = fileURLToPath(new URL('../templates/report/', import.meta.url))

/** Puts what the HTML report is made of into `directory` (the build's is dist/report): page.html, style.css, client.js. */
export async function buildReportClient(directory) {
  await mkdir(directory, { recursive: true })
  await build({
    entryPoints: [join(templates, 'client.ts')],
    outfile: join(directory, 'client.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'inline',
    logLevel: 'warning',
  })
  for (const name of ['page.html', 'style.css']) await copyFile(join(templates, name), join(directory, name))
}
