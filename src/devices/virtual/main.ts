import { writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { realClock } from '../../core/clock.js'
import { defer } from '../../core/deferred.js'
import { DalaError, messageOf } from '../../core/errors.js'
import type { StartReply } from './detached.js'
import { servePhone, type ServeOptions } from './serve.js'

// The program of a virtual phone of its own (`dala virtual start --detach`): one line of JSON on stdout says that it is
// ready or why not (StartReply), everything after that goes to stderr, its log. SIGTERM and SIGINT end it.

async function main(): Promise<number> {
  const stop = defer<void>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.resolve())
  try {
    const served = await servePhone({ ...readOptions(process.argv.slice(2)), clock: realClock, log })
    try {
      reply({ ready: served.phone })
      await stop.promise
    } finally {
      await served.close()
    }
    return 0
  } catch (error) {
    if (error instanceof DalaError) reply({ error: { code: error.code, message: error.message, fix: [...error.fix] } })
    log(error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error))
    return 1
  }
}

function readOptions(args: string[]): Omit<ServeOptions, 'clock' | 'log'> {
  const text = { type: 'string', default: '' } as const
  const names = { dir: text, home: text, profile: text, serial: text, seed: text }
  const { values } = parseArgs({
    args,
    options: { ...names, 'time-scale': text, 'android-version': { type: 'string' } },
  })
  const { dir, home, profile, serial, seed, 'time-scale': timeScale, 'android-version': version } = values
  const androidVersion = version === undefined ? null : Number(version)
  return { dir, home, profile, serial, androidVersion, seed: Number(seed), timeScale: Number(timeScale) }
}

function reply(message: StartReply): void {
  // A write that is done when it returns: who started us closes its end as soon as it has the line.
  writeSync(process.stdout.fd, `${JSON.stringify(message)}\n`)
}

function log(line: string): void {
  process.stderr.write(`${line}\n`)
}

const code = await main()
// The phone has ended and has no output left; nothing it simulated may keep the process.
process.exit(code)
