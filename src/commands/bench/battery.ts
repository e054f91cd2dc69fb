import { Flags } from '@oclif/core'
import { benchBattery } from '../../bench-battery.js'
import { BaseCommand } from '../../base-command.js'
import { DEFAULT_APP, planBattery } from '../../bench/plan.js'
import { deviceFlag } from '../../flags.js'
import { runProgress } from '../../ui/progress.js'

export default class BenchBattery extends BaseCommand {
  static override summary = 'Measure what an app does to a phone’s battery.'
  static override description = `Checks that the phone is ready, turns its screen off or on, samples its battery, and writes a report that says only
what the phone's gauge can carry. A phone that goes away and comes back leaves a gap. Ctrl-C writes a partial report.
On a virtual phone durations and intervals are in the phone's own time.`
  static override examples = [
    '<%= config.bin %> bench battery',
    '<%= config.bin %> bench battery --device virtual-1 --duration 30m --interval 10s',
    '<%= config.bin %> bench battery --app org.example.app --screen on --out results --json',
  ]
  static override flags = {
    device: deviceFlag,
    app: Flags.string({ summary: 'Package to start and watch.', default: DEFAULT_APP, env: 'DALA_APP' }),
    duration: Flags.string({ summary: 'How long, 1m to 7d.', default: '30m', env: 'DALA_DURATION' }),
    interval: Flags.string({ summary: 'Time between samples, 1s to 10m.', default: '10s', env: 'DALA_INTERVAL' }),
    mode: Flags.option({
      summary: 'How the BEAM is run; no-beam: the app without it.',
      options: ['no-beam'] as const,
      default: 'no-beam',
      env: 'DALA_MODE',
    })(),
    screen: Flags.option({
      summary: 'Screen during the run.',
      options: ['off', 'on'] as const,
      default: 'off',
      env: 'DALA_SCREEN',
    })(),
    out: Flags.string({ summary: 'Folder that gets the run’s own folder.', default: 'reports', env: 'DALA_OUT' }),
    'skip-preflight': Flags.boolean({
      summary: 'Measure even when the phone is not ready.',
      env: 'DALA_SKIP_PREFLIGHT',
    }),
  }

  async run(): Promise<object> {
    const { flags } = await this.parse(BenchBattery)
    const plan = planBattery(flags)
    const app = this.app()
    const signal = this.interruptible('Stopping, writing the partial report … (again to leave at once)')
    const view = runProgress(app.stderr, (text) => void process.stderr.write(text))
    const finished = await benchBattery(app, {
      plan,
      device: flags.device,
      root: flags.out,
      skipPreflight: flags['skip-preflight'],
      signal,
      view,
    })
    this.log(finished.text)
    process.exitCode = finished.exitCode
    return finished.json
  }
}
