import { BaseCommand } from '../../base-command.js'
import { sourcesExitCode } from '../../devices/hub.js'
import { devicesJson, renderDevices, renderNotes } from '../../ui/devices.js'

export default class Devices extends BaseCommand {
  static override summary = 'List phones: their state, what they are, and how charged they are.'
  static override description = `Phones of the adb server and virtual phones, asked in parallel; one that does not answer within 2 s is shown
as such and never delays the others. An adb server that fails makes the exit code 4. Piped, the table is tab-separated and has no header.`
  static override examples = ['<%= config.bin %> devices', '<%= config.bin %> devices --json']

  async run(): Promise<object> {
    await this.parse(Devices)
    const app = this.app()
    const found = await app.findDevices(this.interruptible())
    if (!this.jsonEnabled()) {
      process.stdout.write(renderDevices(found.devices, app.stdout))
      process.stderr.write(renderNotes(found))
    }
    process.exitCode = sourcesExitCode(found.problems)
    return devicesJson(found)
  }
}
