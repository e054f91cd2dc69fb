import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.js'

const BIN = fileURLToPath(new URL('../../bin/dala.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of the built program that is under way. */
export interface Running {
  readonly child: ChildProcess
  readonly done: Promise<Finished>
  /** Resolves once stderr or stdout has matched; rejects when the program ends before. */
  until(pattern: RegExp): Promise<string>
}

/** A home of its own for the built program: nothing of this machine's phones, adb server or settings is seen. */
export class Sandbox {
  readonly dir: string
  readonly env: NodeJS.ProcessEnv

  private constructor(dir: string, adbPort: number) {
    this.dir = dir
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      XDG_DATA_HOME: join(dir, 'data'),
      XDG_CONFIG_HOME: join(dir, 'config'),
      XDG_STATE_HOME: join(dir, 'state'),
      XDG_CACHE_HOME: join(dir, 'cache'),
      ANDROID_ADB_SERVER_PORT: String(adbPort),
      TZ: 'UTC',
      LANG: 'C',
    }
  }

  static async create(): Promise<Sandbox> {
    return new Sandbox(await mkdtemp(join(tmpdir(), 'dala-test-')), await freePort())
  }

  /** Starts `dala ARGS` in the sandbox's folder. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    return startProgram([process.execPath, BIN, ...args], { cwd: this.dir, env: { ...this.env, ...env } })
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.start(args, env).done
  }

  /** Runs `dala ARGS --json` and parses its one object. */
  async json<T>(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished & { readonly value: T }> {
    const finished = await this.run([...args, '--json'], env)
    return { ...finished, value: JSON.parse(finished.stdout) as T }
  }

  /** Stops its virtual phones and removes the folder. */
  async dispose(): Promise<void> {
    await this.run(['virtual', 'stop', '--all'])
    await rm(this.dir, { recursive: true, force: true })
  }
}

/** Starts any program and collects its output. */
export function startProgram(
  [program, ...args]: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Running {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      watchers.forEach((watch) => watch())
    })
  }
  const done = once(child, 'close').then(([code]): Finished => ({ code: code as number | null, ...output }))
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const match = pattern.exec(output.stderr) ?? pattern.exec(output.stdout)
        if (match === null) return
        watchers.delete(watch)
        resolve(match[0])
      }
      watchers.add(watch)
      watch()
      void done.then(({ code }) =>
        reject(new Error(`Ended with ${code} before ${pattern}:\n${output.stderr}${output.stdout}`)),
      )
    })
  return { child, done, until }
}
