import { join } from 'node:path'
import { writeFileAtomic } from '../core/atomic-file.js'
import { makeFolder } from '../core/make-folder.js'
import { loadAssets } from './assets.js'
import { renderJson, type Report } from './build.js'
import { renderHtml } from './html.js'
import { renderMarkdown } from './markdown.js'
import { renderSvg } from './svg.js'

export interface ReportFiles {
  readonly json: string
  readonly markdown: string
  /** Null when there was nothing to draw. */
  readonly svg: string | null
  readonly html: string
}

/** Writes report.json, report.md, battery.svg and report.html into `dir`. Rejects with the system's error. */
export async function writeReport(report: Report, dir: string): Promise<ReportFiles> {
  await makeFolder(dir)
  const svg = renderSvg(report)
  const put = async (name: string, text: string): Promise<string> => {
    const path = join(dir, name)
    await writeFileAtomic(path, text)
    return path
  }
  return {
    json: await put('report.json', renderJson(report)),
    svg: svg === null ? null : await put('battery.svg', svg),
    markdown: await put('report.md', renderMarkdown(report, svg === null ? null : 'battery.svg')),
    html: await put('report.html', renderHtml(report, await loadAssets())),
  }
}
