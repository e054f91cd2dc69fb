import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Sandbox } from './support/cli.js'
import { phoneShell } from './support/phone-shell.js'

interface Phone {
  readonly id: string
  readonly pid: number
  readonly address: string
}

interface BatteryRun {
  readonly dir: string
  readonly status: string
  readonly headline: string
  readonly files: Readonly<Record<'json' | 'markdown' | 'svg' | 'html' | 'csv', string>>
  readonly estimate: {
    readonly rateMahPerH: number | null
    readonly bound: { readonly lo: number; readonly hi: number }
    readonly stepMah: number
    readonly taints: readonly { readonly code: string }[]
  }
}

interface Refused {
  readonly error: { readonly code: string; readonly fix: readonly string[] }
}

let box: Sandbox

beforeEach(async () => {
  box = await Sandbox.create()
})
afterEach(() => box.dispose())

async function startPhone(timeScale: number, profile = 'samsung-a35'): Promise<Phone> {
  const args = ['virtual', 'start', '--profile', profile, '--seed', '7', '--time-scale', String(timeScale), '--detach']
  const { value } = await box.json<{ devices: readonly Phone[] }>(args)
  const [phone] = value.devices
  if (phone === undefined) throw new Error('no phone was started')
  return phone
}

async function journal(dir: string): Promise<readonly { type: string; sample?: { elapsedS: number } }[]> {
  const text = await readFile(join(dir, 'journal.ndjson'), 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { type: string })
}

async function onlyRun(): Promise<string> {
  const [name] = await readdir(join(box.dir, 'reports'))
  return join(box.dir, 'reports', name ?? 'none')
}

describe('dala bench battery', () => {
  test('measures half an hour of a virtual phone and hands over every report', async () => {
    await startPhone(300)
    const { code, value, stderr } = await box.json<BatteryRun>(['bench', 'battery', '--duration', '30m'])
    expect({ code, status: value.status, stderr: stderr.includes('simulated, x300') }).toEqual({
      code: 0,
      status: 'complete',
      stderr: true,
    })
    // The profile draws 40 mA with the screen off; its load varies, and the bounds need not assume otherwise.
    expect(value.estimate.stepMah).toBe(5)
    expect(value.estimate.bound.lo).toBeLessThan(45)
    expect(value.estimate.bound.hi).toBeGreaterThan(35)
    const names = await readdir(value.dir)
    expect(names.toSorted()).toEqual(
      [
        'battery.svg',
        'journal.ndjson',
        'report.html',
        'report.json',
        'report.md',
        'run.json',
        'samples.csv',
      ].toSorted(),
    )
    expect(await readFile(value.files.markdown, 'utf8')).toContain('simulated, x300')
    const rows = (await readFile(value.files.csv, 'utf8')).trim().split(/\r?\n/)
    expect(rows.length).toBeGreaterThan(50)
  })

  test('loses no shown sample to kill -9, and renders them later without a phone', async () => {
    const phone = await startPhone(60)
    const running = box.start(['bench', 'battery', '--duration', '30m'])
    await running.until(/^(?:0[3-9]|1\d):\d\d /m)
    running.child.kill('SIGKILL')
    await running.done
    await box.run(['virtual', 'stop', phone.id])
    const dir = await onlyRun()
    const taken = (await journal(dir)).flatMap(({ sample }) => (sample === undefined ? [] : [sample.elapsedS]))
    // Shown as a whole number of seconds.
    expect(Math.round(Math.max(...taken))).toBeGreaterThanOrEqual(180)
    const { code, stdout } = await box.run(['bench', 'report', dir])
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('report.html') as string })
    expect(await readFile(join(dir, 'report.md'), 'utf8')).toContain('interrupted')
  })

  test('goes on when the phone was gone for a while, draws the gap and says so', async () => {
    const phone = await startPhone(120)
    const running = box.start(['bench', 'battery', '--duration', '30m', '--json'])
    await running.until(/^(?:0[2-9]|1\d):\d\d /m)
    process.kill(phone.pid, 'SIGSTOP')
    await running.until(/lost: /)
    process.kill(phone.pid, 'SIGCONT')
    await running.until(/back after /)
    const { code, stdout } = await running.done
    const value = JSON.parse(stdout) as BatteryRun
    expect({ code, status: value.status }).toEqual({ code: 0, status: 'complete' })
    expect(value.estimate.taints.map((taint) => taint.code)).toContain('gap')
    expect((await journal(value.dir)).map(({ type }) => type)).toEqual(expect.arrayContaining(['lost', 'back', 'end']))
    expect(await readFile(value.files.markdown, 'utf8')).toMatch(/no reading|out of reach/i)
    // The line is broken in two where nothing was read.
    expect((await readFile(value.files.svg, 'utf8')).match(/<path class="curve"/g)?.length).toBeGreaterThan(1)
  })

  test('writes a partial report on Ctrl-C and ends with 130', async () => {
    await startPhone(60)
    const running = box.start(['bench', 'battery', '--duration', '30m', '--json'])
    await running.until(/^(?:0[2-9]|1\d):\d\d /m)
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.done
    const value = JSON.parse(stdout) as BatteryRun
    expect({ code, status: value.status }).toEqual({ code: 130, status: 'interrupted' })
    expect(stderr).toContain('again to leave at once')
    expect(await readFile(value.files.markdown, 'utf8')).toContain('interrupted')
  })

  test.each([
    ['its readings are frozen', 'dumpsys battery set level 50', 'updates_stopped'],
    ['its app is stopped', 'am force-stop dev.dala.runtime', 'app_dead'],
  ])('ends with 5 and every report when %s in the middle of the run', async (_name, command, taint) => {
    const phone = await startPhone(120)
    const running = box.start(['bench', 'battery', '--duration', '10m', '--json'])
    await running.until(/^(?:0[2-9]|1\d):\d\d /m)
    await phoneShell(phone.address, command)
    const { code, stdout } = await running.done
    const value = JSON.parse(stdout) as BatteryRun
    expect({ code, status: value.status }).toEqual({ code: 5, status: 'complete' })
    expect(value.estimate.taints.map((one) => one.code)).toContain(taint)
    expect(await readdir(value.dir)).toContain('report.html')
    // What is rendered again says the same.
    expect((await box.run(['bench', 'report', value.dir])).code).toBe(5)
  })

  test('says so when the screen was turned on in the middle of the run', async () => {
    const phone = await startPhone(120)
    const running = box.start(['bench', 'battery', '--duration', '10m', '--json'])
    await running.until(/^(?:0[2-9]|1\d):\d\d /m)
    await phoneShell(phone.address, 'input keyevent 224')
    const value = JSON.parse((await running.done).stdout) as BatteryRun
    expect(value.estimate.taints.map((one) => one.code)).toContain('screen')
  })

  test('refuses an app that is not installed before it makes a run', async () => {
    await startPhone(600)
    const { code, value } = await box.json<Refused>(['bench', 'battery', '--app', 'org.example.missing'])
    expect({ code, error: value.error.code }).toEqual({ code: 3, error: 'DALA_PREFLIGHT' })
    expect(await readdir(box.dir)).not.toContain('reports')
  })

  test('measures with --skip-preflight all the same, and the report says what was not ready', async () => {
    await startPhone(600)
    const args = ['bench', 'battery', '--duration', '5m', '--app', 'org.example.missing', '--skip-preflight']
    const { code, value } = await box.json<BatteryRun>(args)
    // An app that is not there is dead in every sample.
    expect({ code, status: value.status }).toEqual({ code: 5, status: 'complete' })
    expect(await readFile(value.files.markdown, 'utf8')).toContain('org.example.missing is not installed')
  })

  test('goes on when nobody reads its progress any more', async () => {
    await startPhone(600)
    const running = box.start(['bench', 'battery', '--duration', '30m', '--json'])
    await running.until(/^(?:0[1-9]|[12]\d):\d\d /m)
    running.child.stderr?.destroy()
    const { code, stdout } = await running.done
    expect({ code, status: (JSON.parse(stdout) as BatteryRun).status }).toEqual({ code: 0, status: 'complete' })
  })

  test('writes a partial report on SIGTERM and ends with 143', async () => {
    await startPhone(60)
    const running = box.start(['bench', 'battery', '--duration', '30m', '--json'])
    await running.until(/^(?:0[2-9]|1\d):\d\d /m)
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.done
    expect({ code, status: (JSON.parse(stdout) as BatteryRun).status }).toEqual({ code: 143, status: 'interrupted' })
  })

  test('names both phones when two run and none was chosen', async () => {
    await startPhone(60)
    await startPhone(60)
    const { code, value } = await box.json<Refused>(['bench', 'battery'])
    expect({ code, error: value.error.code }).toEqual({ code: 3, error: 'DALA_SEVERAL_DEVICES' })
    expect(value.error.fix.join('\n')).toMatch(/--device virtual-1[\s\S]*--device virtual-2/)
  })

  test.each([
    ['--duration', '0'],
    ['--duration', '3650d'],
    ['--duration', '30 minuten'],
    ['--interval', '0s'],
  ])('refuses %s %j as a usage error without a stack', async (flag, value) => {
    const { code, stdout, stderr } = await box.run(['bench', 'battery', flag, value])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('DALA_DURATION')
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

// A file system of its own has to be mounted; in CI that is tried in any case.
const canMount = process.env['CI'] !== undefined || (process.platform === 'linux' && process.getuid?.() === 0)

describe.skipIf(!canMount)(
  `dala bench battery on a full disk${canMount ? '' : ' (skipped: mounting a small disk needs root on Linux)'}`,
  () => {
    let disk = ''
    beforeEach(async () => {
      disk = join(box.dir, 'disk')
      await mkdir(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    })
    afterEach(() => {
      execFileSync('umount', [disk])
    })

    /** Takes all the space that is left. */
    async function fill(): Promise<string> {
      const path = join(disk, 'filler')
      for (const bytes of [1 << 16, 1 << 10, 16]) {
        const put = (): Promise<boolean> =>
          writeFile(path, Buffer.alloc(bytes), { flag: 'a' }).then(
            () => true,
            () => false,
          )
        while (await put());
      }
      return path
    }

    test('does not start when there is no space', async () => {
      await startPhone(60)
      await fill()
      const { code, value } = await box.json<Refused>(['bench', 'battery', '--out', disk])
      expect({ code, error: value.error.code }).toEqual({ code: 5, error: 'DALA_DISK_FULL' })
    })

    test('ends with a clear error when it fills up, and what was shown can be rendered afterwards', async () => {
      await startPhone(60)
      const running = box.start(['bench', 'battery', '--duration', '30m', '--out', disk])
      await running.until(/^(?:0[2-9]|1\d):\d\d /m)
      const filler = await fill()
      const { code, stdout, stderr } = await running.done
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
      expect(stderr).toContain('DALA_DISK_FULL')
      expect(stderr).not.toMatch(/^\s+at /m)
      await rm(filler)
      const [name = 'none'] = await readdir(disk)
      const shown = [...stderr.matchAll(/^(\d\d):(\d\d) /gm)].map(([, m, s]) => Number(m) * 60 + Number(s))
      const kept = (await journal(join(disk, name))).flatMap(({ sample }) =>
        sample === undefined ? [] : [sample.elapsedS],
      )
      expect(Math.ceil(Math.max(...kept))).toBeGreaterThanOrEqual(Math.max(...shown))
      expect((await box.run(['bench', 'report', join(disk, name)])).code).toBe(0)
    })
  },
)
