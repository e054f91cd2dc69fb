import { pathToFileURL } from 'node:url'

interface ClientBuild {
  readonly buildReportClient: (directory: string) => Promise<void>
}

/** Builds the report's assets as the package's build does; resolves with their folder. */
export async function buildAssets(directory: string): Promise<URL> {
  const script = new URL('../../scripts/build-report-client.mjs', import.meta.url)
  const { buildReportClient } = (await import(script.href)) as ClientBuild
  await buildReportClient(directory)
  return new URL(`${pathToFileURL(directory).href}/`)
}
