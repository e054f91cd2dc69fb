import { Args, Flags } from '@oclif/core'
import { reportBattery } from '../../bench-battery.js'
import { BaseCommand } from '../../base-command.js'

export default class BenchReport extends BaseCommand {
  static override summary = 'Render a run’s report again, or that of any samples.csv.'
  static override description = `A run is its folder, or the name of one in --root; it may be years old or cut short, and needs no phone. Of a CSV file
missing columns count as unmeasured; its report is written only with --out.`
  static override examples = [
    '<%= config.bin %> bench report reports/20261122T120000Z-virtual-1-no-beam',
    '<%= config.bin %> bench report samples.csv --json',
    '<%= config.bin %> bench report samples.csv --out results',
  ]
  static override args = { run: Args.string({ required: true, description: 'run folder, its name, or a CSV file' }) }
  static override flags = {
    root: Flags.string({ summary: 'Folder in which runs are looked up by name.', default: 'reports', env: 'DALA_OUT' }),
    out: Flags.string({ summary: 'Folder to write to; default: the run’s own.' }),
  }

  async run(): Promise<object> {
    const { args, flags } = await this.parse(BenchReport)
    const result = await reportBattery(args.run, { root: flags.root, out: flags.out })
    this.log(result.text)
    process.exitCode = result.exitCode
    return result.json
  }
}
