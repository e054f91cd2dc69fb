import { readFile } from 'node:fs/promises'

/** The parts of the HTML report that are the same for every run. */
export interface ReportAssets {
  /** The page, with `{{name}}` where a part of the report goes. */
  readonly page: string
  readonly style: string
  /** The bundled client; draws the curves anew as charts. */
  readonly client: string
}

/** Reads the assets that the build put into `directory`; by default beside this module. @throws the system's error */
export async function loadAssets(directory: URL = new URL('./', import.meta.url)): Promise<ReportAssets> {
  const read = (name: string): Promise<string> => readFile(new URL(name, directory), 'utf8')
  const [page, style, client] = await Promise.all([read('page.html'), read('style.css'), read('client.js')])
  return { page, style, client }
}
