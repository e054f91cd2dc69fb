import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Sandbox } from './support/cli.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { version: string }

let box: Sandbox
beforeAll(async () => {
  box = await Sandbox.create()
})
afterAll(() => box.dispose())

const COMMANDS = [
  'bench battery',
  'bench report',
  'devices',
  'devices info',
  'virtual list',
  'virtual start',
  'virtual stop',
]

describe('dala', () => {
  test.each(['--version', '-v'])('%s answers the version', async (flag) => {
    const { code, stdout } = await box.run([flag])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `dala/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
    })
  })

  test('--help lists the topics', async () => {
    const { code, stdout } = await box.run(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/bench[\s\S]*devices[\s\S]*virtual/)
  })

  test.each(COMMANDS)('%s --help has a summary and an example', async (command) => {
    const { code, stdout } = await box.run([...command.split(' '), '--help'], { OCLIF_COLUMNS: '80' })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[A-Z].*\.\n/)
    expect(stdout).toMatch(new RegExp(`EXAMPLES[\\s\\S]*\\$ dala ${command}`))
  })

  test.each([
    ['an unknown command', ['depoly']],
    ['an unknown flag', ['devices', '--colour']],
    ['an argument that is not taken', ['devices', 'extra', 'words']],
    ['a mode that is not there', ['bench', 'battery', '--mode', 'warp']],
    ['a missing argument', ['bench', 'report']],
    ['neither ids nor --all', ['virtual', 'stop']],
    ['a time scale of 0', ['virtual', 'start', '--time-scale', '0']],
  ])('answers %s with exit code 2, the same with --json', async (_name, args) => {
    const plain = await box.run(args)
    const { code, stdout } = await box.run([...args, '--json'])
    const { error, warnings } = JSON.parse(stdout) as { error: { code: string; fix: string[] }; warnings: unknown[] }
    expect([plain.code, code, error.code, warnings]).toEqual([2, 2, 'DALA_USAGE', []])
    expect(plain.stdout).toBe('')
    expect(stdout.split('\n').length).toBeLessThan(40)
    expect(stdout + plain.stderr).not.toContain(ROOT)
  })

  test('writes no escape codes into a pipe', async () => {
    const results = await Promise.all([box.run(['devices']), box.run(['--help']), box.run(['virtual', 'list'])])
    expect(results.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain('\u001B')
  })

  test('delivers megabytes through a pipe that is read late, with its exit code', async () => {
    const rows = Array.from({ length: 60_000 }, (_, second) => `${second},${90 - Math.floor(second / 2000)},app_dead`)
    const csv = join(box.dir, 'long.csv')
    await writeFile(csv, `elapsed_s,level_pct,liveness\n${rows.join('\n')}\n`)
    const child = spawn(process.execPath, [`${ROOT}bin/dala.js`, 'bench', 'report', csv, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: box.env,
    })
    // Nothing is read until the pipe is full.
    await once(child.stdout, 'readable')
    const closed = once(child, 'close')
    const report = JSON.parse(await text(child.stdout)) as { series: { elapsedS: number[] } }
    expect(report.series.elapsedS).toHaveLength(60_000)
    expect(await closed).toEqual([5, null])
  })

  test('ends quietly when the reader of its output has gone', async () => {
    const [node, bin] = [process.execPath, `${ROOT}bin/dala.js`]
    const piped = spawn('sh', ['-c', '"$0" "$1" --help | true', node, bin], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: box.env,
    })
    let errors = ''
    piped.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    await once(piped, 'close')
    expect(errors).toBe('')
  })
})

describe('dala devices', () => {
  test('says what to do when there is none, and answers an empty list', async () => {
    const plain = await box.run(['devices'])
    expect(plain).toMatchObject({ code: 0, stdout: '' })
    expect(plain.stderr).toContain('dala virtual start --detach')
    const { code, value } = await box.json<{ kind: string; version: number; devices: unknown[] }>(['devices'])
    expect({ code, ...value }).toMatchObject({ code: 0, kind: 'devices', version: 1, devices: [] })
  })

  test.each([
    ['no phone', { name: [], env: {}, code: 'DALA_NO_DEVICE', message: /none was found/ }],
    ['a name nothing has', { name: ['pixel'], env: {}, code: 'DALA_DEVICE_NOT_FOUND', message: /pixel/ }],
    [
      'a name by the environment',
      { name: [], env: { ANDROID_SERIAL: 'x' }, code: 'DALA_DEVICE_NOT_FOUND', message: /ANDROID_SERIAL/ },
    ],
  ])('refuses %s with exit code 3', async (_name, { name, env, code, message }) => {
    const answer = await box.json<{ error: { code: string; message: string } }>(['devices', 'info', ...name], env)
    expect({ exit: answer.code, error: answer.value.error.code }).toEqual({ exit: 3, error: code })
    expect(answer.value.error.message).toMatch(message)
  })
})
