// How long a user waits: whole processes, in turns, wall time.
import { BIN, inTurns, median, quantile, table, timeProgram, withPhone } from './support.mjs'

const NODE = process.execPath
const ROUNDS = 10

export async function benchCli() {
  return withPhone(async ({ env, home: cwd }) => {
    const timed =
      (...argv) =>
      () =>
        timeProgram(argv, { env, cwd })
    const start = await inTurns(
      { 'node -e 0': timed(NODE, '-e', '0'), 'dala --version': timed(NODE, BIN, '--version') },
      { rounds: ROUNDS, warmUp: 2 },
    )
    const list = await inTurns(
      { 'adb devices -l': timed('adb', 'devices', '-l'), 'dala devices': timed(NODE, BIN, 'devices') },
      { rounds: ROUNDS, warmUp: 2 },
    )
    const all = { ...start, ...list }
    const rows = Object.entries(all).map(([name, times]) => [
      `\`${name}\``,
      times.length,
      median(times).toFixed(0),
      `${quantile(times, 0).toFixed(0)}–${quantile(times, 1).toFixed(0)}`,
    ])
    const ratio = median(all['dala --version']) / median(all['node -e 0'])
    const more = median(all['dala devices']) - median(all['adb devices -l'])
    return [
      '## The command line (`npm run bench -- cli`)',
      'One virtual phone, connected to a real adb server; whole processes in turns, wall time in ms.',
      table(['command', 'n', 'median', 'range'], rows),
      [
        `- \`dala --version\` takes ${ratio.toFixed(2)} x bare Node (target: at most 1.5).`,
        `- \`dala devices\` takes ${more.toFixed(0)} ms more than \`adb devices -l\` (target: at most 300), which does not ask the phone anything.`,
      ].join('\n'),
    ].join('\n\n')
  })
}
