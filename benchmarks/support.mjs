// What the benchmarks share: a home of their own with one virtual phone and one adb server, and medians.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../scripts/setup.mjs'

export const BIN = fileURLToPath(new URL('../bin/dala.js', import.meta.url))

/** One virtual phone that the real adb server has too, and nothing else of this machine. */
export async function withPhone(measure) {
  if (findProgram('adb') === null) throw new Error('Cannot compare with adb as it is not installed: npm run setup')
  const home = mkdtempSync(join(tmpdir(), 'dala-bench-'))
  const port = await freePort()
  const env = { PATH: process.env.PATH, HOME: home, ANDROID_ADB_SERVER_PORT: String(port) }
  const run = (program, args) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { env, cwd: home, encoding: 'utf8' })
    if (error) throw error
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`)
    return stdout
  }
  try {
    run('adb', ['start-server'])
    const [phone] = JSON.parse(run(process.execPath, [BIN, 'virtual', 'start', '--detach', '--json'])).devices
    run('adb', ['connect', phone.address])
    run('adb', ['-s', phone.address, 'wait-for-device'])
    return await measure({ env, home, port, phone })
  } finally {
    run(process.execPath, [BIN, 'virtual', 'stop', '--all'])
    run('adb', ['kill-server'])
    rmSync(home, { recursive: true, force: true })
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** Runs a program to its end and resolves with its wall time, ms. */
export async function timeProgram([program, ...args], { env, cwd }) {
  const before = performance.now()
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`)
  return performance.now() - before
}

/**
 * Times the tasks in turn, round by round, so that a slow moment of the machine is shared by all; the first rounds are
 * not counted. A task has `block` goes in a round, so that it meets its own caches and not those of the one before.
 * Resolves with each task's times in ms, sorted.
 */
export async function inTurns(tasks, { rounds, warmUp, block = 1 }) {
  const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]))
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, task] of Object.entries(tasks)) {
      for (let go = 0; go < block; go += 1) {
        const ms = await task()
        if (round >= 0) times[name].push(ms)
      }
    }
  }
  for (const list of Object.values(times)) list.sort((one, other) => one - other)
  return times
}

export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

export const median = (sorted) => quantile(sorted, 0.5)

/** A Markdown table. */
export function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'))
  return [header, rule, ...rows].map(line).join('\n')
}

export function machine() {
  return `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${process.platform}-${process.arch}, Node ${process.version}`
}
