import type { Report } from '../../core/report.ts'

/** The same results in a form that another tool reads. Pure: it asks nothing, and shows details only where it may. */
export interface Format {
  readonly contentType: string
  readonly render: (report: Report, withDetails: boolean) => string
  /** Whether the HTTP status is 200 with a failing check too, as the tool expects. [always200=false] */
  readonly always200?: boolean
}
