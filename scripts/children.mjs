// Child programs of a script that has something to tidy up: a signal ends the child, not the script.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/**
 * From now on a first SIGINT, SIGTERM or SIGHUP ends only the child that runs; `run` rejects then, so that the caller's
 * `finally` is reached, in which children can be run again. `release` gives the signals back.
 */
export function childrenOf(cwd) {
  let running = null
  const stop = (signal) => {
    process.exitCode = EXIT_CODES[signal]
    // A terminal's Ctrl-C reaches the child by itself, and a second one would cut its tidying up short.
    if (signal !== 'SIGINT') running?.kill(signal)
  }
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, stop)
  return {
    /** Runs a program to its end and resolves with its stdout; its stderr goes to ours. */
    async run(program, args) {
      const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
      running = child
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
      const [status, signal] = await once(child, 'close').finally(() => (running = null))
      if (status === 0) return stdout
      throw new Error(`${args.join(' ')} ended with ${signal ?? `exit code ${status}`}\n${stdout}`)
    },
    release() {
      for (const signal of Object.keys(EXIT_CODES)) process.off(signal, stop)
    },
  }
}
