import { access, mkdir, readFile, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { writeFileAtomic } from '../core/atomic-file.js'
import { DalaError, isSystemError, messageOf, systemCodeOf } from '../core/errors.js'
import { makeFolder } from '../core/make-folder.js'
import { openNdjson, readNdjson, type NdjsonWriter } from '../core/ndjson.js'
import { formatSamplesCsv, parseSamplesCsv } from './samples-csv.js'
import type { Run, RunEvent, RunManifest, Sample } from './types.js'

/** What a run needs on the disk at the very least, for its journal and its reports. */
const MIN_FREE_BYTES = 512 * 1024

/** `<UTC time>-<device>-<mode>`, safe as a file name everywhere. */
export function runId(startedAt: Date, device: string, mode: string): string {
  const time = startedAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')
  const name = device.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 40)
  return `${time}-${name}-${mode}`
}

/** A run that is being written. */
export interface RunFolder {
  readonly dir: string
  readonly journal: NdjsonWriter
  writeManifest(manifest: RunManifest): Promise<void>
}

/** Makes the run's folder; a second run in the same second gets a number behind its name. @throws DalaError DALA_DISK_FULL, DALA_DISK */
export async function createRunFolder(
  root: string,
  manifest: RunManifest,
): Promise<{ folder: RunFolder; manifest: RunManifest }> {
  try {
    await makeFolder(root)
    const { bavail, bsize } = await statfs(root)
    if (bavail * bsize < MIN_FREE_BYTES) throw noSpace(root)
    const { dir, id } = await claimFolder(root, manifest.id)
    const named = { ...manifest, id }
    await writeManifest(dir, named)
    const journal = await openNdjson(join(dir, 'journal.ndjson'))
    return { folder: { dir, journal, writeManifest: (next) => writeManifest(dir, next) }, manifest: named }
  } catch (error) {
    throw storageFailure(root, error)
  }
}

async function claimFolder(root: string, id: string): Promise<{ dir: string; id: string }> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? id : `${id}-${number}`
    const dir = join(root, candidate)
    try {
      await mkdir(dir)
      return { dir, id: candidate }
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
    }
  }
}

function writeManifest(dir: string, manifest: RunManifest): Promise<void> {
  return writeFileAtomic(join(dir, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Writes the run's samples.csv into `dir` and resolves with its path. Rejects with the system's error. */
export async function writeSamples({ samples }: Run, dir: string): Promise<string> {
  await makeFolder(dir)
  const path = join(dir, 'samples.csv')
  await writeFileAtomic(path, formatSamplesCsv(samples))
  return path
}

/** A failure of the disk as what the user can act on; any other error, which is a bug of ours, as it is. */
export function storageFailure(where: string, error: unknown): unknown {
  if (!isSystemError(error)) return error
  const code = systemCodeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return diskError(where, 'the disk is full', error)
  return new DalaError('DALA_DISK', `Cannot write to ${where}: ${messageOf(error)}`, {
    fix: ['Choose a folder that you may write to: --out DIR'],
    cause: error,
  })
}

function noSpace(root: string): DalaError {
  return new DalaError('DALA_DISK_FULL', `Cannot start a run in ${root} as less than 512 kB of its disk are free`, {
    fix: ['Free some space, or choose another disk: --out DIR'],
  })
}

function diskError(where: string, why: string, cause: unknown): DalaError {
  return new DalaError(
    'DALA_DISK_FULL',
    `Cannot store the run in ${where} as ${why}; what was shown until then is kept`,
    {
      fix: ['Free some space, or choose another disk: --out DIR', `Render what there is: dala bench report ${where}`],
      cause,
    },
  )
}

/**
 * Reads a run back: a run folder, the name of one under `root`, or a bare samples.csv from anywhere.
 *
 * @throws DalaError DALA_RUN_NOT_FOUND, DALA_RUN_UNREADABLE
 */
export async function readRun(typed: string, root: string): Promise<{ run: Run; dir: string | null }> {
  for (const dir of [typed, join(root, typed)]) {
    const files = { manifest: join(dir, 'run.json'), journal: join(dir, 'journal.ndjson') }
    if ((await exists(files.manifest)) || (await exists(files.journal))) return { run: await readRunFolder(dir), dir }
  }
  const text = await readFile(typed, 'utf8').catch((error: unknown) => {
    throw new DalaError('DALA_RUN_NOT_FOUND', `Cannot find a run or a samples.csv at "${typed}"`, {
      fix: [`Name a folder that holds a run.json (they are made in ${root}), or a CSV file`],
      cause: error,
    })
  })
  return { run: { manifest: null, samples: parseSamplesCsv(text, typed), events: [] }, dir: null }
}

/** Whatever of the run is left: its journal with or without a manifest, or the samples.csv made from it. */
async function readRunFolder(dir: string): Promise<Run> {
  const manifest = await readManifest(join(dir, 'run.json'))
  const events = await readJournal(join(dir, 'journal.ndjson'))
  if (events !== null) return runOf(manifest, events)
  const path = join(dir, 'samples.csv')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(dir, new Error('neither its journal.ndjson nor its samples.csv is there', { cause: error }))
  })
  const lost: RunEvent = {
    type: 'taint',
    atS: 0,
    wallTime: manifest?.startedAt ?? '',
    code: 'journal_missing',
    detail: 'the journal is missing: what else happened during the run is not known',
  }
  return { manifest, samples: parseSamplesCsv(text, path), events: [lost] }
}

/** The run as its manifest and journal tell it; one whose program died is told as interrupted. */
export function runOf(manifest: RunManifest | null, events: readonly RunEvent[]): Run {
  const samples: readonly Sample[] = events.flatMap((event) => (event.type === 'sample' ? [event.sample] : []))
  if (manifest === null) return { manifest, samples, events }
  const end = events.findLast((event) => event.type === 'end')
  const status = end?.status ?? (manifest.status === 'running' ? 'interrupted' : manifest.status)
  return { manifest: { ...manifest, status }, samples, events }
}

/** Null when there is none. */
async function readManifest(path: string): Promise<RunManifest | null> {
  if (!(await exists(path))) return null
  const { parseRunManifest } = await import('./run-schema.js')
  try {
    return parseRunManifest(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Null when there is none. */
async function readJournal(path: string): Promise<readonly RunEvent[] | null> {
  if (!(await exists(path))) return null
  const { parseRunEvent } = await import('./run-schema.js')
  try {
    return (await readNdjson(path)).map((line, index) => {
      try {
        return parseRunEvent(line)
      } catch (error) {
        throw new TypeError(`line ${index + 1}: ${messageOf(error)}`, { cause: error })
      }
    })
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): DalaError {
  return new DalaError('DALA_RUN_UNREADABLE', `Cannot read ${basename(path)} as a run’s: ${messageOf(error)}`, {
    fix: [`Look at ${path}`, 'Move the damaged file out of the folder: what is left is rendered without it'],
    cause: error,
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
