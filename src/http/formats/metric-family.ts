/** Two exposition formats of one set of metrics. */
export type MetricsFormat = 'openmetrics' | 'prometheus'

/** Metrics of one name. */
export interface Family {
  readonly name: string
  /** The type in OpenMetrics; Prometheus's own format has neither `stateset` nor `info`, which are gauges there. */
  readonly type: 'gauge' | 'stateset' | 'info'
  readonly unit?: string
  readonly help: string
  readonly samples: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]
}

/** Metadata in the order that OpenMetrics wants, then the samples; those of `info` have a suffix. */
export function renderFamily({ name, type, unit, help, samples }: Family, format: MetricsFormat): string[] {
  const sample = type === 'info' ? `${name}_info` : name
  const isOpen = format === 'openmetrics'
  // In 0.0.4 a family is named as its samples are.
  const family = isOpen ? name : sample
  return [
    `# TYPE ${family} ${isOpen ? type : 'gauge'}`,
    ...(isOpen && unit ? [`# UNIT ${family} ${unit}`] : []),
    `# HELP ${family} ${help}`,
    ...samples.map(([labels, value]) => `${sample}${labelsOf(labels)} ${value}`),
  ]
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return `{${pairs.join(',')}}`
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
