export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`
export const times = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} times`
export const perSecond = (value: number): string => `${Math.round(value)} requests/s`
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
export const kilobytes = (bytes: number): string => `${(bytes / 1e3).toFixed(1)} kB`
