import { Args, Errors, Flags } from '@oclif/core'
import { BaseCommand } from '../../base-command.js'
import { stopVirtualPhones } from '../../devices/virtual/lifecycle.js'
import { renderVirtual, virtualJson } from '../../ui/virtual.js'

export default class VirtualStop extends BaseCommand {
  static override summary = 'End virtual phones and remove what they kept on the disk.'
  static override examples = ['<%= config.bin %> virtual stop virtual-1', '<%= config.bin %> virtual stop --all']
  static override strict = false
  static override args = { id: Args.string({ description: 'one or more ids, as dala virtual list shows them' }) }
  static override flags = { all: Flags.boolean({ summary: 'End all of them.', default: false }) }

  async run(): Promise<object> {
    const { argv, flags } = await this.parse(VirtualStop)
    const ids = argv.map(String)
    if (flags.all === ids.length > 0)
      throw new Errors.CLIError('Give either the ids of virtual phones or --all', { exit: 2 })
    const app = this.app()
    const where = { dir: app.virtualDir, clock: app.clock }
    const stopped = await stopVirtualPhones(flags.all ? 'all' : ids, where, this.interruptible())
    if (!this.jsonEnabled()) process.stdout.write(renderVirtual(stopped, app.stdout))
    return virtualJson(stopped)
  }
}
