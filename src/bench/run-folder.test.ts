import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../../test/fakes/fake-clock.js'
import { battery, deviceInfo, fakeSession, reading } from '../../test/fakes/fake-session.js'
import { DalaError } from '../core/errors.js'
import type { DeviceSession } from '../devices/types.js'
import { estimate } from './estimate/estimate.js'
import { measureBattery, type MeasuredRun } from './measure.js'
import { readRun, storageFailure } from './run-folder.js'
import type { BenchPlan, RunEvent } from './types.js'

const PLAN: BenchPlan = {
  app: 'dev.dala.runtime',
  mode: 'no-beam',
  durationMs: 60_000,
  intervalMs: 10_000,
  screen: 'off',
}

/** A line that is in order. */
const NOTE = '{"type":"note","atS":0,"wallTime":"2026-01-05T12:00:00.000Z","text":""}\n'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dala-runs-'))
})
afterEach(() => rm(root, { recursive: true }))

interface Told {
  readonly events: RunEvent[]
  readonly session: DeviceSession & { readonly calls: string[] }
}

async function measure(answers: Partial<DeviceSession> = {}, told: Partial<Told> = {}): Promise<MeasuredRun> {
  const clock = new FakeClock()
  const view = {
    chosen: () => undefined,
    preflight: () => undefined,
    started: () => undefined,
    event: (event: RunEvent) => void told.events?.push(event),
  }
  const { signal } = new AbortController()
  const session = told.session ?? fakeSession(answers)
  const options = { clock, session, plan: PLAN, root, dalaVersion: '0', skipPreflight: false, signal, view }
  const measured = measureBattery(options)
  let over = false
  const watch = measured.then(
    () => (over = true),
    () => (over = true),
  )
  // Real files are written between the samples: the clock moves on as soon as somebody waits for it.
  while (!over) await clock.advance(clock.sleeping > 0 ? 10_000 : 0)
  await watch
  return measured
}

describe('measureBattery()', () => {
  test('starts the app before it sets the screen, and writes down what it measured on what', async () => {
    const session = fakeSession()
    const { run, dir } = await measure({}, { session })
    expect(session.calls).toEqual(['startApp dev.dala.runtime', 'setScreen off'])
    expect(run.samples).toHaveLength(7)
    expect(JSON.parse(await readFile(join(dir, 'run.json'), 'utf8'))).toMatchObject({
      kind: 'battery-run',
      version: 1,
      status: 'complete',
      app: { package: 'dev.dala.runtime', version: '1.2.3' },
      device: { serial: 'SERIAL1', transport: 'wifi' },
      screen: { wanted: 'off', atStart: 'off' },
    })
  })

  test('shows an event only after it is in the journal', async () => {
    const unwritten: string[] = []
    const events: RunEvent[] = []
    const session = fakeSession()
    const { dir } = await measure({}, { session, events })
    const journal = await readFile(join(dir, 'journal.ndjson'), 'utf8')
    for (const event of events) if (!journal.includes(JSON.stringify(event))) unwritten.push(event.type)
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'complete' })
    expect(unwritten).toEqual([])
  })

  test('reads back as it was measured', async () => {
    const { run, dir } = await measure()
    expect((await readRun(dir, root)).run).toEqual(run)
  })

  test('refuses a charging phone before there is a run', async () => {
    const charging = { ...battery(), status: 'charging' } as const
    const measured = measure({ info: () => Promise.resolve(deviceInfo({ battery: charging })) })
    await expect(measured).rejects.toMatchObject({ code: 'DALA_PREFLIGHT', exitCode: 3 })
  })

  test('goes on when the phone is lost at the very first sample', async () => {
    let asked = 0
    const { run } = await measure({
      observe: () => {
        asked += 1
        const lost = new DalaError('DALA_DEVICE_LOST', 'Cannot reach it as it is gone', { fix: ['Wait'] })
        return asked === 1 ? Promise.reject(lost) : Promise.resolve(reading({ uptimeS: 5000 + asked }))
      },
    })
    expect(run.samples[0]).toMatchObject({ elapsedS: 0, liveness: 'transport_lost' })
    expect(run.manifest?.status).toBe('complete')
  })

  test('says so when the folder can’t be made', async () => {
    await writeFile(join(root, 'file'), '')
    const [before, after] = [root, join(root, 'file')]
    root = after
    await expect(measure()).rejects.toMatchObject({ code: 'DALA_DISK', exitCode: 1 })
    root = before
  })
})

describe('storageFailure()', () => {
  test.each([
    ['ENOSPC', 'DALA_DISK_FULL'],
    ['EACCES', 'DALA_DISK'],
  ])('tells %s as %s', (code, expected) => {
    const error = Object.assign(new Error('write failed'), { code })
    expect(storageFailure(root, error)).toMatchObject({ code: expected, cause: error })
  })

  test('leaves a bug a bug, and a lost phone a lost phone', () => {
    const bug = new TypeError('x is not a function')
    expect(storageFailure(root, bug)).toBe(bug)
    const misuse = Object.assign(new TypeError('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' })
    expect(storageFailure(root, misuse)).toBe(misuse)
    const lost = new DalaError('DALA_DEVICE_LOST', 'Cannot reach it as it is gone', { fix: ['Wait'] })
    expect(storageFailure(root, lost)).toBe(lost)
  })
})

describe('readRun()', () => {
  test('finds a run by its name, and reads one whose program died as interrupted', async () => {
    const { run, dir } = await measure()
    const id = run.manifest?.id ?? 'none'
    const manifest = JSON.parse(await readFile(join(dir, 'run.json'), 'utf8')) as object
    await writeFile(join(dir, 'run.json'), JSON.stringify({ ...manifest, status: 'running', endedAt: null }))
    const journal = (await readFile(join(dir, 'journal.ndjson'), 'utf8')).split('\n')
    await writeFile(join(dir, 'journal.ndjson'), `${journal.slice(0, 3).join('\n')}\n{"type":"sam`)
    const read = await readRun(id, root)
    expect(read.run.manifest?.status).toBe('interrupted')
    expect(read.run.samples).toHaveLength(3)
  })

  test('falls back to samples.csv when the journal is gone, and says so in the report', async () => {
    const { dir } = await measure()
    await rm(join(dir, 'journal.ndjson'))
    await writeFile(join(dir, 'samples.csv'), 'elapsed_s,level_pct\r\n0,80\r\n10,79\r\n')
    const { run } = await readRun(dir, root)
    expect(run.samples.map(({ levelPct }) => levelPct)).toEqual([80, 79])
    expect(estimate(run).taints).toContainEqual(expect.objectContaining({ code: 'journal_missing', effect: 'taint' }))
  })

  test('reads the journal alone when run.json is gone', async () => {
    const { dir, run } = await measure()
    await rm(join(dir, 'run.json'))
    expect((await readRun(dir, root)).run).toEqual({ ...run, manifest: null })
  })

  test('says so when both journal and samples.csv are gone', async () => {
    const { dir } = await measure()
    await rm(join(dir, 'journal.ndjson'))
    await expect(readRun(dir, root)).rejects.toMatchObject({ code: 'DALA_RUN_UNREADABLE', exitCode: 2 })
  })

  test('reads a journal that was cut anywhere as the samples that were whole', async () => {
    const { dir, run } = await measure()
    const whole = await readFile(join(dir, 'journal.ndjson'))
    for (let length = 0; length <= whole.length; length += 17) {
      await writeFile(join(dir, 'journal.ndjson'), whole.subarray(0, length))
      const { samples } = (await readRun(dir, root)).run
      expect(samples).toEqual(run.samples.slice(0, samples.length))
    }
  })

  test.each([
    ['a manifest that is no JSON', 'run.json', '{"kind":', /JSON/],
    ['a manifest of another kind', 'run.json', '{"kind":"shopping-list","version":1}', /kind: /],
    ['a manifest of a later version', 'run.json', '{"kind":"battery-run","version":2}', /version: /],
    ['a manifest without its parts', 'run.json', '{"kind":"battery-run","version":1,"device":null}', /: /],
    ['a journal with a damaged line', 'journal.ndjson', `${NOTE}\u0000\u0001\n${NOTE}`, /line 2/],
    ['a journal of something else', 'journal.ndjson', '[1,2,3]\n42\n', /line 1/],
    ['a sample without values', 'journal.ndjson', `${NOTE}{"type":"sample"}\n`, /line 2: sample/],
    ['a sample of words', 'journal.ndjson', '{"type":"sample","sample":{"elapsedS":"x"}}\n', /line 1: sample.elapsedS/],
    ['an event of a later version', 'journal.ndjson', '{"type":"telepathy"}\n', /line 1: type/],
  ])('refuses %s and says where', async (_name, file, text, where) => {
    const { dir } = await measure()
    await writeFile(join(dir, file), text)
    await expect(readRun(dir, root)).rejects.toMatchObject({
      code: 'DALA_RUN_UNREADABLE',
      exitCode: 2,
      message: expect.stringMatching(where) as string,
    })
  })

  test('says so when there is no such run', async () => {
    await expect(readRun('yesterday', root)).rejects.toMatchObject({ code: 'DALA_RUN_NOT_FOUND', exitCode: 2 })
    await mkdir(join(root, 'empty'))
    await chmod(join(root, 'empty'), 0o700)
    await expect(readRun('empty', root)).rejects.toMatchObject({ code: 'DALA_RUN_NOT_FOUND' })
  })
})
