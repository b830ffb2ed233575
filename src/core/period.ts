/** A time with a beginning and an end, in epoch ms. */
export interface Period {
  readonly from: number
  readonly until: number
}
