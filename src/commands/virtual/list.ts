import { BaseCommand } from '../../base-command.js'
import { listVirtualPhones } from '../../devices/virtual/lifecycle.js'
import { renderVirtual, virtualJson } from '../../ui/virtual.js'

export default class VirtualList extends BaseCommand {
  static override summary = 'List the virtual phones that run.'
  static override examples = ['<%= config.bin %> virtual list', '<%= config.bin %> virtual list --json']

  async run(): Promise<object> {
    await this.parse(VirtualList)
    const app = this.app()
    const phones = await listVirtualPhones(app.virtualDir)
    if (!this.jsonEnabled()) process.stdout.write(renderVirtual(phones, app.stdout))
    return virtualJson(phones)
  }
}
